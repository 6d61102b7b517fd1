"""How complete each hospital's records are: present, valid, usable, and delivered in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ed_ingest.asks import what_to_ask
from ed_ingest.items import ITEMS, items_present
from ed_ingest.measures import COUNTS, MAPPED_LEVELS, is_complete, measure, month_of
from ed_ingest.monthly import months_passed

__all__ = ["ITEMS", "CompletenessSummary", "items_present", "measure", "months_passed", "summarise"]

MONTHS = 12
EARLIEST = "2000-01"


@dataclass(frozen=True)
class CompletenessSummary:
    """Exact figures of twelve months: not for publication before gate 2.

    Attributes
    ----------
    period_from, period_to
        First and last day.
    items
        ``provider, name, item, title, national_2009, n, present, valid, usable``: numbers of rows,
        one line per hospital and item.
    months
        ``provider, name, month, n, type_usable, time_usable, location_usable, complete,
        received_on, days_after_month, passed``: one line per hospital and month.
    asks
        ``provider, name, item, title, received_instead, n``: what came instead of a usable value.
    n_rows, n_complete, n_mapped, n_held_back
        Rows of all hospitals; ``n_rows`` counts those stored and those held back.
    partnership_passed
        Every hospital passed in every month.
    usable_share, late_days
        What a month had to meet: as for `summarise`.
    """

    period_from: date
    period_to: date
    items: pd.DataFrame
    months: pd.DataFrame
    asks: pd.DataFrame
    n_rows: int
    n_complete: int
    n_mapped: int
    n_held_back: int
    partnership_passed: bool
    usable_share: float
    late_days: int


def summarise(
    assaults: pd.DataFrame,
    held_back: pd.DataFrame,
    batches: pd.DataFrame,
    *,
    provider_names: Mapping[str, str],
    month_to: str,
    usable_share: float = 0.5,
    late_days: int = 31,
) -> CompletenessSummary:
    """Measure all hospitals over the twelve months up to one.

    Parameters
    ----------
    assaults
        Contract columns and ``items_present`` of all stored assaults; only source ``ed`` counts,
        and every attendance, transfers too: each is one department's recording.
    held_back
        ``batch_id, provider, month`` (``YYYY-MM``, may be missing), ``items_present`` of the rows
        that could not be stored.
    batches
        ``batch_id, provider, received_at, period_from, period_to`` of the deliveries.
    provider_names
        Names of the hospitals by id.
    month_to
        Last month, ``YYYY-MM``.
    usable_share
        Least share of a month's rows, 0 to 1, in which each of type, time and place is usable.
    late_days
        Most days from the month's end to its delivery.
    """
    names = _hospitals(assaults, provider_names)
    months = [str(m) for m in pd.period_range(end=month_to, periods=MONTHS, freq="M")]
    rows = _counted(assaults.assign(month=month_of(assaults)), names, months)
    held = _counted(held_back.assign(month=_month_of_held_back(held_back, batches)), names, months)
    measures = measure(rows, rows["items_present"], held)
    monthly = months_passed(
        measures,
        batches,
        providers=list(names),
        months=months,
        usable_share=usable_share,
        late_days=late_days,
    )
    complete = rows[is_complete(rows)].groupby(["provider", "month"]).size()
    keys = pd.MultiIndex.from_frame(monthly[["provider", "month"]])
    monthly.insert(6, "complete", complete.reindex(keys, fill_value=0).to_numpy())
    return CompletenessSummary(
        period_from=pd.Period(months[0]).start_time.date(),
        period_to=pd.Period(months[-1]).end_time.date(),
        items=_named(_by_item(measures, list(names)), names),
        months=_named(monthly, names),
        asks=_named(what_to_ask(rows, held), names),
        n_rows=len(rows) + len(held),
        n_complete=int(complete.sum()),
        n_mapped=int(rows["location_level"].isin(MAPPED_LEVELS).sum()),
        n_held_back=len(held),
        partnership_passed=bool(len(monthly)) and bool(monthly["passed"].all()),
        usable_share=usable_share,
        late_days=late_days,
    )


def _month_of_held_back(held_back: pd.DataFrame, batches: pd.DataFrame) -> pd.Series:
    """Its own month, else the last month of its delivery, else the month before that came.

    A month before `EARLIEST` or after the delivery came is a mistake, and so no month of its own.
    """
    last = batches["period_to"].fillna(batches["received_at"] - pd.DateOffset(months=1))
    own = held_back["month"]
    possible = (own >= EARLIEST) & (own <= _of_batch(held_back, batches, batches["received_at"]))
    return own.where(possible, _of_batch(held_back, batches, last))


def _of_batch(rows: pd.DataFrame, batches: pd.DataFrame, times: pd.Series) -> pd.Series:
    """Month of each row's batch, ``YYYY-MM``."""
    months = pd.Series(times.dt.strftime("%Y-%m").to_numpy(), index=batches["batch_id"])
    of_row: pd.Series = rows["batch_id"].map(months).astype("str")
    return of_row


def _hospitals(assaults: pd.DataFrame, names: Mapping[str, str]) -> dict[str, str]:
    """The providers that are emergency departments; sources are never summed."""
    others = set(assaults.loc[assaults["source"].ne("ed"), "provider"])
    return {provider: name for provider, name in sorted(names.items()) if provider not in others}


def _counted(rows: pd.DataFrame, names: Mapping[str, str], months: list[str]) -> pd.DataFrame:
    chosen = rows["provider"].isin(list(names)) & rows["month"].isin(months)
    return rows[chosen].reset_index(drop=True)


def _by_item(measures: pd.DataFrame, providers: list[str]) -> pd.DataFrame:
    """Sums over the months; a hospital that sent nothing has every item with 0."""
    order = [item.item for item in ITEMS]
    keys = pd.MultiIndex.from_product([providers, order], names=["provider", "item"])
    sums = measures.groupby(["provider", "item"])[COUNTS].sum()
    table = sums.reindex(keys, fill_value=0).reset_index()
    table["national_2009"] = table["item"].map({item.item: item.national_2009 for item in ITEMS})
    return table[["provider", "item", "national_2009", *COUNTS]]


def _named(table: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Put the hospital's name after its id, and the item's title after its name."""
    table = table.copy()
    table.insert(1, "name", table["provider"].map(dict(names)).astype("str"))
    if "item" in table.columns:
        titles = table["item"].map({item.item: item.title for item in ITEMS})
        table.insert(3, "title", titles.fillna("Whole row").astype("str"))
    return table
