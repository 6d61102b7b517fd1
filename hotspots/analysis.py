"""JOURNEY 2: stored records become findings: density, hot spots, nights, places, police beside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from ed_ingest.known_share import share_of
from ed_ingest.tables import Gazetteer
from hotspots.area_comparison import compare_areas
from hotspots.area_totals import totals_of
from hotspots.counts import (
    count_areas,
    count_codes,
    count_links,
    count_premises,
    count_providers,
    is_linkable,
)
from hotspots.grid import Bounds, bounds_of_points, make_grid
from hotspots.harm import HarmWeights, harm_of
from hotspots.hot_spot_facts import bands_of_hot_spots
from hotspots.hot_spots import map_hot_spots
from hotspots.lasting import as_lasting
from hotspots.points import HOMES, assault_points, crime_points
from hotspots.police import Violence, comparable_violence
from hotspots.police_knowledge import police_knowledge
from hotspots.tables import Findings, Grid
from hotspots.themes import THEMES, ThemeRules, find_themes, of_theme
from hotspots.timing import (
    hour_known,
    night_band_table,
    night_time_economy,
    nights_of,
    spread_over_bands,
    whole_months,
)
from hotspots.unseen import with_estimated_shares


def analyse(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    link_figures: Mapping[str, float],
    *,
    weighed: pd.DataFrame | None = None,
    gazetteer: Gazetteer,
    partnership: str,
    provider_names: Mapping[str, str],
    period_to: date,
    period_from: date | None = None,
    months: int = 12,
    cell_m: float = 25,
    bandwidth_m: float = 200,
    eps_m: float = 100,
    min_samples: int = 10,
    largest_radius_m: float = 150,
    nte_hours: tuple[int, int] = (18, 6),
    recorded_crime: pd.DataFrame | None = None,
    links: pd.DataFrame | None = None,
    themes: Sequence[str] = (),
    youth_bands: Sequence[str] = ("0-15", "16-17"),
    theme: str | None = None,
    harm_weights: HarmWeights | None = None,
    hot_spots_before: gpd.GeoDataFrame | None = None,
) -> Findings:
    """Find where and when assaults seen by hospitals concentrate, and what police records say.

    Counts attendances at emergency departments, those moved between hospitals once. The findings
    are exact and stay in the workspace; `disclosure.disclose` makes of them what may be shown.

    Parameters
    ----------
    assaults, crimes
        The contract's columns, as the store gives them.
    link_figures
        The figures of ``link --json``.
    weighed
        As `ed_ingest.linkage.weigh` gives it, for all records: the share known to the police is
        that of the period. Without it it is that of `link_figures`, of all records.
    gazetteer
        Reference data: names, small areas, boundary, base map.
    partnership, provider_names
        For display; names by provider id.
    period_to
        A night in the last month of the period; the last night where `period_from` is given.
    period_from, months
        First night; without it the period is this many whole calendar months.
    cell_m, bandwidth_m
        Side of a cell and radius of the quartic kernel, metres.
    eps_m, min_samples
        Where `min_samples` records lie within `eps_m` metres is part of a hot spot. Give at least
        the small-number threshold.
    largest_radius_m
        What is larger is parted into hot spots around its peaks, metres.
    nte_hours
        First and last hour of the night-time economy.
    recorded_crime
        The Home Office's counts, as from `ed_ingest.recorded_crime.load_recorded_crime`.
    links
        As `ed_ingest.linkage.link` gives them, where capture and recapture is wanted; else None.
    themes, youth_bands
        Keys of `themes.THEMES` that are drawn beside all assaults; the age bands that are young.
    theme
        Key of the one theme that all findings are to be of; None: of all assaults.
    harm_weights
        What one assault of each method weighs; None: harm is not told.
    hot_spots_before
        ``hotspot_id, rank, geometry`` of the map of a month earlier, whose ids go on.

    Raises
    ------
    AnalysisError
        If a number is not what it must be, or the map would be absurdly large.
    """
    if period_from is None:
        period_from, period_to = whole_months(period_to, months)
    rules = ThemeRules(nte_hours, tuple(youth_bands))
    attendances = _counted_once(assaults)
    attendances = attendances[of_theme(attendances, theme, rules)]
    nights = nights_of(attendances)
    seen = attendances[nights.between(pd.Timestamp(period_from), pd.Timestamp(period_to))]
    police = comparable_violence(
        crimes, period_from=period_from, period_to=period_to, gazetteer=gazetteer
    )
    placed = seen if theme is None or THEMES[theme].is_placed else seen.iloc[:0]
    points, police_points = assault_points(placed, gazetteer), crime_points(police.crimes)
    grid = _grid(gazetteer, [points, police_points], cell_m=cell_m, margin_m=bandwidth_m)
    draw = partial(
        map_hot_spots,
        grid=grid,
        bandwidth_m=bandwidth_m,
        eps_m=eps_m,
        min_samples=min_samples,
        largest_radius_m=largest_radius_m,
        gazetteer=gazetteer,
    )
    hospital = as_lasting(
        draw(points), points["incident"], before=hot_spots_before, harm=harm_of(seen, harm_weights)
    )
    period = pd.Timestamp(period_from), pd.Timestamp(period_to)
    knowledge = police_knowledge(
        seen, crimes, _comparable(weighed, seen), hospital, links=links, period=period
    )
    return Findings(
        partnership=partnership,
        period_from=period_from,
        period_to=period_to,
        **_counts(seen, points, provider_names),
        assaults=with_estimated_shares(hospital, knowledge),
        police=draw(police_points),
        **_beside(seen, police, gazetteer),
        **_timing(seen, nte_hours),
        nte_hours=nte_hours,
        links={**link_figures, **_links(seen, weighed)},
        boundary=gazetteer.boundary,
        basemap=gazetteer.basemap,
        n_undated=int(nights.isna().sum()),
        bandwidth_m=bandwidth_m,
        cell_m=cell_m,
        recorded_crime=_area_totals(recorded_crime, partnership, period_from, period_to),
        knowledge=knowledge,
        themes=find_themes(
            seen,
            points,
            hospital,
            keys=themes,
            rules=rules,
            grid=grid,
            bandwidth_m=bandwidth_m,
            boundary=gazetteer.boundary,
        ),
        hot_spot_bands=bands_of_hot_spots(points, hospital),
        theme="" if theme is None else THEMES[theme].title,
    )


def _area_totals(
    recorded: pd.DataFrame | None, partnership: str, period_from: date, period_to: date
) -> pd.DataFrame | None:
    """The Home Office's counts for the partnership; None where there are none."""
    if recorded is None:
        return None
    totals = totals_of(
        recorded, partnership=partnership, period_from=period_from, period_to=period_to
    )
    return totals if len(totals) else None


def _counted_once(assaults: pd.DataFrame) -> pd.DataFrame:
    """Attendances at emergency departments, a patient moved between departments once."""
    return assaults[(assaults["source"] == "ed") & (assaults["transfer"] != "yes")]


def _counts(
    seen: pd.DataFrame, points: pd.DataFrame, provider_names: Mapping[str, str]
) -> dict[str, Any]:
    """Plain counts of the period's assaults, by name of `Findings`."""
    return {
        "providers": count_providers(seen, provider_names),
        "n_recorded": len(seen),
        "n_mapped": len(points),
        "n_home": int(seen["location_type"].isin(HOMES).sum()),
        "methods": count_codes(seen["assault_method"]),
        "location_types": count_codes(seen["location_type"]),
        "premises": count_premises(points),
    }


def _beside(seen: pd.DataFrame, police: Violence, gazetteer: Gazetteer) -> dict[str, Any]:
    """Hospital and police records by small area, by name of `Findings`."""
    compared = compare_areas(seen, police.crimes, gazetteer) if police.is_snapped else None
    return {
        "police_note": police.note,
        "police_is_snapped": police.is_snapped,
        "areas": count_areas(gazetteer.areas, seen["lsoa"], police.crimes["lsoa"]),
        "area_comparison": compared,
    }


def _timing(seen: pd.DataFrame, nte_hours: tuple[int, int]) -> dict[str, Any]:
    """Nights and hours of the period's assaults, by name of `Findings`."""
    timed = seen[hour_known(seen)]
    starts, ends = timed["assault_from"], timed["assault_to"]
    in_window = night_time_economy(starts, ends, start_hour=nte_hours[0], end_hour=nte_hours[1])
    return {
        "night_bands": night_band_table(spread_over_bands(starts, ends)),
        "n_timed": len(timed),
        "n_night_time_economy": float(in_window.sum()),
    }


def _links(seen: pd.DataFrame, weighed: pd.DataFrame | None) -> dict[str, float]:
    """Counts of the period's linkable assaults, and the share of them that the police know of."""
    counts: dict[str, float] = {**count_links(seen)}
    if weighed is None or not counts:
        return counts
    in_period = pd.Series(weighed.index.isin(seen.index[is_linkable(seen)]), index=weighed.index)
    by_incident = weighed.assign(known=weighed["known_by_incident"])
    return counts | {
        **share_of(weighed, in_period),
        "known_share_incident": share_of(by_incident, in_period)["known_share"],
    }


def _comparable(weighed: pd.DataFrame | None, seen: pd.DataFrame) -> pd.DataFrame | None:
    """The rows of all linkable assaults; None before linkage.

    Without those of the period that were linked before the records changed.
    """
    if weighed is None or not seen["link_status"].notna().any():
        return None
    stale = weighed.index.isin(seen.index[~is_linkable(seen)])
    return weighed[~stale]


def _grid(
    gazetteer: Gazetteer, points: list[pd.DataFrame], *, cell_m: float, margin_m: float
) -> Grid:
    """A grid over all points in the partnership's area."""
    region: Bounds | None = None
    if gazetteer.boundary is not None:
        region = gazetteer.boundary.bounds
    elif not gazetteer.areas.empty:
        west, south, east, north = gazetteer.areas.total_bounds
        region = (float(west), float(south), float(east), float(north))
    drawn = pd.concat(points)
    bounds = bounds_of_points(drawn["easting"], drawn["northing"], margin_m=margin_m, within=region)
    # Without a point or an area there is nothing to draw: any grid will do.
    return make_grid(bounds or (0.0, 0.0, cell_m, cell_m), cell_m=cell_m)
