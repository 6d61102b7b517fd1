"""A workbook of tables: cover, contents, notes, and one table a sheet (gptables)."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any, NamedTuple

import pandas as pd

from ed_ingest import __version__
from hotspots.plain_text import plain_text
from hotspots.sheets import Book, Sheet
from hotspots.words import SUPPRESSED, is_missing

COVER_CHARACTERS = 80
# Text stays text: no cell becomes a formula or a link.
_TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class _Safe(NamedTuple):
    """What gptables would read as a link or a note, and what it is written as."""

    found: str
    written: str


_MARKUP = (_Safe("](", "] ("), _Safe("$$", "$ $"))


def write_workbook(book: Book, path: Path) -> None:
    """Write a workbook by the guidance of the Government Analysis Function.

    Parameters
    ----------
    book
        What it holds; sheets whose table has no row are left out. Titles of sheets may refer to
        notes; all other text is text alone.
    path
        File to write; its folder is made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    made = [sheet for sheet in book.sheets if len(sheet.table)]
    used = {note for sheet in made for note in re.findall(r"\$\$(\w+)\$\$", sheet.title)}
    notes = [(name, text) for name, text in book.notes.items() if name in used]
    with warnings.catch_warnings():
        # What gptables is warned of by pandas, and files that it leaves open while it is loaded,
        # are its makers' business. What it finds amiss in our tables it tells as UserWarning.
        warnings.simplefilter("ignore", category=pd.errors.Pandas4Warning)
        warnings.simplefilter("ignore", category=ResourceWarning)
        import gptables as gpt

        workbook = gpt.produce_workbook(
            filename=str(path),
            sheets={sheet.label: _table(sheet, book.shorthand, gpt.GPTable) for sheet in made},
            cover=_cover(book, gpt.Cover),
            notes_table=pd.DataFrame(notes, columns=["Note reference", "Note"]),
            workbook_options=_TEXT_ONLY,
        )
    for worksheet in workbook.worksheets():
        worksheet.set_landscape()
        worksheet.fit_to_pages(1, 0)
    workbook.set_properties(
        {
            "title": plain(f"{book.title}: {book.of}"),
            "comments": f"Made by ed-hotspots {__version__}",
            # The same figures give the same bytes.
            "created": datetime.combine(book.made_for, datetime.min.time()),
        }
    )
    workbook.close()


def _cover(book: Book, cover: Callable[..., Any]) -> Any:
    return cover(
        title=plain(book.title),
        intro=_lines(book.of, f"Protective marking: {book.marking}"),
        about=_lines(*book.about),
        contact=[f"Made by ed-hotspots {__version__}, on the partnership’s own machine"],
    )


def _lines(*texts: str) -> list[str]:
    """Lines as wide as the cover: a cell that wraps hides the next in some programs."""
    return [line for text in texts for line in wrap(plain(text), COVER_CHARACTERS)]


def _table(sheet: Sheet, shorthand: str, table: Callable[..., Any]) -> Any:
    columns: dict[str, Sequence[Any]] = {
        heading: [_cell(value) for value in sheet.table[name]]
        for name, heading in sheet.columns.items()
    }
    shares = [heading for name, heading in sheet.columns.items() if name in sheet.shares]
    formats = [{"column": {"columns": shares, "format": {"num_format": "0%"}}}] if shares else []
    return table(
        table=pd.DataFrame(columns, dtype="object"),
        table_name=sheet.label.lower().replace(" ", "_"),
        title=sheet.title,
        instructions="This worksheet contains one table. "
        f"Some cells may refer to notes, which can be found on the notes worksheet. {shorthand}",
        scope=sheet.scope,
        additional_formatting=formats,
        index_columns={2: 0},
    )


def _cell(value: Any) -> Any:
    """A value as gptables may write it: no empty cell, no date type, no word of a program."""
    if value is None or is_missing(value):
        return SUPPRESSED
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, str):
        return plain(value)
    return value.item() if hasattr(value, "item") else value


def plain(text: str) -> str:
    """Text that gptables takes for text alone, and of it what can be seen."""
    text = plain_text(text)
    for found, written in _MARKUP:
        text = text.replace(found, written)
    return text if re.search("[a-zA-Z0-9]", text) else f"{text} (no letters)".strip()
