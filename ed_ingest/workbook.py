"""Cells of a spreadsheet, behind guards: a small file can be made to fill the memory."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from ed_ingest.errors import FileError

# Rows of cells, as python-calamine or the csv module gives them.
Rows = Sequence[Sequence[object]]

MAX_UNPACKED_BYTES = 2**30
MAX_MEMBERS = 5_000
# A workbook that unpacks to more than 100 MB and 200 times its size was made to do harm.
MAX_RATIO = 200
_RATIO_COUNTS_FROM = 100 * 2**20
# The reader lays a sheet out as one rectangle, however far apart its cells are; beyond the
# machine's memory it does not raise but ends the process.
MAX_CELLS = 60_000_000

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
# Cells beyond column Z that hold something: an empty one closes at once.
_FAR_CELL = re.compile(rb"\br=[\"']([A-Z]{2,3})\d{1,7}[\"'][^>]*(?<!/)>(?!</c>)")
_ROW = re.compile(rb"\br=[\"'](\d{1,7})[\"']")
_ODS_TAG = re.compile(rb"<table:table-(row|cell|covered-table-cell)\b([^>]*)>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated=[\"'](\d+)[\"']")


def read_sheets(path: Path, *, sheet: str | None = None) -> Mapping[str, Rows]:
    """Read the visible sheets of a workbook, or the one named, cell by cell.

    Parameters
    ----------
    path
        An .xlsx, .xls or .ods file.
    sheet
        Name of one sheet, which may be hidden; all visible sheets without it.

    Returns
    -------
    Mapping
        Rows of each sheet from its first row. True dates and times are ``date``, ``datetime``,
        ``time`` or ``timedelta``; numbers are floats; an empty cell is the empty text.

    Raises
    ------
    FileError
        If the file is no such workbook, is locked by a password, has macros, unpacks to more than
        a sheet of records can be, or has no such sheet.
    """
    _guard(path)
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            names = _sheet_names(workbook, sheet, path.name)
            return {
                name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in names
            }
    except PasswordError:
        raise _locked(path.name) from None
    except (CalamineError, ValueError):
        raise _unreadable(path.name) from None
    except BaseException as fault:
        # A panic in the reader's Rust code does not derive from Exception.
        if type(fault).__name__ == "PanicException":
            raise _unreadable(path.name) from None
        raise


def _sheet_names(workbook: CalamineWorkbook, sheet: str | None, name: str) -> list[str]:
    cells = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
    if sheet is None:
        return [s.name for s in cells if s.visible == SheetVisibleEnum.Visible]
    if sheet not in [s.name for s in cells]:
        raise FileError(
            f"{name}: no sheet of the name that [format] gives, among {len(cells)}. "
            "Correct sheet under [format] in the provider's file."
        )
    return [sheet]


def _guard(path: Path) -> None:
    """Refuse what should not be unpacked, by the file's own directory."""
    with path.open("rb") as file:
        start = file.read(len(_OLE))
    if path.suffix.lower() == ".xls" and start == _OLE:
        return
    if start == _OLE:
        raise (
            _locked(path.name) if _ENCRYPTED_OFFICE in path.read_bytes() else _unreadable(path.name)
        )
    if path.suffix.lower() == ".xls" or not start.startswith(_ZIP):
        raise _unreadable(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            _guard_directory(archive, path)
            _guard_extent(archive, path.name)
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError):
        raise _unreadable(path.name) from None


def _guard_directory(archive: zipfile.ZipFile, path: Path) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    too_dense = total > _RATIO_COUNTS_FROM and total / packed > MAX_RATIO
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED_BYTES or too_dense:
        raise FileError(
            f"{path.name}: unpacks to {total / 2**20:,.0f} MB in {len(members):,} parts, more than "
            "a workbook of records needs. Copy the rows into a new workbook, or send them as CSV."
        )
    if any(member.flag_bits & 1 for member in members) or _is_encrypted_ods(archive):
        raise _locked(path.name)
    if any(member.filename.lower().endswith("vbaproject.bin") for member in members):
        raise FileError(
            f"{path.name}: the workbook has macros. Save it as .xlsx and send it again."
        )


def _is_encrypted_ods(archive: zipfile.ZipFile) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


def _guard_extent(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse sheets with a few cells far out."""
    for member in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member, re.IGNORECASE):
            cells = _extent_of_xlsx(archive.read(member))
        elif member == "content.xml":
            cells = _extent_of_ods(archive.read(member))
        else:
            continue
        if cells > MAX_CELLS:
            raise FileError(
                f"{name}: a sheet has cells far from its table ({cells:,} cells in all). "
                "Copy the rows into a new workbook, or send them as CSV."
            )


def _extent_of_xlsx(xml: bytes) -> int:
    """Rows × columns of the rectangle around all cells; at least 26 columns are assumed."""
    columns = max((_column(letters) for letters in set(_FAR_CELL.findall(xml))), default=26)
    rows = max((int(row) for row in _ROW.findall(xml)), default=2**20)
    return rows * columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _extent_of_ods(xml: bytes) -> int:
    """Rows × columns of the rectangle around all cells with a value; repeats are written once."""
    row = last_row = column = last_column = repeat = 0
    for tag, attributes in _ODS_TAG.findall(xml):
        times = int(found[1]) if (found := _REPEATED.search(attributes)) else 1
        if tag == b"row":
            row, column, repeat = row + repeat, 0, times
        elif b"value-type" in attributes:
            last_row, last_column = max(last_row, row + repeat), max(last_column, column + times)
        column += times if tag != b"row" else 0
    return last_row * last_column


def _locked(name: str) -> FileError:
    return FileError(
        f"{name}: the workbook is locked by a password. Save it without one and send it again "
        "by the agreed secure way."
    )


def _unreadable(name: str) -> FileError:
    return FileError(
        f"{name}: not a workbook that can be read, whatever its name says. Open it in a "
        "spreadsheet program and save it as .xlsx or as CSV."
    )
