"""Themes: parts of the assaults that a meeting asks for by name, such as those with a knife."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from ed_ingest.errors import AnalysisError
from hotspots.gathered import gathered_density
from hotspots.small_numbers import LEAST_BASE
from hotspots.tables import Grid, HotSpotMap, Surface, ThemeFindings
from hotspots.timing import hour_known, night_band_table, night_time_economy, spread_over_bands

PUBLIC_SPACE = ("street", "park_or_open_space", "public_transport", "other_public")
# Of a record known by an interval, so much of it must lie in the window.
LEAST_PART_OF_NIGHT = 0.5


class ThemeRules(NamedTuple):
    """What the settings say of themes: the window of the night, and which age bands are young."""

    nte_hours: tuple[int, int] = (18, 6)
    youth_bands: tuple[str, ...] = ("0-15", "16-17")


class Theme(NamedTuple):
    """Words for people, which assaults belong, and whether they may be drawn on a map."""

    title: str
    chosen: Callable[[pd.DataFrame, ThemeRules], pd.Series]
    is_placed: bool = True


def _in_the_night(assaults: pd.DataFrame, rules: ThemeRules) -> pd.Series:
    timed = assaults[hour_known(assaults)]
    start, end = rules.nte_hours
    part = night_time_economy(
        timed["assault_from"], timed["assault_to"], start_hour=start, end_hour=end
    )
    return pd.Series(part.reindex(assaults.index).fillna(0.0) >= LEAST_PART_OF_NIGHT)


def _is(column: str, *codes: str) -> Callable[[pd.DataFrame, ThemeRules], pd.Series]:
    return lambda assaults, _: assaults[column].isin(codes)


# By key, as in settings and commands. Where a place is a home it is on no map, whatever the theme.
THEMES = {
    "night_time_economy": Theme("Night-time economy", _in_the_night),
    "knife": Theme("Knife or sharp object", _is("assault_method", "sharp_object")),
    "firearm": Theme("Firearm", _is("assault_method", "firearm")),
    "domestic_abuse": Theme("Domestic abuse", _is("domestic_abuse", "yes"), is_placed=False),
    "youth": Theme("Young people", lambda rows, rules: rows["age_band"].isin(rules.youth_bands)),
    "alcohol": Theme("Alcohol involved", _is("alcohol", "yes")),
    "licensed_premises": Theme("In licensed premises", _is("location_type", "licensed_premises")),
    "public_space": Theme("In public space", _is("location_type", *PUBLIC_SPACE)),
    "serious": Theme("Serious: admitted to hospital", _is("admitted", "yes")),
}


def of_theme(assaults: pd.DataFrame, key: str | None, rules: ThemeRules) -> pd.Series:
    """Which assaults belong to a theme.

    Parameters
    ----------
    assaults
        The contract's columns.
    key
        One of `THEMES`; None: all belong.
    rules
        What the settings say.

    Returns
    -------
    Series
        Of bool, on the index of `assaults`. What is unknown does not belong.

    Raises
    ------
    AnalysisError
        If there is no such theme.
    """
    if key is None:
        return pd.Series(True, index=assaults.index)
    if key not in THEMES:
        raise AnalysisError(f"--theme: no such theme. Use one of: {', '.join(THEMES)}.")
    return THEMES[key].chosen(assaults, rules).astype(bool)


def find_themes(
    assaults: pd.DataFrame,
    points: pd.DataFrame,
    hot_spots: HotSpotMap | None,
    *,
    keys: Sequence[str],
    rules: ThemeRules,
    grid: Grid,
    bandwidth_m: float,
    boundary: BaseGeometry | None = None,
    least: int = LEAST_BASE,
    own: pd.Index | None = None,
) -> tuple[ThemeFindings, ...]:
    """Count, time and draw the assaults of each theme.

    Parameters
    ----------
    assaults
        Of the period, the contract's columns.
    points
        As from `points.assault_points`, of the same assaults.
    hot_spots
        The hot spots of all of them; None without.
    keys
        The themes wanted, in order.
    rules
        What the settings say.
    grid, bandwidth_m, boundary
        Those of the map of all assaults, so that a theme lies on it cell by cell. Metres.
    least
        As for `gathered.gathered_density`.
    own
        Index of the assaults that are counted, where neighbours' are among them, that are drawn
        alone; None: all.

    Returns
    -------
    tuple of ThemeFindings
        One for each key.
    """
    draw = partial(
        gathered_density, grid=grid, bandwidth_m=bandwidth_m, least=least, boundary=boundary
    )
    counted = assaults.index if own is None else own
    return tuple(
        _theme(key, assaults, points, hot_spots, rules=rules, draw=draw, own=counted)
        for key in keys
    )


def _theme(
    key: str,
    assaults: pd.DataFrame,
    points: pd.DataFrame,
    hot_spots: HotSpotMap | None,
    *,
    rules: ThemeRules,
    draw: Callable[..., tuple[Surface, NDArray[np.int64]]],
    own: pd.Index,
) -> ThemeFindings:
    theme = THEMES[key]
    chosen = assaults[of_theme(assaults, key, rules)]
    drawn = points[points.index.isin(chosen.index)] if theme.is_placed else points.iloc[:0]
    surface = support = None
    if len(drawn):
        surface, support = draw(drawn)
    mine, placed = chosen[chosen.index.isin(own)], drawn[drawn.index.isin(own)]
    timed = mine[hour_known(mine)]
    return ThemeFindings(
        key=key,
        title=theme.title,
        is_placed=theme.is_placed,
        n_recorded=len(mine),
        n_mapped=len(placed),
        n_incidents=int(placed["incident"].nunique()),
        surface=surface,
        support=support,
        by_hot_spot=_by_hot_spot(drawn, hot_spots),
        night_bands=night_band_table(spread_over_bands(timed["assault_from"], timed["assault_to"])),
    )


def _by_hot_spot(drawn: pd.DataFrame, hot_spots: HotSpotMap | None) -> pd.DataFrame:
    """``hotspot_id, n, n_incidents`` of every hot spot, in the order of its rank."""
    if hot_spots is None:
        return pd.DataFrame({"hotspot_id": pd.Series(dtype="str"), "n": 0, "n_incidents": 0})
    spot = hot_spots.members.reindex(drawn.index)
    by = drawn.groupby(spot)["incident"].agg(["size", "nunique"])
    by = by.reindex(hot_spots.hot_spots["hotspot_id"]).fillna(0).astype("int64")
    by.index.name = "hotspot_id"
    return by.reset_index().rename(columns={"size": "n", "nunique": "n_incidents"})
