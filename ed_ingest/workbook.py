"""Cells of a spreadsheet's visible sheets, behind guards."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ed_ingest.errors import FileError
from ed_ingest.reachable import shown_name
from ed_ingest.sheets import Sheet, Workbook
from ed_ingest.workbook_guard import Inspected, inspect_workbook, locked, unreadable


def read_workbook(path: Path, *, sheet: str | None = None) -> Workbook:
    """Read the visible sheets of a workbook, or the one named, cell by cell.

    Macros are never run and links to other workbooks never followed: the cells hold the values
    that were last saved.

    Parameters
    ----------
    path
        An .xlsx, .xlsm, .xls or .ods file, told by its content.
    sheet
        Name of one sheet, which may be hidden; all visible sheets without it.

    Returns
    -------
    Workbook
        Rows of each sheet from its first row. True dates and times are ``date``, ``datetime``,
        ``time`` or ``timedelta``; numbers are floats; an empty cell is the empty text. ``facts``
        as in `inspect_workbook`, and ``hidden_sheets``: how many were left unread.

    Raises
    ------
    FileError
        If the file is no such workbook, is locked by a password, unpacks to more than a sheet of
        records can be, or has no such sheet.
    """
    name = shown_name(path)
    inspected = inspect_workbook(path)
    try:
        # By content, not by ending: an .xlsx file under the name .xls is read as what it is.
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            return _sheets(workbook, sheet, inspected, name)
    except PasswordError:
        raise locked(name) from None
    except (CalamineError, ValueError, OSError):
        raise unreadable(name) from None
    except BaseException as fault:
        # A panic in the reader's Rust code does not derive from Exception.
        if type(fault).__name__ == "PanicException":
            raise unreadable(name) from None
        raise


def _sheets(
    workbook: CalamineWorkbook, sheet: str | None, inspected: Inspected, name: str
) -> Workbook:
    all_sheets = list(enumerate(workbook.sheets_metadata))
    cells = [(i, s) for i, s in all_sheets if s.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None and sheet not in [s.name for _, s in cells]:
        raise FileError(
            f"{name}: no sheet of the name that [format] gives, among {len(cells)}. "
            "Correct sheet under [format] in the provider's file."
        )
    visible = [(i, s) for i, s in all_sheets if s.visible == SheetVisibleEnum.Visible]
    wanted = (
        [(i, s) for i, s in visible if s.typ == SheetTypeEnum.WorkSheet]
        if sheet is None
        else [(i, s) for i, s in cells if s.name == sheet]
    )
    places = {s.name: place for place, (_, s) in enumerate(visible, start=1)}
    read = [
        Sheet(
            s.name,
            places.get(s.name, 0),
            workbook.get_sheet_by_index(i).to_python(skip_empty_area=False),
            inspected.sheets[i] if len(inspected.sheets) == len(all_sheets) else Counter(),
        )
        for i, s in wanted
    ]
    n_hidden = len(all_sheets) - len(visible) if sheet is None else 0
    return Workbook(read, {**inspected.facts, "hidden_sheets": n_hidden})
