"""JOURNEY 2: stored records become findings: hot spots, nights, places, changes, police beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from ed_ingest.known_share import share_of
from ed_ingest.tables import Gazetteer
from hotspots.area_totals import totals_of
from hotspots.comparisons import comparisons
from hotspots.counts import count_links, is_linkable
from hotspots.harm import HarmWeights, harm_of
from hotspots.hot_spot_facts import bands_of_hot_spots
from hotspots.hot_spots import draw_hot_spots, map_hot_spots
from hotspots.lasting import as_lasting, with_trend
from hotspots.named_premises import named_premises
from hotspots.plain_figures import plain_figures
from hotspots.points import assault_points, crime_points
from hotspots.police import comparable_violence
from hotspots.police_knowledge import police_knowledge
from hotspots.repeats import near_repeats
from hotspots.special_nights import Country, calendar_of_nights, compare_nights
from hotspots.study_area import grid_over_points
from hotspots.tables import Findings, HotSpotMap
from hotspots.themes import ThemeRules, find_themes, is_placed, of_theme, title_of
from hotspots.timing import nights_of, whole_months
from hotspots.unseen import with_estimated_shares

Draw = Callable[[pd.DataFrame], HotSpotMap | None]


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
    batches: pd.DataFrame | None = None,
    change_months: int = 3,
    country: Country = "England",
    events: pd.DataFrame | None = None,
    premises_facts: pd.DataFrame | None = None,
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
    batches
        The deliveries: a month counts as whole only where one came when it was over.
    change_months
        Length of the two periods that are compared, months.
    country, events
        Whose bank holidays, and local events, as for `special_nights.calendar_of_nights`.
    premises_facts
        As for `named_premises.named_premises`.
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
    period = pd.Timestamp(period_from), pd.Timestamp(period_to)
    of_themes = ThemeRules(nte_hours, tuple(youth_bands))
    attendances = _counted_once(assaults[of_theme(assaults, theme, of_themes)])
    nights = nights_of(attendances)
    seen, nights = attendances[nights.between(*period)], nights[nights.between(*period)]
    police = comparable_violence(
        crimes, period_from=period_from, period_to=period_to, gazetteer=gazetteer
    )
    points = assault_points(seen if is_placed(theme) else seen.iloc[:0], gazetteer)
    police_points = crime_points(police.crimes)
    grid = grid_over_points(gazetteer, [points, police_points], cell_m=cell_m, margin_m=bandwidth_m)
    rules: dict[str, Any] = {"eps_m": eps_m, "min_samples": min_samples}
    rules |= {"largest_radius_m": largest_radius_m, "gazetteer": gazetteer}
    show: Draw = partial(map_hot_spots, grid=grid, bandwidth_m=bandwidth_m, **rules)
    hospital = as_lasting(
        show(points), points["incident"], before=hot_spots_before, harm=harm_of(seen, harm_weights)
    )
    known = police_knowledge(
        seen, crimes, _comparable(weighed, seen), hospital, links=links, period=period
    )
    calendar = calendar_of_nights(period_from, period_to, country=country, events=events)
    compared = comparisons(
        attendances,
        seen,
        crimes,
        police,
        batches,
        period_to=period_to,
        months=months,
        change_months=change_months,
        gazetteer=gazetteer,
        draw=partial(draw_hot_spots, **rules),
        bandwidth_m=bandwidth_m,
    )
    return Findings(
        **plain_figures(
            attendances, seen, points, police, gazetteer, names=provider_names, nte_hours=nte_hours
        ),
        partnership=partnership,
        period_from=period_from,
        period_to=period_to,
        assaults=with_trend(with_estimated_shares(hospital, known), compared["change"]),
        police=show(police_points),
        links={**link_figures, **_links(seen, weighed)},
        bandwidth_m=bandwidth_m,
        cell_m=cell_m,
        recorded_crime=_area_totals(recorded_crime, partnership, period_from, period_to),
        knowledge=known,
        **compared,
        special_nights=compare_nights(nights, calendar),
        **named_premises(points, gazetteer, premises_facts),
        near_repeat=near_repeats(points, nights),
        themes=find_themes(
            seen, points, hospital, keys=themes, rules=of_themes, grid=grid, bandwidth_m=bandwidth_m
        ),
        hot_spot_bands=bands_of_hot_spots(points, hospital),
        theme=title_of(theme),
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
