"""Themes as they may be shown: counts rounded, and only where there are enough."""

from __future__ import annotations

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from hotspots.drawable import drawable_density
from hotspots.publishable import DensityClasses, PublishableTheme
from hotspots.small_numbers import Rules, enough_or_missing, round_count
from hotspots.tables import ThemeFindings

TOO_FEW = "Too few records to show."
NOT_PLACED = "Counted only: such assaults are never placed on the map."


def publish_themes(
    themes: Iterable[ThemeFindings], hot_spots: gpd.GeoDataFrame, rules: Rules
) -> tuple[PublishableTheme, ...]:
    """Make every theme safe to show, in their order.

    A theme is part of all assaults, and themes overlap: by either method its counts are rounded,
    and a count under the threshold is missing like one of none. So no theme tells, subtracted from
    the whole or from another, how few were in or out of it.

    Parameters
    ----------
    themes
        Exact.
    hot_spots
        As published: of others nothing is told.
    rules
        The agreement's rules.
    """
    return tuple(_publish(theme, hot_spots, rules) for theme in themes)


def _publish(theme: ThemeFindings, hot_spots: gpd.GeoDataFrame, rules: Rules) -> PublishableTheme:
    threshold = rules.threshold
    shown = theme.n_recorded >= threshold
    placed = shown and theme.is_placed
    n_mapped = round_count(theme.n_mapped, threshold=threshold)
    note = (NOT_PLACED if not theme.is_placed else "") if shown else TOO_FEW
    return PublishableTheme(
        key=theme.key,
        title=theme.title,
        note=note,
        n_recorded=round_count(theme.n_recorded, threshold=threshold) if shown else None,
        n_mapped=n_mapped if placed and theme.n_mapped >= threshold else None,
        density=_density(theme, threshold) if placed else None,
        by_hot_spot=_by_hot_spot(theme, hot_spots, rules, is_shown=placed),
        night_bands=_night_bands(theme.night_bands, rules, is_shown=shown),
    )


def _density(theme: ThemeFindings, threshold: int) -> DensityClasses | None:
    if theme.surface is None or theme.support is None:
        return None
    return drawable_density(theme.surface, theme.support, threshold=threshold)


def _by_hot_spot(
    theme: ThemeFindings, hot_spots: gpd.GeoDataFrame, rules: Rules, *, is_shown: bool
) -> pd.DataFrame:
    """``hotspot_id, n`` in the order of the hot spots; missing under the threshold of incidents."""
    ids = hot_spots["hotspot_id"].astype("str").reset_index(drop=True)
    own = theme.by_hot_spot.set_index("hotspot_id").reindex(ids)
    enough = (own["n_incidents"] >= rules.threshold) & is_shown
    n = enough_or_missing(own["n"].where(enough, 0), threshold=rules.threshold)
    return pd.DataFrame({"hotspot_id": ids, "n": n.to_numpy()}).astype({"n": "Int64"})


def _night_bands(bands: pd.DataFrame, rules: Rules, *, is_shown: bool) -> pd.DataFrame:
    """``night, band, n``; a theme of too few has no rows."""
    rows = bands if is_shown else bands.iloc[:0]
    n = enough_or_missing(rows["n"], threshold=rules.threshold)
    return rows[["night", "band"]].assign(n=n).reset_index(drop=True)
