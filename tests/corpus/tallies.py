"""Counts-only deliveries: one row a place and month, or one column a method."""

# ruff: noqa: E501, S311 - tables of wordings are easier to read unwrapped; the dice are seeded on purpose.
from __future__ import annotations

import calendar
import csv
import io
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

from deliver import freeze_zip, write_counts

Counts = dict[tuple[date, str, str], int]


def make_counts(seed: str, months: list[date], places: list[str], methods: list[str]) -> Counts:
    """How many, by month, place and method."""
    rng = random.Random(seed)
    return {
        (month, place, method): rng.choice((0, 1, 2, 3, 5, 6, 7, 8, 9, 11, 14, 19))
        for month in months for place in places for method in methods
    }  # fmt: skip


def truth_rows(counts: Counts, *, below: int, keep_zero: bool) -> list[dict[str, str]]:
    """What is to be stored; a suppressed cell has no number, and a zero may be left out."""
    rows = []
    for (month, place, method), n in counts.items():
        if n == 0 and not keep_zero:
            continue
        last = calendar.monthrange(month.year, month.month)[1]
        hidden = 0 < n < below
        rows.append({
            "expect": "stored", "expect_alt": "rejected" if n == 0 else "", "period_from": month.isoformat(),
            "period_to": month.replace(day=last).isoformat(), "place_name": place,
            "assault_method": method, "n": "" if hidden else str(n),
        })  # fmt: skip
    return rows


def shown(n: int, below: int, mark: str) -> object:
    """A count as printed, or the mark of suppression."""
    return mark if 0 < n < below else n


def months_of(year: int, first: int, number: int) -> list[date]:
    """The first days of some months."""
    return [date(year, first + n, 1) for n in range(number)]


def book(lines: list[list[object]], sheet: str) -> Callable[[Path], None]:
    """Save lines as a workbook."""
    import openpyxl  # optional writer

    def save(path: Path) -> None:
        workbook = openpyxl.Workbook()
        workbook.active.title = sheet
        for line in lines:
            workbook.active.append(line)
        workbook.save(path)
        freeze_zip(path)

    return save


def plain(lines: list[list[object]], delimiter: str = ",") -> Callable[[Path], None]:
    """Save lines as text."""

    def save(path: Path) -> None:
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
        path.write_bytes(out.getvalue().encode("utf-8"))

    return save


LONG_WORDS = {
    "body_part": "Fist/foot/other body part",
    "sharp_object": "Knife/sharp object",
    "glass": "Glass or bottle",
    "blunt_object": "Blunt object",
    "unknown": "Not known",
}


def counts_long(folder: Path) -> None:
    """One row a month, place and type, with dates of both ends; under five is suppressed."""
    places = ["The Brass Lantern", "Market Place", "Zanzi's", "Staithe Road"]
    counts = make_counts("tune long", months_of(2026, 1, 3), places, list(LONG_WORDS))
    lines: list[list[object]] = [
        ["Period from", "Period to", "Location", "Type of assault", "Number of attendances"]
    ]
    for truth, ((_, place, method), n) in zip(
        truth_rows(counts, below=0, keep_zero=True), counts.items(), strict=True
    ):
        ends = ["/".join(reversed(truth[name].split("-"))) for name in ("period_from", "period_to")]
        if n:
            lines.append([*ends, place, LONG_WORDS[method], shown(n, 5, "<5")])
    write_counts(
        folder, "t19_counts_long.csv", provider="harrowmere_counts", save=plain(lines), truths=truth_rows(counts, below=5, keep_zero=False),
        mapping={"Period from": ["period_from"], "Period to": ["period_to"], "Location": ["place_name"], "Type of assault": ["assault_method"], "Number of attendances": ["n"]},
        traps=["counts only", "<5 is suppressed: no number, and not nought"], about={"format": "csv", "encoding": "utf-8", "delimiter": ",", "header_row": 1},
    )  # fmt: skip


def counts_wide(folder: Path) -> None:
    """One column a method, months in words, totals, asterisks."""
    methods = {
        "body_part": "Fists/feet",
        "sharp_object": "Knife",
        "glass": "Bottle/glass",
        "blunt_object": "Blunt weapon",
        "other": "Other",
    }
    places = ["Saltpan Lane", "Marine Parade", "The Jolly Cockler", "Waves", "Victoria Rd"]
    counts = make_counts("tune wide", months_of(2026, 4, 3), places, list(methods))
    lines: list[list[object]] = [
        ["Assault attendances by place"],
        [],
        ["Month", "Place", *methods.values(), "All"],
    ]
    for month in months_of(2026, 4, 3):
        for place in places:
            cells = [counts[month, place, method] for method in methods]
            lines.append(
                [
                    month.strftime("%b-%y"),
                    place,
                    *(shown(n, 6, "*") for n in cells),
                    shown(sum(cells), 6, "*"),
                ]
            )
    lines.append(["Total", "", *[""] * len(methods), sum(counts.values())])
    write_counts(
        folder, "t20_counts_wide.xlsx", provider="eastmarsh_counts", save=book(lines, "Counts"), truths=truth_rows(counts, below=6, keep_zero=True),
        mapping={"Month": ["period_from", "period_to"], "Place": ["place_name"], **{label: ["assault_method", "n"] for label in methods.values()}, "All": []},
        traps=["a column for each method", "an asterisk for one to five", "a column and a row of totals", "months in words"], about={"format": "xlsx", "sheet": "Counts", "header_row": 3},
    )  # fmt: skip


TUNE = (counts_long, counts_wide)
