"""When a patient arrived, an assault was, a crime was committed: cells -> times and intervals."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd

from ed_ingest.layout import as_text
from ed_ingest.midnights import midnight_stands_for_missing
from ed_ingest.relative_times import told_from_arrival
from ed_ingest.when import DateOrder, at_minute, clock_change, night_of, read_moments, read_times

_KNOWN_TIME = ("minute", "midnight", "part_of_day")
_LAST_MINUTE = 1439.0


def arrivals(mapped: pd.DataFrame, *, date_order: DateOrder) -> pd.DataFrame:
    """Read when each patient arrived.

    Parameters
    ----------
    mapped
        Cells under the schema's names: ``arrived_at``, or ``arrived_date`` and ``arrived_time``.
    date_order
        Order of figures in the file's dates.

    Returns
    -------
    DataFrame
        ``arrived_at``; ``_no_arrival_time``: only the day was told, and stands at its midnight;
        ``_unread_arrived_at``: the cells that were not understood, as text.
    """
    moment = _moments(mapped, "arrived_at", date_order)
    by_date = _dates(mapped, "arrived_date", "arrived_time", date_order)
    times = _times(mapped, "arrived_time")
    clock = _first_told(times, moment, by_date)
    told = clock["kind"].isin(["minute", "midnight"])
    days = moment["day"].fillna(by_date["day"])
    minutes = clock["from_min"].where(told, 0.0)
    midnight = _true_midnights(mapped, moment)
    return pd.DataFrame(
        {
            "arrived_at": at_minute(days, minutes).astype("datetime64[s]"),
            "_no_arrival_time": days.notna() & ~told & ~midnight,
            "_unread_arrived_at": _unread(
                mapped, arrived_at=moment, arrived_date=by_date, arrived_time=times
            ),
        }
    )


def assault_times(
    mapped: pd.DataFrame,
    arrival: pd.DataFrame,
    *,
    date_order: DateOrder,
    midnight_is_missing: bool | None = None,
) -> pd.DataFrame:
    """Find the interval that contains each assault.

    Parameters
    ----------
    mapped
        Cells under the schema's names: ``assault_at``, or ``assault_date`` and ``assault_time``.
    arrival
        What `arrivals` found.
    date_order
        Order of figures in the file's dates.
    midnight_is_missing
        Whether the provider writes 00:00 for a time that is not known; judged from their share
        when not given.

    Returns
    -------
    DataFrame
        ``assault_from``, ``assault_to``, ``time_precision``, ``clock_change``, ``night_of`` as in
        the contract, and ``_unread_assault_from``: the cells that were not understood, as text.
        A day is taken as told, also where the time then lies after arrival.
    """
    read = _assault_cells(mapped, date_order)
    moment, by_date, times = read
    clock = _assault_clock(read)
    if midnight_is_missing is None:
        midnight_is_missing = midnight_stands_for_missing(clock)
    if midnight_is_missing:
        clock["kind"] = clock["kind"].mask(_at_midnight(clock), "none")
    days = moment["day"].fillna(by_date["day"])
    relative = _told_from_arrival(mapped, arrival["arrived_at"], days)
    # "Yesterday" beside a time tells the day alone.
    dated = relative["whole_day"] & clock["kind"].isin(_KNOWN_TIME)
    days = days.fillna(relative["start"].dt.normalize().where(dated))
    found = _intervals(days, clock, arrival)
    found = _with_relative(found, relative[~dated].reindex(found.index))
    found = _cut_at_arrival(found, arrival)
    known_time = found["time_precision"].isin(["minute", "part_of_day"])
    start, end = found["assault_from"], found["assault_to"]
    change = clock_change(start)
    change = change.where(change != "none", clock_change(end))
    found["clock_change"] = change.where(known_time, "none")
    found["night_of"] = night_of(start, end, known_time=known_time)
    unread = _unread(mapped, assault_at=moment, assault_date=by_date, assault_time=times)
    found["_unread_assault_from"] = unread.mask(relative["start"].notna())
    return found


def _cut_at_arrival(found: pd.DataFrame, arrival: pd.DataFrame) -> pd.DataFrame:
    """A part of the day ends with the arrival: nobody is assaulted after coming to hospital."""
    arrived = arrival["arrived_at"].mask(arrival["_no_arrival_time"].astype(bool))
    within = found["time_precision"].eq("part_of_day") & (
        (found["assault_from"] < arrived) & (arrived < found["assault_to"])
    )
    return found.assign(assault_to=found["assault_to"].mask(within, arrived))


def has_idle_midnights(mapped: pd.DataFrame, *, date_order: DateOrder) -> bool:
    """Whether 00:00 comes so often among the assaults' times that it stands for "not known"."""
    return midnight_stands_for_missing(_assault_clock(_assault_cells(mapped, date_order)))


def _assault_cells(
    mapped: pd.DataFrame, date_order: DateOrder
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The three places in which the time of an assault may be told."""
    return (
        _moments(mapped, "assault_at", date_order),
        _dates(mapped, "assault_date", "assault_time", date_order),
        _times(mapped, "assault_time"),
    )


def _assault_clock(read: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> pd.DataFrame:
    moment, by_date, times = read
    return _first_told(times, _without_idle_midnights(moment), by_date)


def _told_from_arrival(
    mapped: pd.DataFrame, arrived_at: pd.Series, days: pd.Series
) -> pd.DataFrame:
    """What is told from the arrival ("last night"), where no date says otherwise."""
    told = pd.DataFrame({"start": pd.NaT, "end": pd.NaT, "whole_day": False}, index=mapped.index)
    told = told.astype({"start": "datetime64[s]", "end": "datetime64[s]"})
    for column in ("assault_at", "assault_date", "assault_time"):
        if column in mapped:
            here = told_from_arrival(as_text(mapped[column]), arrived_at)
            here = here.where(here["start"].notna() & told["start"].isna())
            told = told.assign(
                start=told["start"].fillna(here["start"]),
                end=told["end"].fillna(here["end"]),
                whole_day=told["whole_day"] | (here["whole_day"] == True),  # noqa: E712
            )
    first, last = told["start"].dt.normalize(), told["end"].dt.normalize()
    agrees = days.isna() | (~told["whole_day"] & days.between(first, last))
    return told.assign(start=told["start"].where(agrees), end=told["end"].where(agrees))


def _with_relative(found: pd.DataFrame, relative: pd.DataFrame) -> pd.DataFrame:
    known = relative["start"].notna()
    if not known.any():
        return found
    whole = relative["whole_day"].fillna(False).astype(bool)
    precision = pd.Series("part_of_day", index=found.index).mask(whole, "date")
    return found.assign(
        assault_from=found["assault_from"].mask(known, relative["start"]),
        assault_to=found["assault_to"].mask(known, relative["end"]),
        time_precision=found["time_precision"].mask(known, precision),
    )


def committed(mapped: pd.DataFrame, *, date_order: DateOrder) -> pd.DataFrame:
    """Find the interval in which each crime was committed.

    Parameters
    ----------
    mapped
        Cells under the schema's names: ``committed_month`` (police.uk), or ``committed_from`` and
        ``committed_to``, each also in two columns ``…_date`` and ``…_time``.
    date_order
        Order of figures in the file's dates.

    Returns
    -------
    DataFrame
        ``committed_from``, ``committed_to`` (missing where no date was told), ``time_precision``
        as in the contract; ``_turned``: the end lay before the start and was left out;
        ``_unread_committed_from``: the cells that were not understood, as text.
    """
    if "committed_month" in mapped:
        return _months(as_text(mapped["committed_month"]))
    first, first_unread = _ends(mapped, "committed_from", date_order)
    last, last_unread = _ends(mapped, "committed_to", date_order)
    start = first["from"].fillna(last["from"])
    turned = last["to"] < start
    end = last["to"].mask(turned).fillna(first["to"])
    midnight = start == start.dt.normalize()
    next_day = start + pd.Timedelta(days=1)
    end = end.mask(midnight & (end == next_day), next_day - pd.Timedelta(minutes=1))
    precision = pd.Series("minute", index=mapped.index, dtype="str")
    precision = precision.mask(end - start > pd.Timedelta(minutes=60), "interval")
    whole_day = midnight & (end == next_day - pd.Timedelta(minutes=1))
    return pd.DataFrame(
        {
            "committed_from": start.astype("datetime64[s]"),
            "committed_to": end.astype("datetime64[s]"),
            "time_precision": precision.mask(whole_day, "date"),
            "_turned": turned,
            "_unread_committed_from": first_unread.fillna(last_unread),
        }
    )


def _ends(mapped: pd.DataFrame, name: str, date_order: DateOrder) -> tuple[pd.DataFrame, pd.Series]:
    """Earliest and latest minute that one end can mean (a day without time is whole)."""
    moment = _moments(mapped, name, date_order)
    by_date = _dates(mapped, f"{name}_date", f"{name}_time", date_order)
    times = _times(mapped, f"{name}_time")
    clock = _first_told(times, _without_idle_midnights(moment), by_date)
    timed = clock["kind"].isin(_KNOWN_TIME)
    days = moment["day"].fillna(by_date["day"])
    ends = pd.DataFrame(
        {
            "from": at_minute(days, clock["from_min"].where(timed, 0.0)),
            "to": at_minute(days, clock["to_min"].where(timed, _LAST_MINUTE)),
        }
    )
    read = {name: moment, f"{name}_date": by_date, f"{name}_time": times}
    return ends, _unread(mapped, **read)


def _months(texts: pd.Series) -> pd.DataFrame:
    """Whole months, written ``2025-01`` or in words."""
    places, distinct = pd.factorize(texts)
    months = _months_read(pd.Series([*distinct, None], dtype="str"))
    return months.take(places).set_axis(texts.index)


def _months_read(texts: pd.Series) -> pd.DataFrame:
    iso = texts.str.extract(r"^(\d{4})-(\d{1,2})(?:\D|$)")
    named = read_moments("1 " + texts)["day"]
    start = pd.to_datetime(iso[0] + "-" + iso[1].str.zfill(2), format="%Y-%m", errors="coerce")
    start = start.astype("datetime64[s]").fillna(named)
    end = start + pd.offsets.MonthBegin(1) - pd.Timedelta(minutes=1)
    return pd.DataFrame(
        {
            "committed_from": start,
            "committed_to": end.astype("datetime64[s]"),
            "time_precision": pd.Series("month", index=texts.index, dtype="str"),
            "_turned": False,
            "_unread_committed_from": texts.where(start.isna()),
        }
    )


def _intervals(days: pd.Series, clock: pd.DataFrame, arrival: pd.DataFrame) -> pd.DataFrame:
    """From what was told of day and time, else from the arrival: the 24 hours before it."""
    arrived = arrival["arrived_at"]
    kind = clock["kind"].where(clock["kind"].isin(_KNOWN_TIME), "date")
    precision = kind.replace({"midnight": "minute"})
    precision = precision.mask(days.isna() & arrived.notna(), "arrival")
    precision = precision.mask(days.isna() & arrived.isna(), "missing")
    timed = kind != "date"
    start = at_minute(days, clock["from_min"].where(timed, 0.0))
    end = at_minute(days, clock["to_min"].where(timed, _LAST_MINUTE))
    day_only = arrival["_no_arrival_time"]
    latest = arrived.where(~day_only, at_minute(arrived, pd.Series(_LAST_MINUTE, arrived.index)))
    return pd.DataFrame(
        {
            "assault_from": start.fillna(arrived - pd.Timedelta(hours=24)).astype("datetime64[s]"),
            "assault_to": end.fillna(latest).astype("datetime64[s]"),
            "time_precision": precision,
        }
    )


def _moments(mapped: pd.DataFrame, column: str, date_order: DateOrder) -> pd.DataFrame:
    return read_moments(_cells(mapped, column), date_order=date_order)


def _dates(
    mapped: pd.DataFrame, column: str, time_column: str, date_order: DateOrder
) -> pd.DataFrame:
    """Read a column of dates; beside a column of times its own midnights are no times."""
    moment = _moments(mapped, column, date_order)
    if time_column not in mapped:
        return _without_idle_midnights(moment)
    return moment.assign(kind=moment["kind"].mask(_at_midnight(moment), "none"))


def _times(mapped: pd.DataFrame, column: str) -> pd.DataFrame:
    return read_times(_cells(mapped, column))


def _cells(mapped: pd.DataFrame, column: str) -> pd.Series:
    """One column's cells; all missing where the column is not mapped."""
    return mapped[column] if column in mapped else pd.Series(None, mapped.index, dtype="object")


def _first_told(*clocks: pd.DataFrame) -> pd.DataFrame:
    """Of several readings of the time of day, the first that tells one."""
    told = clocks[0][["kind", "from_min", "to_min"]].copy()
    for later in clocks[1:]:
        silent = ~told["kind"].isin(_KNOWN_TIME)
        told = told.where(~silent, later[["kind", "from_min", "to_min"]])
    return told


def _at_midnight(clock: pd.DataFrame) -> pd.Series:
    return (clock["kind"] == "minute") & (clock["from_min"] == 0)


def _without_idle_midnights(clock: pd.DataFrame) -> pd.DataFrame:
    """Take 00:00 for no time in a column of dates that has no other time at all."""
    midnight = _at_midnight(clock)
    if clock["kind"].isin(_KNOWN_TIME).sum() > midnight.sum():
        return clock
    return clock.assign(kind=clock["kind"].mask(midnight, "none"))


def _true_midnights(mapped: pd.DataFrame, moment: pd.DataFrame) -> pd.Series:
    """Spreadsheet cells at midnight come as plain dates; among dates with times they are times."""
    cells = _cells(mapped, "arrived_at")
    # Cells of text are no dates of a spreadsheet.
    if cells.dtype == "str" or not (moment["kind"] == "minute").any():
        return pd.Series(False, index=mapped.index)
    places, distinct = pd.factorize(cells)
    plain = [isinstance(cell, date) and not isinstance(cell, datetime) for cell in distinct]
    return pd.Series([*plain, False], dtype="bool").take(places).set_axis(mapped.index)


def _unread(mapped: pd.DataFrame, **readings: pd.DataFrame) -> pd.Series:
    """Text of the first cell of each row that was not understood."""
    text = pd.Series(None, index=mapped.index, dtype="str")
    for column, reading in readings.items():
        if column in mapped:
            text = text.fillna(as_text(mapped[column]).where(~reading["understood"]))
    return text
