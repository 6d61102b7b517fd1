"""The completeness workbook: the figures of the report as tables for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from hotspots.completeness_sheets import NOTES, sheets
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.sheets import Book
from hotspots.small_numbers import LEAST_BASE
from hotspots.words import SUPPRESSED, period_words
from hotspots.workbook import write_workbook

_SHORTHAND = (
    f"{SUPPRESSED}: held back, because a small number could be worked out or there are too few "
    "rows. [z]: not applicable, or nothing came."
)


def write_completeness_workbook(completeness: PublishableCompleteness, path: Path) -> None:
    """Write completeness.xlsx by the guidance of the Government Analysis Function.

    Parameters
    ----------
    completeness
        What gate 2 let through.
    path
        File to write; its folder is made.
    """
    period = period_words(completeness.period_from, completeness.period_to)
    book = Book(
        title="Minimum data set completeness",
        of=f"{completeness.partnership}, {period}",
        marking=completeness.marking,
        about=_about(completeness),
        sheets=sheets(completeness),
        notes=NOTES,
        shorthand=_SHORTHAND,
        made_for=completeness.period_to,
    )
    write_workbook(book, path)


def _about(found: PublishableCompleteness) -> list[str]:
    base = max(LEAST_BASE, found.threshold)
    rounding = (
        f"Counts are rounded to the nearest {base}; none but 0 is shown as less."
        if found.rounding == "round5"
        else f"Counts under {found.threshold} are not shown."
    )
    return [
        "How complete the records of assaults are that each hospital sends: which item fails, "
        "since when, and what to ask for.",
        f"{rounding} Shares come from rounded counts. {_SHORTHAND}",
        "Deliveries of the partnership’s emergency departments. National figures of 2009: "
        "Steel, Ward and Diamond, Home Office survey of Community Safety Partnerships, Table 5 "
        "(Open Government Licence).",
    ]
