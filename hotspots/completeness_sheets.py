"""Which tables the completeness workbook holds, and what their columns are called."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ed_ingest.completeness import COMPLETE
from ed_ingest.items import ITEMS
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_trend import trends
from hotspots.completeness_views import HABIT_WORDS, LEVEL_WORDS, PRECISION_WORDS
from hotspots.sheets import NOTHING, Sheet

NOTES = {
    "usable": "Present: not blank nor a word for “not known”. Valid: it became a code, time or "
    "place. Usable: the type is known; the time is known to the minute or the part of the day; the "
    "place is specific, or a home, which is withheld; other items: a value that was understood.",
    "complete": "Complete: type, time and place of the row are all usable.",
    "test": "A month passes when type, time and place are each usable in enough of its rows and "
    "its delivery came in time (settings of the partnership). Received, as the survey of 2009 "
    "counted: each of the three came in some row, in time.",
    "placed": "On the map: a point, premises, junction, street or postcode. Placed: those of the "
    "rows not at a home; below 85% a map may mislead (Ratcliffe 2004). Could be linked: on the "
    "map, with at least a date.",
    "xmr": "XmR chart with the rules of the NHS programme “Making Data Count”: limits are the "
    "average of a phase’s first twelve months plus and minus 2.66 mean moving ranges, kept within "
    "0% and 100%.",
    "gain": "Of each row that is not complete it is asked what it lacks. Rows added: by this "
    "change after those ranked before it. Alone: by this change by itself.",
    "account": "Each number is rounded by month; received is the sum of the others as shown. "
    "Overtaken: a later delivery had told otherwise.",
    "habit": "Odd: at least three times the share that is expected; half of all times on the full "
    "or half hour; one value in 95%, or one place in 30%, of the rows.",
}
_TITLES = {COMPLETE: "Complete row"} | {item.item: item.title for item in ITEMS}
_STATES = {"kept": "In time", "late": "Late", "missing": "Nothing received"}
_SIDES = {1: "Better than usual", 0: "Usual variation", -1: "Worse than usual"}
_RULES = {"beyond": "outside limits", "run": "run", "near": "near a limit", "trend": "trend"}


def sheets(found: PublishableCompleteness) -> list[Sheet]:
    """All sheets, the most asked for first; a table without rows is to be left out."""
    return [
        _hospitals(found),
        _items(found),
        _months(found),
        _gains(found),
        _asks(found),
        _usable(found),
        _chart(found),
        _told(found),
        _habits(found),
        _account(found),
        _deliveries(found),
        _events(found),
    ]


_YEAR = "The twelve months of the report"


def _hospitals(found: PublishableCompleteness) -> Sheet:
    columns = {
        "name": "Hospital", "n": "Rows", "share_complete": "Complete",
        "share_mapped": "On the map", "share_placed": "Placed, homes aside",
        "share_linkable": "Could be linked", "months_passed": "Months passed",
        "months_received": "Months received", "frequency": "Agreed frequency",
    }  # fmt: skip
    title = "Each hospital against the test $$test$$ $$placed$$ $$complete$$"
    return Sheet("Hospitals", title, _YEAR, found.providers, columns, _shares(columns))


def _items(found: PublishableCompleteness) -> Sheet:
    columns = {
        "name": "Hospital", "title": "Item", "n": "Rows", "share_present": "Present",
        "share_valid": "Valid", "share_usable": "Usable",
        "national_2009": "Partnerships that received it, 2009",
    }  # fmt: skip
    shares = (*_shares(columns), "national_2009")
    title = "Each item of each hospital $$usable$$"
    return Sheet("Items", title, _YEAR, found.items, columns, shares)


def _months(found: PublishableCompleteness) -> Sheet:
    columns = {
        "month": "Month", "name": "Hospital", "n": "Rows", "share_type": "Type usable",
        "share_time": "Time usable", "share_location": "Place usable",
        "share_complete": "Complete", "received_on": "Received on",
        "days_after_month": "Days after the month", "passed": "Passed", "received": "Received",
    }  # fmt: skip
    table = found.months.assign(
        received_on=_or_nothing(found.months["received_on"].dt.strftime("%Y-%m-%d")),
        days_after_month=_or_nothing(found.months["days_after_month"]),
        passed=_yes_no(found.months["passed"]),
        received=_yes_no(found.months["received"]),
    )
    title = "The minimum data set test by month $$test$$ $$complete$$"
    return Sheet("Months", title, _YEAR, table, columns, _shares(columns))


def _gains(found: PublishableCompleteness) -> Sheet:
    columns = {
        "name": "Hospital", "rank": "Rank", "words": "Change", "whom": "By",
        "n_added": "Rows added in twelve months", "n_a_month": "Rows added a month",
        "n_alone": "Rows by this change alone",
    }  # fmt: skip
    return Sheet("Changes", "What to ask for first $$gain$$", _YEAR, found.gains, columns)


def _asks(found: PublishableCompleteness) -> Sheet:
    columns = {
        "name": "Hospital", "title": "Item", "received_instead": "What came instead", "n": "Rows",
    }  # fmt: skip
    title = "What came instead of a usable value $$usable$$"
    return Sheet("Came instead", title, _YEAR, found.asks, columns)


def _usable(found: PublishableCompleteness) -> Sheet:
    wide = found.history.pivot_table(
        "share_usable", index=["month", "provider", "name"], columns="item", dropna=False
    )
    items = [item for item in _TITLES if item in wide.columns]
    columns = {"month": "Month", "name": "Hospital", **{item: _TITLES[item] for item in items}}
    table = wide.dropna(how="all").reset_index()
    title = "Usable rows by item and month $$usable$$ $$complete$$"
    return Sheet("Usable by month", title, "Up to sixty months", table, columns, tuple(items))


def _chart(found: PublishableCompleteness) -> Sheet:
    columns = {
        "month": "Month", "name": "Hospital", "share": "Complete", "mean": "Average",
        "lower": "Lower limit", "upper": "Upper limit", "sign": "What it shows",
        "rule": "Rules met", "phase": "Phase",
    }  # fmt: skip
    every = trends(found.history[found.history["item"] == COMPLETE], found.events)
    table = every.assign(
        sign=every["side"].map(_SIDES).where(every["share"].notna(), "No figure"),
        rule=[_rule_words(rules) for rules in every["rules"]],
        phase=every["phase"] + 1,
        **{name: every[name].round(3) for name in ("mean", "lower", "upper")},
    )
    shares = ("share", "mean", "lower", "upper")
    title = "Control charts of complete rows $$xmr$$ $$complete$$"
    return Sheet("Control charts", title, "Up to sixty months", table, columns, shares)


def _told(found: PublishableCompleteness) -> Sheet:
    columns = {"name": "Hospital", "what": "What", "words": "How it is told", "share": "Share"}
    words = LEVEL_WORDS | PRECISION_WORDS
    table = found.told.assign(
        what=found.told["item"].map({"location": "Place", "time": "Time"}),
        words=found.told["code"]
        .map(words)
        .mask(
            found.told["item"].eq("location") & found.told["code"].eq("none"), LEVEL_WORDS["none"]
        ),
    )
    title = "How place and time are told, share of stored rows $$placed$$"
    return Sheet("How told", title, _YEAR, table, columns, ("share",))


def _habits(found: PublishableCompleteness) -> Sheet:
    columns = {
        "name": "Hospital", "title": "Share of", "share": "Share", "expected": "Expected",
        "mark": "Odd",
    }  # fmt: skip
    titles = [
        HABIT_WORDS.get(habit) or f"Values of “{_TITLES[item]}” that are the commonest one"
        for habit, item in zip(found.habits["habit"], found.habits["item"], strict=True)
    ]
    table = found.habits.assign(
        title=pd.Series(titles, index=found.habits.index, dtype="str"),
        expected=_or_nothing(found.habits["expected"]),
        mark=_yes_no(found.habits["odd"]),
    )
    return Sheet(
        "Habits", "Habits of recording $$habit$$", _YEAR, table, columns, ("share", "expected")
    )


def _account(found: PublishableCompleteness) -> Sheet:
    columns = {
        "month": "Month", "name": "Hospital", "n_received": "Received", "n_stored": "Stored",
        "n_outdated": "Overtaken", "n_held_back": "Held back", "n_dropped": "No assault: dropped",
        "n_duplicate": "Duplicate",
    }  # fmt: skip
    title = "What became of the rows received $$account$$"
    return Sheet("Rows received", title, _YEAR, found.ledger, columns)


def _deliveries(found: PublishableCompleteness) -> Sheet:
    columns = {
        "words": "Period", "name": "Hospital", "frequency": "Agreed frequency",
        "received_on": "Received on", "days_after": "Days after the period", "word": "Kept",
    }  # fmt: skip
    table = found.periods.assign(
        received_on=_or_nothing(found.periods["received_on"].dt.strftime("%Y-%m-%d")),
        days_after=_or_nothing(found.periods["days_after"]),
        word=found.periods["state"].map(_STATES),
    )
    return Sheet("Deliveries", "Deliveries against the agreement", _YEAR, table, columns)


def _events(found: PublishableCompleteness) -> Sheet:
    columns = {"month": "Month", "name": "Hospital", "event": "Event", "anew": "Limits taken anew"}
    table = found.events.assign(anew=_yes_no(found.events["new_limits"]))
    return Sheet("Events", "Events that the partnership noted", "All months shown", table, columns)


def _shares(columns: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(name for name in columns if name.startswith("share"))


def _or_nothing(cells: pd.Series) -> pd.Series:
    return cells.astype("object").where(cells.notna(), NOTHING)


def _yes_no(flags: pd.Series) -> pd.Series:
    return flags.astype(bool).map({True: "Yes", False: "No"})


def _rule_words(rules: str) -> str:
    return ", ".join(_RULES[rule] for rule in rules.split()) or NOTHING
