"""Tables of counts as they may be shown, each made safe together with the total it is part of."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from ed_ingest.levels import HOMES
from hotspots.small_numbers import LEAST_SHARE_OF, Rules, publish_counts, share


class Coverage(NamedTuple):
    """How many assaults were at homes; shares on the map of all, and of those not at a home."""

    n_home: int | None
    share_mapped: float | None
    share_placed: float | None


class NotFound(NamedTuple):
    """Share with no matching police record, the ends of its interval, and the share by chance.

    None where not known.
    """

    share_not_found: float | None
    share_not_found_low: float | None
    share_not_found_high: float | None
    chance_rate: float | None


def publish_table(table: pd.DataFrame, *keys: str, count: str, rules: Rules) -> pd.DataFrame:
    """The key columns and one safe count of a table whose rows do not overlap."""
    safe = publish_counts(
        table[count], threshold=rules.threshold, method=rules.method, total=rules.total
    )
    return table[list(keys)].assign(**{count: safe.set_axis(table.index)})


def publish_codes(table: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """``code, n`` in the order of the shown counts, then of the codes; the index stays.

    In the order of the exact counts those shown alike would stand by size: 4, 3, 2 and 1 in a row
    could be told. Where no count is shown, no code is: as many codes as records would be one each.
    """
    shown = publish_table(table, "code", count="n", rules=rules)
    if shown["n"].isna().all():
        return shown.iloc[:0]
    return shown.sort_values(["n", "code"], ascending=[False, True])


def publish_providers(providers: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """``provider, name, n_recorded, n_mapped, months``; mapped records are rounded always."""
    table = publish_table(providers, "provider", "name", count="n_recorded", rules=rules)
    mapped = publish_counts(
        providers["n_mapped"],
        threshold=rules.threshold,
        method="round5",
        total=int(providers["n_mapped"].sum()),
    )
    return table.assign(n_mapped=mapped.set_axis(table.index), months=providers["months"])


def publish_coverage(
    n_recorded: int, n_mapped: int, location_types: pd.DataFrame, *, threshold: int
) -> Coverage:
    """Say how much of what was recorded is on the map, from published figures alone.

    Assaults at homes, those on the map and the rest add up to all. Every figure here can be worked
    out by a reader from the others on the page, so it tells nothing about a small number that they
    do not.

    Parameters
    ----------
    n_recorded, n_mapped
        As published.
    location_types
        ``code, n``, as published. Where a count of homes was held back, or the whole table, so is
        their number.
    threshold
        As for `small_numbers.share`.
    """
    homes = location_types.loc[location_types["code"].isin(HOMES), "n"]
    is_shown = len(location_types) > 0 and homes.notna().all()
    n_home = int(homes.sum()) if is_shown else None
    return Coverage(
        n_home=n_home,
        share_mapped=_ratio(n_mapped, n_recorded, threshold),
        share_placed=None if n_home is None else _ratio(n_mapped, n_recorded - n_home, threshold),
    )


def _ratio(part: int, whole: int, threshold: int) -> float | None:
    return round(min(part / whole, 1.0), 2) if whole >= max(threshold, LEAST_SHARE_OF) else None


def publish_areas(areas: gpd.GeoDataFrame, rules: Rules) -> gpd.GeoDataFrame:
    """``code, name, population, n_assaults, n_police, geometry``."""
    table = publish_table(
        pd.DataFrame(areas), "code", "name", "population", count="n_assaults", rules=rules
    )
    police = publish_counts(areas["n_police"], threshold=rules.threshold, method=rules.method)
    table["n_police"] = police.set_axis(table.index)
    return gpd.GeoDataFrame(table, geometry=areas.geometry, crs=areas.crs)


def share_not_found(links: Mapping[str, float], *, threshold: int) -> NotFound:
    """Share with no matching police record, and its interval.

    Parameters
    ----------
    links
        The figures of ``link --json``. The share is that of the model, which counts links in doubt
        in part; where it is missing, that of ``n_not_found``, without an interval.
    threshold
        As for `small_numbers.share`.

    Returns
    -------
    NotFound
        0 to 1; None where not known or of too few. ``chance_rate``: a whole per cent.
    """
    n = links.get("n_linkable") or 0
    known = [links.get(f"known_share{end}") for end in ("", "_high", "_low")]
    not_found = [np.nan if value is None else 1 - value for value in known]
    if n and np.isnan(not_found[0]):
        not_found = [links.get("n_not_found", np.nan) / n, np.nan, np.nan]
    middle, low, high = (
        None if np.isnan(value) else share(value * n, n, threshold=threshold) for value in not_found
    )
    # By chance are linked moved assaults, which are nobody's own: any whole per cent may be told.
    chance = links.get("chance_rate", np.nan)
    told = None if middle is None or np.isnan(chance) else round(chance, 2)
    return NotFound(middle, low, high, told)
