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
from hotspots.asked import nights_asked, require_question
from hotspots.beside_police import beside_police
from hotspots.changed import what_changed
from hotspots.counts import count_links, is_linkable
from hotspots.delivered_months import delivered_by_source
from hotspots.foretold import how_well_foretold
from hotspots.halo import (
    Neighbours,
    at_the_border,
    no_neighbours,
    own_hot_spots,
    places_within,
    together,
)
from hotspots.harm import HarmWeights, harm_of
from hotspots.hot_spot_facts import bands_of_hot_spots
from hotspots.hot_spots import draw_hot_spots, map_hot_spots
from hotspots.lasting import as_lasting, with_trend
from hotspots.named_premises import named_premises
from hotspots.plain_figures import plain_figures
from hotspots.points import assault_points, counted_once, crime_points
from hotspots.police import Violence, comparable_violence
from hotspots.police_knowledge import police_knowledge
from hotspots.repeats import near_repeats
from hotspots.special_nights import Country, calendar_of_nights, compare_nights
from hotspots.study_area import grid_over_points
from hotspots.tables import Findings, HotSpotMap
from hotspots.themes import THEMES, ThemeRules, find_themes, of_theme
from hotspots.timing import nights_of
from hotspots.unseen import with_estimated_shares

DrawMap = Callable[[pd.DataFrame], HotSpotMap | None]


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
    threshold: int = 5,
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
    neighbours: Neighbours | None = None,
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
    threshold
        The small-number threshold: surfaces are drawn of groups of so many incidents
        (`gathered.gathered_density`).
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
        Key of the one theme that all findings are to be of; None: of all assaults. A theme is not
        compared with police records, which cannot be parted alike.
    harm_weights
        What one assault of each method weighs; None: harm is not told.
    hot_spots_before
        ``hotspot_id, rank, geometry`` of the map of a month earlier, whose ids go on.
    neighbours
        Records beyond the area, whose surface and hot spots are then as if all were analysed whole;
        all else stays of `assaults` and `crimes`, which must be the area's own. Outlines are not
        cut to the boundary then. `weighed` and `links` are of all records together.

    Returns
    -------
    Findings
        Hot spots, density, nights, premises, changes and what the police know of: exact.

    Raises
    ------
    AnalysisError
        If a table lacks a column, a number is not what it must be, there is no such theme, or the
        map would be absurdly large.
    """
    require_question(assaults, crimes, gazetteer, themes, cell_m=cell_m, bandwidth_m=bandwidth_m)
    period_from, period_to = nights_asked(period_from, period_to, months=months)
    period = pd.Timestamp(period_from), pd.Timestamp(period_to)
    rules = ThemeRules(nte_hours, tuple(youth_bands))
    around = neighbours or no_neighbours(assaults, crimes)
    attendances = counted_once(assaults)
    delivered = around.delivered or delivered_by_source(attendances, crimes, batches)
    attendances = attendances[of_theme(attendances, theme, rules)]
    placed = attendances if theme is None or THEMES[theme].is_placed else attendances.iloc[:0]
    seen = attendances[nights_of(attendances).between(*period)]
    reach = together(seen, _like(around.assaults, theme, rules, period))
    police, like = _violence(crimes, around, period, None if neighbours else gazetteer)
    drawable = assault_points(reach if len(placed) else reach.iloc[:0], gazetteer)
    points = drawable[drawable.index.isin(seen.index)]
    by_police = crime_points(together(police.crimes, like))
    reaching = [at_the_border(rows, gazetteer, neighbours) for rows in (drawable, by_police)]
    grid = grid_over_points(gazetteer, reaching, cell_m=cell_m, margin_m=bandwidth_m)
    surface: dict[str, Any] = {"grid": grid, "bandwidth_m": bandwidth_m, "least": threshold}
    themed = {"keys": themes, "rules": rules, **surface}
    spots: dict[str, Any] = {"eps_m": eps_m, "min_samples": min_samples}
    spots |= {"largest_radius_m": largest_radius_m, "gazetteer": gazetteer}
    drawn: dict[str, Any] = {"gazetteer": gazetteer, "draw": partial(draw_hot_spots, **spots)}
    draw_map: DrawMap = partial(map_hot_spots, **surface, **spots, cut=neighbours is None)
    found = own_hot_spots(draw_map(drawable), drawable, neighbours, around.assaults)
    harm = harm_of(reach, harm_weights)
    lasting = as_lasting(found, drawable["incident"], before=hot_spots_before, harm=harm)
    change, change_note = what_changed(
        placed, delivered.hospitals, period_to, months=change_months, least=threshold, **drawn
    )
    hospital = with_trend(lasting, change)
    crimes = together(crimes, around.crimes)
    known = police_knowledge(
        seen, crimes, _comparable(weighed, reach), hospital, links=links, period=period
    )
    within = places_within(gazetteer, points, neighbours)
    alike = seen if theme is None else seen.iloc[:0]
    calendar = calendar_of_nights(period_from, period_to, country=country, events=events)
    return Findings(
        **plain_figures(attendances, seen, points, police, gazetteer, provider_names, nte_hours),
        **_heading(partnership, period, theme, bandwidth_m, cell_m),
        assaults=with_estimated_shares(hospital, known),
        police=own_hot_spots(draw_map(by_police), by_police, neighbours, around.crimes),
        links={**link_figures, **_links(seen, weighed)},
        recorded_crime=_area_totals(recorded_crime, partnership, period_from, period_to),
        knowledge=known,
        themes=find_themes(
            reach, drawable, hospital, boundary=gazetteer.boundary, own=seen.index, **themed
        ),
        hot_spot_bands=bands_of_hot_spots(drawable, hospital),
        change=change,
        change_note=change_note,
        comparison=beside_police(alike, police, delivered, bandwidth_m=bandwidth_m, **drawn),
        evaluation=how_well_foretold(
            placed, period_to, months=months, gazetteer=gazetteer, bandwidth_m=bandwidth_m
        ),
        special_nights=compare_nights(nights_of(seen), calendar),
        **named_premises(points, within, premises_facts, crimes=_by_the_force(police, by_police)),
        near_repeat=near_repeats(points, nights_of(seen)),
    )


def _heading(
    partnership: str,
    period: tuple[pd.Timestamp, pd.Timestamp],
    theme: str | None,
    bandwidth_m: float,
    cell_m: float,
) -> dict[str, Any]:
    """What the findings are of, by field."""
    return {
        "partnership": partnership,
        "period_from": period[0].date(),
        "period_to": period[1].date(),
        "theme": "" if theme is None else THEMES[theme].title,
        "bandwidth_m": bandwidth_m,
        "cell_m": cell_m,
    }


def _like(
    assaults: pd.DataFrame,
    theme: str | None,
    rules: ThemeRules,
    period: tuple[pd.Timestamp, pd.Timestamp],
) -> pd.DataFrame:
    """Neighbours' assaults as the area's own are chosen."""
    counted = counted_once(assaults)
    return counted[of_theme(counted, theme, rules) & nights_of(counted).between(*period)]


def _violence(
    crimes: pd.DataFrame,
    around: Neighbours,
    period: tuple[pd.Timestamp, pd.Timestamp],
    gazetteer: Gazetteer | None,
) -> tuple[Violence, pd.DataFrame]:
    """The area's violence, and the like of its neighbours; none where the area has none."""
    chosen = partial(comparable_violence, period_from=period[0].date(), period_to=period[1].date())
    own = chosen(crimes, gazetteer=gazetteer)
    beyond = around.crimes if len(own.crimes) else around.crimes.iloc[:0]
    return own, chosen(beyond, gazetteer=None, snapped=own.is_snapped).crimes


def _by_the_force(police: Violence, points: pd.DataFrame) -> pd.DataFrame | None:
    """The force's own records with a point; None where there are none."""
    return None if police.is_snapped or points.empty else points


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
