"""The tables that pass between the stages of journey 2, exact: they stay in the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NewType

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

# One row per cell, from the south-west row by row to the north-east: ``x, y`` (cell centre, metres,
# EPSG:27700), ``inside`` (the centre lies in the boundary); stages add columns such as ``n``.
Grid = NewType("Grid", pd.DataFrame)


@dataclass(frozen=True)
class Surface:
    """Density at the cell centres of a grid.

    Attributes
    ----------
    values
        Events per km² for the period; rows from south to north, columns from west to east; NaN
        outside the boundary.
    x, y
        Cell centres, metres, EPSG:27700.
    cell_m, bandwidth_m
        Side of a cell; the kernel's radius (compact kernels) in metres.
    kernel
        Name of the kernel.
    edge
        Edge correction: ``uniform``, ``diggle`` or None.
    standard_error
        Shape and unit of ``values``, where it was asked for.
    n_beyond
        Rows that lie too far from the grid to reach any cell.
    n_outside
        Rows left out by the edge correction, because they lie outside the boundary.
    """

    values: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    cell_m: float
    bandwidth_m: float
    kernel: str
    edge: str | None = None
    standard_error: NDArray[np.float64] | None = None
    n_beyond: int = 0
    n_outside: int = 0


@dataclass(frozen=True)
class HotSpotMap:
    """Density and hot spots of one set of points (hospital assaults, or police violence).

    Attributes
    ----------
    surface
        Density of the points gathered into groups, as from `gathered.gathered_density`; not for
        publication.
    support
        Shape of ``surface.values``: incidents that surely lie within the bandwidth of each cell.
    hot_spots
        One row per hot spot, rank 1 first: ``hotspot_id, rank``; ``name`` (of streets, junctions
        or areas; never of premises), ``place_name`` (the premises named most, or missing),
        ``n_place_incidents`` (incidents there); ``n`` (records inside the outline), ``dispersion``
        (as from `dispersion.dispersion_of_places`), ``n_low, n_high`` (95 %, as from
        `hot_spot_facts.count_interval`), ``n_incidents`` (patients of one incident once);
        ``peak`` (night and band in words), ``n_peak`` (expected number then), ``peak_band,
        n_peak_band`` (the same over all nights); ``n_linkable, n_not_found, alcohol_yes,
        alcohol_known, weapon_yes, weapon_known``; ``false_place`` (most lie at a hospital or police
        station); ``geometry`` (EPSG:27700). Those of `Findings.assaults` also tell what becomes of
        a hot spot as a thing that lasts, as `lasting.with_history` gives it: ``rank_low, rank_high,
        share_top`` (of resamples, as from `rank_stability`), ``harm`` (missing without weights),
        ``rank_before`` (on the map of a month earlier; missing where it was none), ``trend`` (as
        from `change.find_changes`; missing where nothing could be compared), ``n_now, n_before``
        (incidents of the compared periods; missing likewise).
    members
        ``hotspot_id`` of each point (missing outside any hot spot), on the points' index.
    """

    surface: Surface
    support: NDArray[np.int64]
    hot_spots: gpd.GeoDataFrame
    members: pd.Series


@dataclass(frozen=True)
class ThemeFindings:
    """One theme of the assaults: a part of them, such as those with a knife. Exact.

    Attributes
    ----------
    key, title
        Name in settings and commands; words for people.
    is_placed
        Whether it may be drawn: domestic abuse is counted and never placed.
    n_recorded, n_mapped, n_incidents
        Assaults of the theme; those with a point; incidents among the latter.
    surface, support
        As in `HotSpotMap`; None where it is not placed or has no point.
    by_hot_spot
        ``hotspot_id, n, n_incidents``: of the theme, inside the hot spots of all assaults.
    night_bands
        As in `Findings`, of the theme.
    """

    key: str
    title: str
    is_placed: bool
    n_recorded: int
    n_mapped: int
    n_incidents: int
    surface: Surface | None
    support: NDArray[np.int64] | None
    by_hot_spot: pd.DataFrame
    night_bands: pd.DataFrame


@dataclass(frozen=True)
class ChangeFindings:
    """What changed between two periods, on polygons drawn from both together. Exact.

    Attributes
    ----------
    hot_spots
        ``hotspot_id, name, geometry`` (EPSG:27700) and the columns of ``hot_spots`` of
        `change.Change`.
    months
        ``hotspot_id, period, month, n``: incidents.
    shares
        As from `compared_months.mapped_shares`.
    now_from, now_to, before_from, before_to
        First and last night of each period.
    compared_with
        ``a_year_before`` or ``the_months_before``.
    providers, left_out
        Ids of the hospitals compared, and of those complete in one period only.
    n_now, n_before
        Incidents on the whole map.
    is_called
        False where recording changed: nothing is tested then.
    premises
        As from `premises_change.find_premises_changes`.
    """

    hot_spots: gpd.GeoDataFrame
    months: pd.DataFrame
    shares: pd.DataFrame
    now_from: date
    now_to: date
    before_from: date
    before_to: date
    compared_with: str
    providers: tuple[str, ...]
    left_out: tuple[str, ...]
    n_now: int
    n_before: int
    is_called: bool
    premises: pd.DataFrame | None = None


@dataclass(frozen=True)
class Comparison:
    """Hospitals beside the force's own records of like violence. Exact.

    Attributes
    ----------
    contours
        As from `compare.tolerance_contours`.
    hot_spots
        ``name, geometry`` and the columns of `compared_hot_spots.compare_hot_spots`, on polygons
        drawn from both sources together.
    n_hospital, n_police
        Incidents with a point.
    """

    contours: gpd.GeoDataFrame
    hot_spots: gpd.GeoDataFrame
    n_hospital: int
    n_police: int


@dataclass(frozen=True)
class PoliceKnowledge:
    """What the police know of, exact.

    Attributes
    ----------
    by_group
        As from `unseen.not_known`.
    reported
        As from `unseen.reported_and_found`.
    sensitivity
        As from `ed_ingest.sensitivity.sensitivity_grid`.
    strata
        As from `capture_recapture.strata_of`; None where it is not wanted.
    """

    by_group: pd.DataFrame
    reported: pd.DataFrame
    sensitivity: pd.DataFrame
    strata: pd.DataFrame | None = None


@dataclass(frozen=True)
class Findings:
    """All that journey 2 found. Exact figures: stays in the workspace, never published.

    Attributes
    ----------
    period_from, period_to
        First and last night analysed.
    providers
        ``provider, name, n_recorded, n_mapped, months`` one row per ED provider in the analysis.
    n_recorded, n_mapped, n_home
        Assaults in the period (transfers once); those with a point on the map; those at a home.
    assaults, police
        Hot-spot maps of hospital assaults and of police recorded violence (None without points).
    police_note
        What the police figures hold, in words; empty without police records.
    night_bands
        Assaults by ``night`` (0 Monday .. 6 Sunday) and ``band`` (0 is 06–09 .. 7 is 03–06): ``n``
        (expected number, interval records spread over their hours).
    n_timed, n_night_time_economy
        Records with a known hour; of these, expected number inside the night-time-economy window.
    methods, location_types
        ``code, n`` for the whole period.
    areas
        ``code, name, population, n_assaults, n_police, geometry`` one row per small area.
    premises
        ``place_id, name, n, n_incidents, easting, northing``: premises named in the records, most
        first.
    links
        The figures of ``link --json``; counts and the share known are those of the period.
    boundary, basemap
        For orientation, EPSG:27700.
    police_is_snapped
        The police figures come from police.uk: snapped points, for analysts only.
    n_undated
        Assaults of these providers without any date: in no period, so in none of the figures.
    bandwidth_m, cell_m
        Radius of the kernel and side of a cell, metres.
    area_comparison
        ``code, name, n_assaults, n_police`` of each non-residential small area, as from
        `area_comparison.compare_areas`; None where police records with points are at hand, so that
        ranks of areas are not needed.
    recorded_crime
        ``area, quarter_from, quarter_to, offence_group, n``: the Home Office's published counts for
        the partnership; None without.
    knowledge
        What the police know of, by group; None before linkage.
    themes
        In the order of the settings.
    hot_spot_bands
        ``hotspot_id, night, band, n``: expected number of assaults of each hot spot of
        ``assaults``, as in ``night_bands``; rows with none are left out.
    change, change_note
        What changed; None where nothing could be compared, and why, in words.
    comparison
        Hospitals beside police; None without the force's own records with points.
    evaluation
        How the maps of a month earlier foretold the period's last month: ``map`` (``density``,
        ``counts``: the plain count of each cell) and the columns of `evaluate.score_map`; None
        without records before.
    special_nights
        As from `special_nights.compare_nights`.
    ranked_premises
        As from `named_premises.named_premises`: the premises that any incident names.
    premises_bands
        As from `named_premises.bands_of_premises`.
    n_premises
        Premises in the reference data, those that no incident names too.
    concentration
        As from `premises.concentration_curve`, of all premises of the gazetteer.
    near_repeat
        As from `near_repeat.knox`, in metres and days; None with too few incidents.
    theme
        Title of the one theme that all these findings are of; empty for all assaults.
    """

    partnership: str
    period_from: date
    period_to: date
    providers: pd.DataFrame
    n_recorded: int
    n_mapped: int
    n_home: int
    assaults: HotSpotMap | None
    police: HotSpotMap | None
    police_note: str
    night_bands: pd.DataFrame
    n_timed: int
    n_night_time_economy: float
    nte_hours: tuple[int, int]
    methods: pd.DataFrame
    location_types: pd.DataFrame
    areas: gpd.GeoDataFrame
    premises: pd.DataFrame
    links: Mapping[str, float]
    boundary: BaseGeometry | None
    basemap: gpd.GeoDataFrame
    police_is_snapped: bool = False
    n_undated: int = 0
    bandwidth_m: float = 200.0
    cell_m: float = 25.0
    area_comparison: pd.DataFrame | None = None
    recorded_crime: pd.DataFrame | None = None
    knowledge: PoliceKnowledge | None = None
    themes: tuple[ThemeFindings, ...] = ()
    hot_spot_bands: pd.DataFrame | None = None
    change: ChangeFindings | None = None
    change_note: str = ""
    comparison: Comparison | None = None
    evaluation: pd.DataFrame | None = None
    special_nights: pd.DataFrame | None = None
    ranked_premises: pd.DataFrame | None = None
    premises_bands: pd.DataFrame | None = None
    n_premises: int = 0
    concentration: pd.DataFrame | None = None
    near_repeat: pd.DataFrame | None = None
    theme: str = ""
