"""What may leave the workspace: findings after gate 2; only ``disclosure`` makes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from hotspots.small_numbers import Method


@dataclass(frozen=True)
class PublishableKnowledge:
    """What analysts may see of it, after gate 2; for their tables alone.

    Attributes
    ----------
    by_group
        ``by, group, name, n`` and shares, as `published_unseen.publish_not_known` gives them.
    reported
        ``said_reported, police_record, n``.
    sensitivity
        ``distance_m, gap_min, share_within, share_by_chance, share_corrected``.
    capture_recapture
        As from `published_unseen.publish_capture_recapture`; None where it is not wanted.
    """

    by_group: pd.DataFrame
    reported: pd.DataFrame
    sensitivity: pd.DataFrame
    capture_recapture: pd.DataFrame | None


class HeldBack(NamedTuple):
    """One thing that gate 2 held back, for machines.

    Attributes
    ----------
    rule
        ``small_number``, ``too_few_incidents``, ``premises_names``, ``too_few_in_reach``,
        ``home``, ``earlier_pack`` or ``rounded_instead``.
    table
        Name of the table or layer, as files and manifest call it.
    cells
        How many figures, rows or layers; None where that is not counted.
    why
        A sentence.
    """

    rule: str
    table: str
    cells: int | None
    why: str


@dataclass(frozen=True)
class DensityClasses:
    """A density surface made safe to draw: classes, not values.

    Attributes
    ----------
    classes
        0 not drawn, 1 lowest to 8 highest; rows from south to north.
    x, y, cell_m
        As in the surface, EPSG:27700.
    """

    classes: NDArray[np.int8]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    cell_m: float


@dataclass(frozen=True)
class PublishableTheme:
    """One theme after gate 2.

    Attributes
    ----------
    key, title
        As in `ThemeFindings`.
    note
        Why nothing of it can be shown ("too few records"), or what must be known; else empty.
    n_recorded, n_mapped
        Rounded; missing where held back.
    density
        None where it is not placed or too few lie anywhere.
    by_hot_spot
        ``hotspot_id, n``: rounded, missing where held back.
    night_bands
        ``night, band, n``.
    """

    key: str
    title: str
    note: str
    n_recorded: int | None
    n_mapped: int | None
    density: DensityClasses | None
    by_hot_spot: pd.DataFrame
    night_bands: pd.DataFrame


@dataclass(frozen=True)
class PublishableChange:
    """What changed, after gate 2.

    Attributes
    ----------
    hot_spots
        ``hotspot_id, name, trend, n_now, n_before, ratio_low, ratio_high, geometry``: counts of
        incidents, rounded; the ratio's interval missing where no change is called.
    now_from, now_to, before_from, before_to, compared_with, is_called
        As in `ChangeFindings`.
    providers, left_out
        Names of the hospitals compared, and of those complete in one period only.
    n_now, n_before
        Rounded.
    """

    hot_spots: gpd.GeoDataFrame
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


@dataclass(frozen=True)
class Publishable:
    """What may leave the workspace: findings after gate 2. Only ``disclosure`` makes one.

    Counts are rounded or suppressed (missing), shares come from rounded counts. ``hot_spots`` has
    ``hotspot_id, rank, name, place_name, n, n_low, n_high, peak, share_not_found, share_alcohol,
    share_weapon, false_place, geometry``; ``premises`` (``place_id, name, n, easting, northing``)
    and ``place_name`` are empty unless the audience may see names. Where ``police_analyst_only``
    holds, the police surface and hot spots belong in the analyst's files and on no other page.
    ``n_home`` counts assaults at homes, which are never placed (missing where it would give away a
    small number); ``share_placed`` is the share on the map of all others. ``analyst_notes`` are for
    the analyst's files and the manifest alone, and so is ``area_comparison``: ``code, name`` and
    the ranks of `area_comparison.rank_areas`, no counts; None where there is none.
    ``recorded_crime``: as in `Findings`; it is published by the Home Office, and not rounded.
    ``chance_rate``: share of the linkable assaults that is linked by chance alone, found with their
    dates moved. ``knowledge`` is for the analyst's tables alone: never in a map, brief or slide.

    ``hot_spots`` also has ``rank_low, rank_high, share_top, rank_before, trend, harm``.
    ``hot_spot_bands`` (``hotspot_id, night, band, n``) lists the nights and bands of a hot spot
    that hold enough to be read, rounded. ``themes``, ``change``: see their classes.
    ``comparison``: contours ``more, geometry`` where one source sees more in proportion; None
    without the force's own records. ``compared_hot_spots`` (``name, n_hospital, n_police,
    rank_hospital, rank_police, rank_difference``), ``special_nights`` (``kind, name, n, n_nights,
    ratio, ratio_low, ratio_high``) and ``near_repeat`` (``distance_from, distance_to, time_from,
    time_to, n_pairs, ratio, p_permuted``) are the analyst's. ``evaluation``: ``map,
    area_share, hit_rate, hit_rate_low, hit_rate_high, pai, pei``. ``ranked_premises`` (``rank,
    place_id, name, n_named, n_low, n_high, n_near, easting, northing``, rates, and more as in
    `published_premises.publish_ranked_premises`), ``premises_bands`` (``place_id, night, band, n``;
    night or band -1: all) and ``concentration`` (``share_premises, share_incidents,
    share_if_equal``) are for analysts and licensing alone, whatever the tasking audience may see;
    ``n_premises``: how many the reference data hold. ``theme``: as in `Findings`.
    ``held_back`` says for machines what was withheld.
    """

    partnership: str
    marking: str
    period_from: date
    period_to: date
    providers: pd.DataFrame
    n_recorded: int
    n_mapped: int
    share_mapped: float | None
    n_home: int | None
    share_placed: float | None
    density: DensityClasses | None
    hot_spots: gpd.GeoDataFrame
    police_density: DensityClasses | None
    police_hot_spots: gpd.GeoDataFrame
    police_note: str
    night_bands: pd.DataFrame
    share_night_time_economy: float | None
    nte_hours: tuple[int, int]
    methods: pd.DataFrame
    location_types: pd.DataFrame
    areas: gpd.GeoDataFrame
    premises: pd.DataFrame
    share_not_found: float | None
    share_not_found_low: float | None
    share_not_found_high: float | None
    bandwidth_m: float
    cell_m: float
    threshold: int
    rounding: Method
    boundary: BaseGeometry | None
    basemap: gpd.GeoDataFrame
    withheld: tuple[str, ...]
    caveats: tuple[str, ...]
    analyst_notes: tuple[str, ...]
    police_analyst_only: bool = True
    area_comparison: pd.DataFrame | None = None
    recorded_crime: pd.DataFrame | None = None
    chance_rate: float | None = None
    knowledge: PublishableKnowledge | None = None
    hot_spot_bands: pd.DataFrame | None = None
    themes: tuple[PublishableTheme, ...] = ()
    change: PublishableChange | None = None
    change_note: str = ""
    comparison: gpd.GeoDataFrame | None = None
    compared_hot_spots: pd.DataFrame | None = None
    evaluation: pd.DataFrame | None = None
    special_nights: pd.DataFrame | None = None
    ranked_premises: pd.DataFrame | None = None
    premises_bands: pd.DataFrame | None = None
    n_premises: int = 0
    concentration: pd.DataFrame | None = None
    near_repeat: pd.DataFrame | None = None
    theme: str = ""
    held_back: tuple[HeldBack, ...] = ()
