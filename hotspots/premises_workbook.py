"""The premises workbook: the figures of the licensing page as tables for a spreadsheet."""

from __future__ import annotations

from pathlib import Path

from hotspots.premises_sheets import NOTES, SHORTHAND, about_premises, premises_sheets
from hotspots.publishable import Publishable
from hotspots.sheets import Book
from hotspots.words import period_words
from hotspots.workbook import write_workbook


def write_premises_workbook(publishable: Publishable, path: Path) -> None:
    """Write premises.xlsx: all premises with enough incidents, for analysts and licensing alone.

    Parameters
    ----------
    publishable
        What gate 2 let through.
    path
        File to write; its folder is made.
    """
    p = publishable
    period = period_words(p.period_from, p.period_to)
    book = Book(
        title="Premises named in hospital records",
        of=f"{p.partnership}, {period}",
        marking=p.marking,
        about=about_premises(p),
        sheets=premises_sheets(p),
        notes=NOTES,
        shorthand=SHORTHAND,
        made_for=p.period_to,
    )
    write_workbook(book, path)
