"""reference/aliases.csv: what an analyst said that words of locations mean. Read strictly."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path

from ed_ingest.answered_places import SPECIAL
from ed_ingest.errors import ReferenceDataError
from ed_ingest.place_phrases import asked_form

FILE_NAME = "aliases.csv"
COLUMNS = ("alias", "place_id", "decided_on")


def read_aliases(folder: Path, place_ids: Collection[str]) -> dict[str, str]:
    """Read the aliases of a reference folder; a person may have edited the file.

    Parameters
    ----------
    folder
        The workspace's reference folder; without the file in it there are no aliases.
    place_ids
        Ids of all places that the reference data know.

    Returns
    -------
    dict
        Words in the form of `asked_form` -> place id or one of `SPECIAL`.

    Raises
    ------
    ReferenceDataError
        If the file is no CSV with these columns, or a line has a blank, a place that is not known,
        or words that another line gives another meaning. All faults are told, each by its line.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return {}
    aliases: dict[str, str] = {}
    faults = []
    for number, alias, place_id in _lines(_text(path)):
        form = asked_form(alias)
        if not form or not place_id:
            faults.append(f"line {number} has no alias or no place_id: fill it in or delete it.")
        elif place_id not in place_ids and place_id not in SPECIAL:
            faults.append(
                f"line {number} has a place_id that is in no file of the reference data: correct "
                f"it, or use one of {', '.join(SPECIAL)}."
            )
        elif aliases.setdefault(form, place_id) != place_id:
            faults.append(
                f"line {number} gives an alias another meaning than an earlier line: delete one."
            )
    if faults:
        raise ReferenceDataError(f"reference/{FILE_NAME}: " + " Also, ".join(faults))
    return aliases


def append_aliases(folder: Path, answers: Mapping[str, str], *, decided_on: date) -> None:
    """Add answers to the end of the file, all of them or none; what stands there stays.

    Parameters
    ----------
    folder
        The workspace's reference folder.
    answers
        Words -> place id or one of `SPECIAL`, all of them checked before.
    decided_on
        The day of the answers.

    Raises
    ------
    ReferenceDataError
        If the file cannot be written, as when it is open in Excel.
    """
    path = folder / FILE_NAME
    before = _text(path) if path.is_file() else ",".join(COLUMNS) + "\n"
    text = io.StringIO()
    text.write(before if before.endswith("\n") else before + "\n")
    rows = csv.DictWriter(
        text,
        _header(before),
        restval="",
        extrasaction="ignore",
        delimiter=_delimiter(before),
        lineterminator="\n",
    )
    rows.writerows(
        dict(zip(COLUMNS, (alias, place_id, decided_on.isoformat()), strict=True))
        for alias, place_id in answers.items()
    )
    unfinished = folder / f".{FILE_NAME}.unfinished"
    try:
        # The mark at the start tells Excel that Welsh letters are UTF-8.
        unfinished.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        unfinished.replace(path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise ReferenceDataError(
            f"reference/{FILE_NAME}: cannot be written. Close it in other programs, and try again."
        ) from None


def _lines(text: str) -> list[tuple[int, str, str]]:
    """Number, alias and place id of each line that holds anything."""
    header = _header(text)
    at = [header.index(name) for name in COLUMNS[:2]]
    lines = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    next(reader)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                alias, place_id = (row[i].strip() if i < len(row) else "" for i in at)
                lines.append((reader.line_num, alias, place_id))
    except csv.Error:
        raise ReferenceDataError(
            f"reference/{FILE_NAME}: line {reader.line_num} cannot be read. Look for a quotation "
            "mark that is not closed."
        ) from None
    return lines


def _header(text: str) -> list[str]:
    header = next(csv.reader(io.StringIO(text), delimiter=_delimiter(text)), [])
    names = [cell.strip().lower() for cell in header]
    missing = [name for name in COLUMNS[:2] if name not in names]
    if missing:
        raise ReferenceDataError(
            f"reference/{FILE_NAME}: no column for {', '.join(missing)}. "
            f"The header must be {','.join(COLUMNS)}."
        )
    return names


def _delimiter(text: str) -> str:
    """Excel saves with semicolons where the computer's region writes a comma in numbers."""
    header = text.partition("\n")[0]
    return ";" if ";" in header and "," not in header else ","


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = raw.decode("cp1252")
    except (OSError, UnicodeDecodeError):
        raise ReferenceDataError(
            f"reference/{FILE_NAME}: cannot be read. Save it again as CSV (UTF-8)."
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
