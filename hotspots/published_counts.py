"""Tables of counts as they may be shown, each made safe together with the total it is part of."""

from __future__ import annotations

from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.small_numbers import Rules, publish_counts, share, shares


def publish_table(table: pd.DataFrame, *keys: str, count: str, rules: Rules) -> pd.DataFrame:
    """The key columns and one safe count of a table whose rows do not overlap."""
    safe = publish_counts(
        table[count], threshold=rules.threshold, method=rules.method, total=rules.total
    )
    return table[list(keys)].assign(**{count: safe.set_axis(table.index)})


def publish_providers(providers: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """``provider, name, n_recorded, n_mapped, months``; mapped records are rounded always."""
    table = publish_table(providers, "provider", "name", count="n_recorded", rules=rules)
    mapped = publish_counts(providers["n_mapped"], threshold=rules.threshold, method="round5")
    return table.assign(n_mapped=mapped.set_axis(table.index), months=providers["months"])


def publish_areas(areas: gpd.GeoDataFrame, rules: Rules) -> gpd.GeoDataFrame:
    """``code, name, population, n_assaults, n_police, geometry``."""
    table = publish_table(
        pd.DataFrame(areas), "code", "name", "population", count="n_assaults", rules=rules
    )
    police = publish_counts(areas["n_police"], threshold=rules.threshold, method=rules.method)
    table["n_police"] = police.set_axis(table.index)
    return gpd.GeoDataFrame(table, geometry=areas.geometry, crs=areas.crs)


def share_not_found(
    links: Mapping[str, float], *, threshold: int
) -> tuple[float | None, float | None, float | None]:
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
    tuple
        Share, low and high end, 0 to 1; None where not known or of too few.
    """
    n = links.get("n_linkable") or 0
    known = [links.get(f"known_share{end}") for end in ("", "_high", "_low")]
    not_found = [np.nan if value is None else 1 - value for value in known]
    if n and np.isnan(not_found[0]):
        not_found = [links.get("n_not_found", np.nan) / n, np.nan, np.nan]
    middle, low, high = (
        None if np.isnan(value) else share(value * n, n, threshold=threshold) for value in not_found
    )
    return middle, low, high


def publish_items(items: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The items of `tables.PublishableCompleteness`, from counts per provider and item."""
    rows = items.drop_duplicates("provider")[["provider", "n"]]
    safe = publish_table(rows, "provider", count="n", rules=rules).set_index("provider")["n"]
    table = items[["provider", "name", "item", "title", "national_2009"]]
    return table.assign(
        n=safe.reindex(items["provider"]).to_numpy(dtype=object),
        share_present=shares(items["present"], items["n"], rules.threshold),
        share_valid=shares(items["valid"], items["n"], rules.threshold),
        share_usable=shares(items["usable"], items["n"], rules.threshold),
    ).astype({"n": "Int64"})


def publish_months(months: pd.DataFrame, rules: Rules) -> pd.DataFrame:
    """The months of `tables.PublishableCompleteness`, from counts per provider and month."""
    safe = [
        publish_table(own, count="n", rules=rules._replace(total=int(own["n"].sum())))
        for _, own in months.groupby("provider")
    ]
    n = pd.concat(safe)["n"] if safe else months["n"].astype("Int64")
    return months[["provider", "name", "month"]].assign(
        n=n,
        share_type=shares(months["type_usable"], months["n"], rules.threshold),
        share_time=shares(months["time_usable"], months["n"], rules.threshold),
        share_location=shares(months["location_usable"], months["n"], rules.threshold),
        share_complete=shares(months["complete"], months["n"], rules.threshold),
        received_on=months["received_on"],
        days_after_month=months["days_after_month"],
        passed=months["passed"],
    )
