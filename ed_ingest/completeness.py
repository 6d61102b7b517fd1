"""How complete each hospital's records are: present, valid, usable, and delivered in time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ed_ingest.asks import what_to_ask
from ed_ingest.frequency import periods_kept
from ed_ingest.gains import best_changes
from ed_ingest.habits import habits
from ed_ingest.how_told import how_told
from ed_ingest.items import ITEMS, items_present
from ed_ingest.ledger import delivery_months, ledger_by_month
from ed_ingest.levels import HOMES
from ed_ingest.linkable import linkable
from ed_ingest.measures import COUNTS, MAPPED_LEVELS, is_complete, measure, month_of
from ed_ingest.monthly import months_passed
from ed_ingest.overdue import Frequency

__all__ = ["ITEMS", "CompletenessSummary", "items_present", "measure", "months_passed", "summarise"]

MONTHS = 12
HISTORY_MONTHS = 60
EARLIEST = "2000-01"
COMPLETE = "complete"
_NO_EVENTS = pd.DataFrame({"provider": [], "month": [], "event": [], "new_limits": []})


@dataclass(frozen=True)
class CompletenessSummary:
    """Exact figures of twelve months: not for publication before gate 2.

    ``provider`` and ``name`` lead every table.

    Attributes
    ----------
    period_from, period_to
        First and last day.
    providers
        ``n`` (rows stored and held back), ``n_stored, n_held_back, n_complete, n_mapped, n_home,
        n_linkable, months_passed, months_received`` (of twelve), ``frequency``: one line per
        hospital.
    items
        ``item, title, national_2009, n, present, valid, usable``: numbers of rows, one line per
        hospital and item.
    months
        ``month, n, type_usable, time_usable, location_usable, complete, received_on,
        days_after_month, passed, received``: one line per hospital and month.
    history
        ``item, month, n, usable``: of up to sixty months, each item and `COMPLETE`; months before
        a hospital's first rows are left out.
    asks
        ``item, title, received_instead, n``: what came instead of a usable value.
    gains
        ``rank, change, item, whom, words, n_alone, n_added, n_months``: as `gains.best_changes`.
    told
        ``item, code, n``: as `how_told.how_told`.
    habits
        ``habit, item, code, part, whole, expected``: as `habits.habits`.
    ledger
        ``month, n_read, n_stored, n_outdated, n_held_back, n_not_assault, n_duplicate``: rows of
        all deliveries of a month, corrected ones too.
    periods
        ``frequency, period_from, period_to, words, received_on, days_after, state``: as
        `frequency.periods_kept`.
    events
        ``month, event, new_limits``: what the partnership noted.
    n_rows, n_complete, n_mapped, n_home, n_linkable, n_held_back
        Rows of all hospitals; ``n_rows`` counts those stored and those held back.
    partnership_passed, partnership_received
        Every hospital passed, or its data were received, in every month.
    received_by_any
        In every month type, time and place were received from some hospital: what the survey of
        2009 asked.
    usable_share, late_days
        What a month had to meet: as for `summarise`.
    """

    period_from: date
    period_to: date
    providers: pd.DataFrame
    items: pd.DataFrame
    months: pd.DataFrame
    history: pd.DataFrame
    asks: pd.DataFrame
    gains: pd.DataFrame
    told: pd.DataFrame
    habits: pd.DataFrame
    ledger: pd.DataFrame
    periods: pd.DataFrame
    events: pd.DataFrame
    n_rows: int
    n_complete: int
    n_mapped: int
    n_home: int
    n_linkable: int
    n_held_back: int
    partnership_passed: bool
    partnership_received: bool
    received_by_any: bool
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
    frequencies: Mapping[str, Frequency] | None = None,
    events: pd.DataFrame = _NO_EVENTS,
) -> CompletenessSummary:
    """Measure all hospitals over the twelve months up to one, and their history of sixty.

    Parameters
    ----------
    assaults
        Contract columns and ``items_present`` of all stored assaults; only source ``ed`` counts,
        and every attendance, transfers too: each is one department's recording.
    held_back
        ``batch_id, provider, month`` (``YYYY-MM``, may be missing), ``items_present`` of the rows
        that could not be stored.
    batches
        The store's table of deliveries.
    provider_names
        Names of the hospitals by id.
    month_to
        Last month, ``YYYY-MM``.
    usable_share
        Least share of a month's rows, 0 to 1, in which each of type, time and place is usable.
    late_days
        Most days from the month's end to its delivery.
    frequencies
        How often each provider delivers, as agreed; monthly where it is not said.
    events
        ``provider, month, event, new_limits``: as `load_completeness_events` reads them.
    """
    names = _hospitals(assaults, provider_names)
    past = [str(m) for m in pd.period_range(end=month_to, periods=HISTORY_MONTHS, freq="M")]
    months = past[-MONTHS:]
    own_batches = batches[batches["provider"].isin(list(names))]
    stored = _counted(assaults.assign(month=month_of(assaults)), names, past)
    kept_back = _counted(
        held_back.assign(month=_month_of_held_back(held_back, batches)), names, past
    )
    measures = measure(stored, stored["items_present"], kept_back)
    complete = stored[is_complete(stored)].groupby(["provider", "month"]).size()
    rows, held = _counted(stored, names, months), _counted(kept_back, names, months)
    lately = measures[measures["month"].isin(months)]
    monthly = _monthly(lately, complete, own_batches, list(names), months, usable_share, late_days)
    agreed = {name: (frequencies or {}).get(name, "monthly") for name in names}
    first, last = _days(months)
    by_provider = _by_provider(rows, held, monthly, agreed)
    entries = ledger_by_month(own_batches)
    tables = {
        "providers": by_provider,
        "items": _by_item(lately, list(names)),
        "months": monthly,
        "history": _history(measures, complete),
        "asks": what_to_ask(rows, held),
        "gains": best_changes(rows),
        "told": how_told(rows, list(names)),
        "habits": habits(rows, own_batches[delivery_months(own_batches).isin(months)]),
        "ledger": entries[entries["month"].isin(months)].reset_index(drop=True),
        "periods": periods_kept(
            own_batches, frequencies=agreed, first=first, last=last, late_days=late_days
        ),
        "events": _counted(events, names, past),
    }
    told = {name: _named(table, names) for name, table in tables.items()}
    received = monthly.groupby("month")["received"]
    return CompletenessSummary(
        period_from=first,
        period_to=last,
        providers=told["providers"],
        items=told["items"],
        months=told["months"],
        history=told["history"],
        asks=told["asks"],
        gains=told["gains"],
        told=told["told"],
        habits=told["habits"],
        ledger=told["ledger"],
        periods=told["periods"],
        events=told["events"],
        n_rows=int(by_provider["n"].sum()),
        n_complete=int(by_provider["n_complete"].sum()),
        n_mapped=int(by_provider["n_mapped"].sum()),
        n_home=int(by_provider["n_home"].sum()),
        n_linkable=int(by_provider["n_linkable"].sum()),
        n_held_back=int(by_provider["n_held_back"].sum()),
        partnership_passed=bool(len(monthly)) and bool(monthly["passed"].all()),
        partnership_received=bool(len(monthly)) and bool(monthly["received"].all()),
        received_by_any=bool(len(monthly)) and bool(received.any().all()),
        usable_share=usable_share,
        late_days=late_days,
    )


def _days(months: list[str]) -> tuple[date, date]:
    return pd.Period(months[0]).start_time.date(), pd.Period(months[-1]).end_time.date()


def _monthly(
    measures: pd.DataFrame,
    complete: pd.Series,
    batches: pd.DataFrame,
    providers: list[str],
    months: list[str],
    usable_share: float,
    late_days: int,
) -> pd.DataFrame:
    table = months_passed(
        measures,
        batches,
        providers=providers,
        months=months,
        usable_share=usable_share,
        late_days=late_days,
    )
    keys = pd.MultiIndex.from_frame(table[["provider", "month"]])
    table.insert(6, "complete", complete.reindex(keys, fill_value=0).to_numpy())
    return table


def _by_provider(
    rows: pd.DataFrame, held: pd.DataFrame, monthly: pd.DataFrame, agreed: Mapping[str, str]
) -> pd.DataFrame:
    """One line per hospital; one that sent nothing has zeros."""
    home = rows["location_type"].isin(HOMES)
    mapped = rows["location_level"].isin(MAPPED_LEVELS) & ~home
    flags = {
        "n_stored": pd.Series(True, index=rows.index),
        "n_complete": is_complete(rows),
        "n_mapped": mapped,
        "n_home": home,
        "n_linkable": linkable(rows, false_places=None),
    }
    sums = pd.DataFrame(flags).astype("int64").groupby(rows["provider"]).sum()
    table = sums.reindex(list(agreed), fill_value=0)
    table["n_held_back"] = held["provider"].value_counts().reindex(table.index, fill_value=0)
    table.insert(0, "n", table["n_stored"] + table["n_held_back"])
    told = monthly.groupby("provider")[["passed", "received"]].sum().reindex(table.index)
    table["months_passed"] = told["passed"].fillna(0).astype("int64")
    table["months_received"] = told["received"].fillna(0).astype("int64")
    table["frequency"] = pd.Series(dict(agreed), dtype="str").reindex(table.index)
    return table.rename_axis("provider").reset_index()


def _history(measures: pd.DataFrame, complete: pd.Series) -> pd.DataFrame:
    """Usable rows by month, of each item and of whole rows; a month without rows has 0 of 0."""
    minimum = measures[measures["item"].eq("type")]
    keys = pd.MultiIndex.from_frame(minimum[["provider", "month"]])
    whole = minimum[["provider", "month", "n"]].assign(
        item=COMPLETE, usable=complete.reindex(keys, fill_value=0).to_numpy()
    )
    both = pd.concat([whole, measures[["provider", "item", "month", "n", "usable"]]])
    order = {name: place for place, name in enumerate((COMPLETE, *(i.item for i in ITEMS)))}
    both = both.assign(order=both["item"].map(order)).sort_values(
        ["provider", "order", "month"], ignore_index=True
    )
    return both[["provider", "item", "month", "n", "usable"]]


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
    if {"item", "n"} <= set(table.columns) and "code" not in table and "month" not in table:
        titles = table["item"].map({item.item: item.title for item in ITEMS})
        table.insert(3, "title", titles.fillna("Whole row").astype("str"))
    return table
