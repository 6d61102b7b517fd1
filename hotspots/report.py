"""The data manager's report: which item fails, at which hospital, since when, what to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_trend import MET, NEAR, since_when
from hotspots.completeness_views import (
    gain_views,
    habit_rows,
    hospital_lines,
    ledger_rows,
    listed,
    one_value_sentences,
    period_sentences,
    placed_warning,
    told_rows,
    trend_views,
)
from hotspots.pages import asset, render_page, write_page
from hotspots.words import (
    SUPPRESSED,
    count_words,
    is_missing,
    month_words,
    period_words,
    share_words,
)

MINIMUM_DATA_SET = ("type", "time", "location")
HOSPITALS_A_TABLE = 4  # more do not fit the width of a page
NATIONAL_PASSED_2009 = 0.13
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_SHARES = {"share_type": "type", "share_time": "time", "share_location": "place"}
_ASKS_OF_OTHER_ITEMS = 1
_NEVER_SENT = "Not sent at all"


def write_completeness(completeness: PublishableCompleteness, path: Path) -> None:
    """Write completeness.html: one file without any script.

    Parameters
    ----------
    completeness
        What gate 2 let through.
    path
        File to write; its folder is made.
    """
    page = render_page(
        "completeness.html.j2",
        data=_view(completeness),
        styles=[asset("templates/completeness.css")],
    )
    write_page(path, page)


def _view(found: PublishableCompleteness) -> dict[str, object]:
    month = month_words(f"{found.period_to:%Y-%m}")
    period = period_words(found.period_from, found.period_to)
    hospitals = _hospitals(found)
    blocks = [
        hospitals[start : start + HOSPITALS_A_TABLE]
        for start in range(0, len(hospitals), HOSPITALS_A_TABLE)
    ]
    return {
        "title": f"Minimum data set completeness: {month}",
        "subtitle": f"{found.partnership}, {period}",
        "marking": found.marking,
        "lead": _lead(found, hospitals, period),
        "figures": _figures(found),
        "test": _test(found),
        "lines": hospital_lines(found),
        "placed_warning": placed_warning(found),
        "items": [_item_table(found, block) for block in blocks],
        "months": [_month_table(found, block) for block in blocks],
        "charts": trend_views(found),
        "asks": [_asks(found, hospital) for hospital in hospitals],
        "told": [
            {
                "hospitals": block,
                "places": told_rows(found, "location", block),
                "times": told_rows(found, "time", block),
                "habits": habit_rows(found, block),
                "ledger": ledger_rows(found, block),
            }
            for block in blocks
        ],
        "one_value": one_value_sentences(found),
        "deliveries": list(_deliveries(found)),
        "periods": period_sentences(found),
        "late_days": found.late_days,
        "usable_share": share_words(found.usable_share),
        "met": share_words(MET),
        "near": share_words(NEAR),
        "rounding": found.rounding,
        "threshold": found.threshold,
        "suppressed": SUPPRESSED,
    }


def _hospitals(found: PublishableCompleteness) -> list[dict[str, object]]:
    first = found.items.drop_duplicates("provider")
    columns = zip(first["provider"], first["name"], first["n"], strict=True)
    return [
        {"provider": provider, "name": name, "n": count_words(n)} for provider, name, n in columns
    ]


def _lead(found: PublishableCompleteness, hospitals: list[dict[str, object]], period: str) -> str:
    n = len(hospitals)
    number = _NUMBERS[n] if n < len(_NUMBERS) else str(n)
    noun = "hospital" if n == 1 else "hospitals"
    return (
        f"{number} {noun}, {count_words(found.n_rows)} assault attendances, {period}. "
        "“Usable” means present, understood and specific: blanks, “not known” and “town centre” "
        "do not count."
    )


def _figures(found: PublishableCompleteness) -> list[dict[str, str]]:
    return [
        {
            "figure": share_words(found.share_complete),
            "words": "have a usable type, time and place",
        },
        {"figure": share_words(found.share_mapped), "words": "could be put on the map"},
        {"figure": count_words(found.n_held_back), "words": "rows held back for a person to check"},
    ]


def _test(found: PublishableCompleteness) -> dict[str, object]:
    """The at-least-monthly test beside the figure of 2009."""
    passed, months = int(found.months["passed"].sum()), len(found.months)
    return {
        "passed": found.partnership_passed,
        "word": "Passed" if found.partnership_passed else "Not passed",
        "sentence": (
            f"{passed} of {months} hospital months passed. "
            f"In 2009, {share_words(NATIONAL_PASSED_2009)} of partnerships received type, time and "
            "place at least monthly."
        ),
        "receipt": (
            "Counted as in 2009, by whether they were received at all each month: "
            f"{_yes(found.partnership_received)} from every hospital, "
            f"{_yes(found.received_by_any)} from at least one."
        ),
    }


def _yes(received: bool) -> str:
    return "yes" if received else "no"


def _item_table(
    found: PublishableCompleteness, block: list[dict[str, object]]
) -> dict[str, object]:
    items = found.items
    known = items.drop_duplicates("item")
    short = since_when(found.history, target=NEAR).set_index(["provider", "item"])
    words = short["month"].map(month_words).where(~short["ever"].astype(bool), "the start")
    rows = [
        {
            "title": title,
            "minimum": item in MINIMUM_DATA_SET,
            "national": share_words(national),
            "senders": _senders(items[items["item"] == item]),
            "cells": [
                _item_cell(items, str(hospital["provider"]), item, words) for hospital in block
            ],
        }
        for item, title, national in zip(
            known["item"], known["title"], known["national_2009"], strict=True
        )
    ]
    return {"hospitals": block, "rows": rows}


def _senders(of_item: pd.DataFrame) -> str:
    return f"{int(of_item['share_present'].gt(0).sum())} of {len(of_item)}"


def _item_cell(
    items: pd.DataFrame, provider: str, item: str, since: pd.Series
) -> dict[str, object]:
    row = items[(items["provider"] == provider) & (items["item"] == item)].iloc[0]
    share = row["share_usable"]
    if is_missing(share):
        return {"word": "No figure", "kind": "none", "share": "", "bar": 0, "since": ""}
    if row["share_present"] == 0:
        return {"word": "Not sent", "kind": "none", "share": "", "bar": 0, "since": ""}
    kind = "met" if share >= MET else "near" if share >= NEAR else "below"
    first = since.get((provider, item))
    return {
        "word": kind.capitalize(),
        "kind": kind,
        "share": share_words(share),
        "bar": round(100 * float(share)),
        "since": f"since {first}" if kind == "below" and first else "",
    }


def _month_table(
    found: PublishableCompleteness, block: list[dict[str, object]]
) -> dict[str, object]:
    """The latest month first."""
    lines = {(str(row["month"]), str(row["provider"])): row for _, row in found.months.iterrows()}
    rows = [
        {
            "month": month_words(month),
            "cells": [
                _month_cell(lines[month, str(hospital["provider"])], found.late_days)
                for hospital in block
            ],
        }
        for month in sorted({month for month, _ in lines}, reverse=True)
    ]
    return {"hospitals": block, "rows": rows}


def _month_cell(row: pd.Series, late_days: int) -> dict[str, str]:
    if is_missing(row["received_on"]):
        came = not is_missing(row["n"]) and row["n"] == 0
        word = "Nothing received" if came else "Not closed"
        return {"kind": "none", "word": word, "detail": ""}
    day = f"day {int(row['days_after_month'])}"
    if row["passed"]:
        return {"kind": "passed", "word": "Passed", "detail": day}
    late = int(row["days_after_month"]) > late_days
    reasons = [f"late: {day}"] if late else [*_weakest(row), day]
    return {"kind": "failed", "word": "Not passed", "detail": ", ".join(reasons)}


def _weakest(row: pd.Series) -> list[str]:
    """The item of the minimum data set with the smallest share."""
    known = {
        words: float(row[name]) for name, words in _SHARES.items() if not is_missing(row[name])
    }
    if not known:
        return []
    words = min(known, key=lambda name: known[name])
    return [f"{words} {share_words(known[words])}"]


def _asks(found: PublishableCompleteness, hospital: dict[str, object]) -> dict[str, object]:
    """All that came instead of the minimum data set; of other items what came most."""
    own = found.asks[found.asks["provider"] == hospital["provider"]]
    whole = own["item"].isin(["row", *MINIMUM_DATA_SET])
    first = own.groupby("item").cumcount() < _ASKS_OF_OTHER_ITEMS
    never = _never_sent(found.items, str(hospital["provider"]))
    rows = own[(whole | first) & ~own["title"].isin(never)]
    columns = ["received_instead", "n"]
    return {
        "name": hospital["name"],
        "gains": gain_views(found, str(hospital["provider"])),
        "items": [
            {"title": title, "rows": [_ask(*row) for row in of_item[columns].to_numpy()]}
            for title, of_item in rows.groupby("title", sort=False)
        ],
        "never": f"{_NEVER_SENT}: {', '.join(never)}." if never else "",
    }


def _ask(received_instead: str, n: float | None) -> dict[str, str]:
    return {"instead": received_instead[:1].upper() + received_instead[1:], "n": count_words(n)}


def _never_sent(items: pd.DataFrame, provider: str) -> list[str]:
    own = items[(items["provider"] == provider) & items["share_present"].eq(0)]
    return list(own["title"])


def _deliveries(found: PublishableCompleteness) -> Iterator[str]:
    """Late and missing deliveries, hospital by hospital, in sentences."""
    for name, own in found.months.sort_values("month").groupby("name", sort=False):
        missing = [month_words(m) for m in own.loc[own["received_on"].isna(), "month"]]
        if missing:
            yield f"{name}: nothing received after the end of {listed(missing)}."
        late = own[own["received_on"].notna() & own["days_after_month"].gt(found.late_days)]
        if len(late):
            pairs = zip(late["month"], late["days_after_month"], strict=True)
            told = listed([f"{month_words(month)} ({days} days)" for month, days in pairs])
            yield f"{name}: came late after the month’s end: {told}."
