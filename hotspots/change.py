"""Which hot spots changed between two periods, beyond what chance and the calendar explain."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control

from ed_ingest.errors import AnalysisError
from hotspots.compared_months import (
    Months,
    mapped_shares,
    months_to_compare,
    nights_by_weekday,
    period_of_nights,
    recording_changed,
)
from hotspots.dispersion import dispersion_of_places
from hotspots.hot_spots import outline_of
from hotspots.points import incident_numbers, is_mapped
from hotspots.timing import nights_of
from hotspots.two_counts import conditional_p, rate_ratio_interval

MOST_FALSE = 0.05
# Of the months of both periods: a place with incidents in fewer of them comes and goes.
PERSISTENT_SHARE = 5 / 6
CHANGED = ("emerging", "new", "fading")


class Change(NamedTuple):
    """What became of each hot spot, and what was compared.

    ``hot_spots``, in the order given: ``hotspot_id``; ``n_now, n_before`` (incidents), ``n_months``
    (months of both periods with an incident); ``expected_now`` (of both together, what the later
    period would hold had nothing changed); ``dispersion`` (as from
    `dispersion.dispersion_of_places`); ``ratio`` (rate a night now to that before; missing where
    nothing was before) with ``ratio_low, ratio_high`` (95 %) and ``p_value, q_value``, all missing
    where no call is made; ``trend``: ``emerging``, ``new``, ``fading``, ``persistent``,
    ``intermittent`` or ``recording_changed``. ``months``: ``hotspot_id, period, month, n``.
    ``shares``: as from `compared_months.mapped_shares`. ``n_now, n_before``: incidents on the whole
    map. ``is_called`` is false where recording changed.
    """

    hot_spots: pd.DataFrame
    months: pd.DataFrame
    compared: Months
    shares: pd.DataFrame
    n_now: int
    n_before: int
    is_called: bool


def find_changes(
    assaults: pd.DataFrame,
    hot_spots: gpd.GeoDataFrame,
    *,
    complete: pd.DataFrame,
    period_to: date,
    months: int = 3,
    least: int = 10,
) -> Change:
    """Test each hot spot for a change of its rate of incidents between two periods.

    Each hot spot's incidents of one weekday and one hospital fall in the later period with the
    chance that the calendar gives it (its nights of that weekday among all) times the share of
    assaults that the hospital's records placed. So five Saturdays in a month, or somewhat better
    places, are no change. The test is `two_counts.conditional_p`; it is widened by the dispersion
    of the hot spot's incidents from night to night, for patients of one fight that were not known
    as one and for nights that draw crowds. Over all
    hot spots, Benjamini and Hochberg (1995, DOI 10.1111/j.2517-6161.1995.tb02031.x) keep the false
    among the calls below 5 % on average; where nothing changed, at most 5 % of maps call anything.

    Parameters
    ----------
    assaults
        The contract's columns: attendances at emergency departments, a transferred patient once.
    hot_spots
        ``hotspot_id, geometry`` (EPSG:27700), drawn from the points of both periods together: ones
        drawn from the later alone would seem to have grown.
    complete, period_to, months
        As for `months_to_compare`.
    least
        A hot spot with fewer incidents before, that grew, is ``new`` where it holds this many now;
        else it is ``emerging``.

    Returns
    -------
    Change
        Exact figures, not for publication. With no clear change a hot spot is ``persistent`` where
        at least 5 in 6 of the months have an incident, else ``intermittent``. Where the mapped
        share moved by over 5 points all are ``recording_changed`` and none is tested.

    Raises
    ------
    AnalysisError
        If no provider is complete in two periods, or an id stands twice.
    """
    if hot_spots["hotspot_id"].duplicated().any():
        raise AnalysisError("A hot spot's id stands twice. Draw the hot spots anew.")
    compared = months_to_compare(complete, period_to=period_to, months=months)
    taking_part = assaults[assaults["provider"].isin(compared.providers)]
    nights = nights_of(taking_part)
    period = period_of_nights(nights, compared)
    shares = mapped_shares(taking_part, period)
    is_called = not recording_changed(shares)
    incidents = _incidents(taking_part, nights, period, hot_spots)
    placed = incidents[incidents["hotspot_id"].notna()]
    table = changes_of_places(
        hot_spots["hotspot_id"], placed, compared, shares, is_called=is_called
    )
    on_map = incidents.drop_duplicates("incident")["period"].value_counts()
    return Change(
        table.assign(trend=_trends(table, is_called, least=least, months=2 * months)),
        _by_month(hot_spots["hotspot_id"], placed, compared),
        compared,
        shares,
        int(on_map.get("now", 0)),
        int(on_map.get("before", 0)),
        is_called,
    )


def changes_of_places(
    ids: pd.Series, placed: pd.DataFrame, compared: Months, shares: pd.DataFrame, *, is_called: bool
) -> pd.DataFrame:
    """Count the incidents of places in both periods, and test each place as `find_changes` does.

    Parameters
    ----------
    ids
        The places, each once; all are tested, and the p values adjusted over all of them.
    placed
        One row for each incident of each place: ``hotspot_id`` (the place), ``provider``,
        ``night`` and ``period`` (``now`` or ``before``), ``weekday`` (0 Monday .. 6 Sunday).
    compared, shares
        As from `compared_months`.
    is_called
        False: nothing is tested.

    Returns
    -------
    DataFrame
        In the order of `ids`: ``hotspot_id, n_now, n_before, n_months, expected_now, dispersion,
        ratio, ratio_low, ratio_high, p_value, q_value``, as in `Change`.
    """
    strata = _strata(placed, compared, shares)
    return _tested(_counted(ids, placed, strata), strata, is_called=is_called)


def _incidents(
    assaults: pd.DataFrame, nights: pd.Series, period: pd.Series, hot_spots: gpd.GeoDataFrame
) -> pd.DataFrame:
    """Incidents of both periods with a point: one row for each, and each hot spot it lies in."""
    rows = pd.DataFrame(
        {
            "incident": incident_numbers(assaults),
            "provider": assaults["provider"].astype("str"),
            "night": nights,
            "period": period,
            "easting": assaults["easting"],
            "northing": assaults["northing"],
        }
    )[period.notna() & is_mapped(assaults)]
    at = outline_of(rows, list(hot_spots.geometry))
    # The last one, None, is that of no hot spot (-1).
    ids = np.array([*hot_spots["hotspot_id"].astype("str"), None], dtype=object)
    found = pd.Series(ids[at], index=rows.index, dtype="str")
    # Sorted: the same night and hospital stand for an incident in any order of the records.
    ordered = rows.assign(hotspot_id=found, weekday=rows["night"].dt.day_of_week)
    ordered = ordered.sort_values(["night", "provider"], kind="stable")
    return ordered.drop_duplicates(["incident", "hotspot_id"])


def _strata(placed: pd.DataFrame, compared: Months, shares: pd.DataFrame) -> pd.DataFrame:
    """Incidents of each hot spot by weekday and hospital, and the later period's share in each."""
    keys = ["hotspot_id", "weekday", "provider"]
    in_period = {name: placed["period"].eq(name).astype(int) for name in ("now", "before")}
    counts = placed.assign(**in_period).groupby(keys)[["now", "before"]].sum().reset_index()
    exposure = {}
    for name, start in (("now", compared.now), ("before", compared.before)):
        nights = counts["weekday"].map(nights_by_weekday(start, compared.length))
        # A provider that placed nothing in one period has no share to set against another.
        share = shares[name].where((shares[["now", "before"]] > 0).all(axis=1), 1.0)
        exposure[name] = nights * counts["provider"].map(share).astype(float)
    whole = exposure["now"] + exposure["before"]
    return counts.assign(share_now=(exposure["now"] / whole).fillna(0.5))


def _counted(ids: pd.Series, placed: pd.DataFrame, strata: pd.DataFrame) -> pd.DataFrame:
    expected = strata.assign(expected=(strata["now"] + strata["before"]) * strata["share_now"])
    by = expected.groupby("hotspot_id")[["now", "before", "expected"]].sum().reindex(ids).fillna(0)
    month = placed["night"].dt.to_period("M")
    n_months = month.groupby(placed["hotspot_id"]).nunique().reindex(ids).fillna(0)
    n_now, n_before = by["now"].to_numpy(), by["before"].to_numpy()
    dispersion = dispersion_of_places(placed["hotspot_id"], placed["night"])
    return pd.DataFrame(
        {
            "hotspot_id": ids.astype("str").to_numpy(),
            "n_now": n_now.astype(np.int64),
            "n_before": n_before.astype(np.int64),
            "n_months": n_months.to_numpy(np.int64),
            "expected_now": by["expected"].to_numpy(),
            "dispersion": dispersion.reindex(ids).fillna(1.0).to_numpy(),
        }
    )


def _tested(table: pd.DataFrame, strata: pd.DataFrame, *, is_called: bool) -> pd.DataFrame:
    p = np.full(len(table), np.nan)
    ratio, low, high, q = p.copy(), p.copy(), p.copy(), p.copy()
    if is_called and len(table):
        parts = dict(list(strata.groupby("hotspot_id")))
        dispersion = table["dispersion"].to_numpy()
        for k, name in enumerate(table["hotspot_id"]):
            part = parts.get(name, strata.iloc[:0])
            p[k] = conditional_p(
                part["now"], part["before"], part["share_now"], dispersion=dispersion[k]
            )
        q = np.asarray(false_discovery_control(p, method="bh"))
        n_now, n_before = table["n_now"].to_numpy(), table["n_before"].to_numpy()
        # Without an incident any share will do.
        share = (table["expected_now"] / (n_now + n_before)).fillna(0.5).to_numpy()
        low, high = rate_ratio_interval(n_now, n_before, share, dispersion=dispersion)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(n_before > 0, n_now / n_before / (share / (1 - share)), np.nan)
    return table.assign(ratio=ratio, ratio_low=low, ratio_high=high, p_value=p, q_value=q)


def _trends(
    table: pd.DataFrame, is_called: bool, *, least: int, months: int
) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    clear = (table["q_value"] <= MOST_FALSE).to_numpy()
    more = (table["n_now"] > table["expected_now"]).to_numpy()
    is_new = ((table["n_before"] < least) & (table["n_now"] >= least)).to_numpy()
    often = (table["n_months"] >= PERSISTENT_SHARE * months - 1e-9).to_numpy()
    return np.select(
        [np.full(len(table), not is_called), clear & more & is_new, clear & more, clear, often],
        ["recording_changed", "new", "emerging", "fading", "persistent"],
        "intermittent",
    )


def _by_month(ids: pd.Series, placed: pd.DataFrame, compared: Months) -> pd.DataFrame:
    rows = [
        (name, period, start + k)
        for name in ids.astype("str")
        for period, start in (("before", compared.before), ("now", compared.now))
        for k in range(compared.length)
    ]
    found = placed.groupby(["hotspot_id", "period", placed["night"].dt.to_period("M")]).size()
    table = pd.DataFrame(rows, columns=["hotspot_id", "period", "month"])
    return table.assign(n=[int(found.get(row, 0)) for row in rows])
