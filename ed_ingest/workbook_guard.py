"""A workbook's parts before they are read: what does harm is refused, what is hidden counted."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from ed_ingest.errors import FileError
from ed_ingest.reachable import shown_name

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
_BLOCK, _OVERLAP = 2**23, 2**16
_TYPE = tuple("<!DOCTYPE".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))
_ENTITY = tuple("<!ENTITY".encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be"))

# Cells beyond column Z that hold something: an empty one closes at once.
_FAR_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]{2,7})\d+[\"'][^>]*(?<!/)>(?!</)")
# First looked for as plain text, which is many times faster; the other mark is hardly ever used.
_FAR = re.compile(rb'r="[A-Z]{2}')
_ROW = re.compile(rb"<row\b[^>]*?\br=[\"'](\d+)[\"']")
# Rows of a sheet whose elements have a prefix, or whose cells alone say where they are.
_ANY_ROW = re.compile(rb"<(?:\w+:)?(?:row|c)\b[^>]*?\br=[\"'][A-Z]{0,7}(\d+)[\"']")
_FORMULA = re.compile(rb"<c\b([^>]*)>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_HIDDEN = re.compile(rb"<(?:\w+:)?col\b(?=[^>]*\bhidden=[\"'](?:1|true)[\"'])[^>]*>")
_BOUND = re.compile(rb"\b(min|max)=[\"'](\d{1,5})[\"']")
_SHEET_PART = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_SHEET_ENTRY = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\b\w+:id=[\"']([^\"']+)[\"']")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
_ODS_TAG = re.compile(rb"<table:table-(row|cell|covered-table-cell|column)\b([^>]*)>")
_REPEATED = re.compile(rb"number-(?:rows|columns)-repeated=[\"'](\d+)[\"']")
_ODS_HIDDEN = re.compile(rb"table:visibility=[\"'](?:collapse|filter)[\"']")


class Inspected(NamedTuple):
    """Facts about the whole file, and counts of each sheet in the workbook's order."""

    facts: dict[str, int]
    sheets: list[Counter[str]]


def inspect_workbook(path: Path) -> Inspected:
    """Refuse a workbook that should not be unpacked; count what its cells will not tell.

    Returns
    -------
    Inspected
        ``facts``: ``epoch_1904``, ``macros``, ``external_links`` (1 where so). Of each sheet of an
        .xlsx, .xlsm or .ods file: ``hidden_columns``, ``error_cells``, ``formulas_without_value``.
        Of an .xls file nothing is counted.

    Raises
    ------
    FileError
        If the file is no workbook, is locked by a password, declares entities, or unpacks to more
        than a sheet of records can be.
    """
    name = shown_name(path)
    with path.open("rb") as file:
        start = file.read(len(_OLE))
    if start == _OLE:
        content = path.read_bytes()
        if _ENCRYPTED_OFFICE in content:
            raise locked(name)
        return Inspected({}, [])
    if not start.startswith(_ZIP):
        raise unreadable(name)
    try:
        with zipfile.ZipFile(path) as archive:
            _guard_directory(archive, path, name)
            return _looked_through(archive, name)
    except (
        zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError, KeyError, ValueError,
        NotImplementedError,
    ):  # fmt: skip
        raise unreadable(name) from None


def _guard_directory(archive: zipfile.ZipFile, path: Path, name: str) -> None:
    members = archive.infolist()
    total = sum(member.file_size for member in members)
    packed = max(path.stat().st_size, 1)
    too_dense = total > _RATIO_COUNTS_FROM and total / packed > MAX_RATIO
    if len(members) > MAX_MEMBERS or total > MAX_UNPACKED_BYTES or too_dense:
        raise FileError(
            f"{name}: unpacks to {total / 2**20:,.0f} MB in {len(members):,} parts, more than "
            "a workbook of records needs. Copy the rows into a new workbook, or send them as CSV."
        )
    if any(member.flag_bits & 1 for member in members) or _is_encrypted_ods(archive):
        raise locked(name)


def _is_encrypted_ods(archive: zipfile.ZipFile) -> bool:
    manifest = "META-INF/manifest.xml"
    return manifest in archive.namelist() and b"encryption-data" in archive.read(manifest)


def _looked_through(archive: zipfile.ZipFile, name: str) -> Inspected:
    """Read each XML part once, block by block: what Python has unpacked is what its entry says."""
    parts = archive.namelist()
    counted: dict[str, Counter[str]] = {}
    ods: list[Counter[str]] = []
    for part in parts:
        if not part.lower().endswith((".xml", ".rels")):
            continue
        if _SHEET_PART.fullmatch(part):
            counted[part.lower()] = _of_xlsx(_blocks(archive, part, name), name)
        elif part == "content.xml":
            ods = _of_ods(b"".join(_blocks(archive, part, name)), name)
        else:
            for _ in _blocks(archive, part, name):
                pass
    facts = {
        "epoch_1904": int(_has_epoch_1904(archive)),
        "macros": int(any(part.lower().endswith("vbaproject.bin") for part in parts)),
        "external_links": int(any(part.lower().startswith("xl/externallinks/") for part in parts)),
    }
    order = _sheet_parts(archive)
    return Inspected(facts, ods or [counted.get(part, Counter()) for part in order])


def _blocks(archive: zipfile.ZipFile, part: str, name: str) -> Iterator[bytes]:
    """A part in blocks that end between tags, looked through for declarations of entities."""
    rest = b""
    with archive.open(part) as stream:
        while block := stream.read(_BLOCK):
            rest += block
            if any(sign in rest for sign in (*_TYPE, *_ENTITY)):
                raise FileError(
                    f"{name}: a part of the workbook declares a document type, which no "
                    "spreadsheet program writes. Copy the rows into a new workbook."
                )
            # A row's end, so that no cell is cut; or anywhere in a part that has none.
            cut = rest.rfind(b"</row>") + 1
            cut = cut if cut > 0 else max(len(rest) - _OVERLAP, 0)
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _of_xlsx(blocks: Iterator[bytes], name: str) -> Counter[str]:
    """Counts of one sheet; refuses a few cells far out: the reader lays out the whole rectangle."""
    counts: Counter[str] = Counter()
    rows, columns = 0, 26
    for xml in blocks:
        if _FAR.search(xml) or b"r='" in xml:
            columns = max(columns, *map(_column, set(_FAR_CELL.findall(xml))), 0)
        rows = max(rows, *map(int, _ROW.findall(xml) or _ANY_ROW.findall(xml)), 0)
        counts["error_cells"] += xml.count(b't="e"') + xml.count(b"t='e'")
        if b"<f" in xml:
            formulas = _FORMULA.findall(xml)
            counts["formulas_without_value"] += sum(b't="str"' not in f for f in formulas)
        for tag in _HIDDEN.findall(xml):
            bound = {key: int(value) for key, value in _BOUND.findall(tag)}
            counts["hidden_columns"] += bound.get(b"max", 1) - bound.get(b"min", 1) + 1
    _guard_extent(rows * columns, name)
    return counts


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _of_ods(xml: bytes, name: str) -> list[Counter[str]]:
    sheets = []
    for table in xml.split(b"<table:table ")[1:]:
        _guard_extent(extent_of_ods(table), name)
        hidden = 0
        for tag, attributes in _ODS_TAG.findall(table):
            if tag == b"column" and _ODS_HIDDEN.search(attributes):
                repeated = _REPEATED.search(attributes)
                hidden += int(repeated[1]) if repeated else 1
        sheets.append(Counter({"hidden_columns": hidden}))
    return sheets


def extent_of_ods(xml: bytes) -> int:
    """Rows × columns of the rectangle around all cells with a value; repeats are written once."""
    row = last_row = column = last_column = repeat = 0
    for tag, attributes in _ODS_TAG.findall(xml):
        if tag == b"column":
            continue
        times = int(found[1]) if (found := _REPEATED.search(attributes)) else 1
        if tag == b"row":
            row, column, repeat = row + repeat, 0, times
        elif b"value-type" in attributes:
            last_row, last_column = max(last_row, row + repeat), max(last_column, column + times)
        column += times if tag != b"row" else 0
    return last_row * last_column


def _guard_extent(cells: int, name: str) -> None:
    if cells > MAX_CELLS:
        raise FileError(
            f"{name}: a sheet has cells far from its table ({cells:,} cells in all). "
            "Copy the rows into a new workbook, or send them as CSV."
        )


def _has_epoch_1904(archive: zipfile.ZipFile) -> bool:
    workbook = "xl/workbook.xml"
    pattern = rb"\bdate1904=[\"'](?:1|true)[\"']"
    return workbook in archive.namelist() and bool(re.search(pattern, archive.read(workbook)))


def _sheet_parts(archive: zipfile.ZipFile) -> list[str]:
    """Names of the sheets' parts, in the workbook's order."""
    workbook, relations = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {workbook, relations} <= set(archive.namelist()):
        return []
    targets = {}
    for tag in _RELATION.findall(archive.read(relations)):
        said = dict(re.findall(rb"\b(Id|Target)=[\"']([^\"']+)[\"']", tag))
        target = said.get(b"Target", b"").decode("utf-8", "replace").lower()
        targets[said.get(b"Id", b"")] = str(PurePosixPath("/xl") / target).removeprefix("/")
    return [targets.get(key, "") for key in _SHEET_ENTRY.findall(archive.read(workbook))]


def locked(name: str) -> FileError:
    """The refusal of a workbook with a password."""
    return FileError(
        f"{name}: the workbook is locked by a password. Save it without one and send it again "
        "by the agreed secure way."
    )


def unreadable(name: str) -> FileError:
    """The refusal of what is no workbook."""
    return FileError(
        f"{name}: not a workbook that can be read, whatever its name says. Open it in a "
        "spreadsheet program and save it as .xlsx or as CSV."
    )
