"""Write a delivery in a file format, and its truth and description beside it."""

# ruff: noqa: E501 - tables of wordings are easier to read unwrapped; the dice are seeded on purpose.
from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from kit import Case, Column, stamp

Rows = list[list[object] | None]  # None is a blank row
TRUTH = ["arrived_at", "expect", "expect_alt", "source_record", "assault_from", "assault_to",
         "time_precision", "time_precision_alt", "from_min", "from_max", "to_min", "to_max",
         "clock_change", "night_of", "assault_method", "location_type", "alcohol", "drugs",
         "domestic_abuse", "reported_to_police", "gang_related", "admitted", "assailants",
         "relationship", "age_band", "sex"]  # fmt: skip


@dataclass
class Layout:
    """What is to be written, and where in the file."""

    name: str  # file name with its ending
    provider: str
    columns: Sequence[Column]
    cases: Sequence[Case]
    traps: Sequence[str]
    key: str = "arrived_at"
    agreed: Sequence[str] = ()
    value_maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    header_row: int | list[int] = 1
    blank_before: Sequence[int] = ()  # a blank row before these cases
    duplicates: int = 0
    last_rows: Sequence[Sequence[object]] = ()  # totals and footers
    about: Mapping[str, object] = field(default_factory=dict)
    groups: Sequence[str] = ()  # the upper of two header rows, one entry a column


def table(layout: Layout) -> tuple[Rows, list[dict[str, str]]]:
    """The data rows as delivered, and one truth row for each that is not blank."""
    first = layout.header_row if isinstance(layout.header_row, int) else layout.header_row[-1]
    rows: Rows = []
    truths: list[dict[str, str]] = []
    eligible = [c.number for c in layout.cases if c.kind == "plain"]
    step = max(1, len(eligible) // (layout.duplicates + 1))
    doubled = set(eligible[step::step][: layout.duplicates])
    for case in layout.cases:
        if case.number in layout.blank_before:
            rows.append(None)
        cells = [column.cell(case) for column in layout.columns]
        truth = {
            **case.truth,
            "arrived_at": "" if layout.key != "arrived_at" else stamp(case.arrived),
        }
        for n in range(1 + (case.number in doubled)):
            rows.append(cells)
            fate = {"expect": "duplicate", "expect_alt": ""} if n else {}
            truths.append({**truth, **fate, "source_record": str(first + len(rows))})
    return rows, truths


def note_truth(layout: Layout, folder: Path, truths: list[dict[str, str]], **about: object) -> None:
    """Write the truth and the description of a delivery."""
    stem = layout.name.rsplit(".", 1)[0]
    present = {name for row in truths for name, value in row.items() if value}
    wanted = list(TRUTH)
    for row in truths:
        wanted += [name for name in row if name not in wanted]
    judged = [name for name in wanted if name in present or name in TRUTH[1:2]]
    with (folder / f"{stem}.truth.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, judged, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(truths)
    count = [row["expect"] for row in truths]
    names = ("stored", "rejected", "dropped_not_assault", "duplicate")
    planted = sorted({text for case in layout.cases for text in case.planted})
    meta = {
        "file": layout.name, "kind": "assaults", "provider": layout.provider, "key": layout.key,
        **about, "header_row": layout.header_row,
        "rows": {name: count.count(name) for name in names}, "traps": list(layout.traps),
        "sharing_agreement_agreed": list(layout.agreed),
        "mapping": {column.header: column.to for column in layout.columns},
        "identifier_columns": [c.header for c in layout.columns if c.identifier],
        **({"value_maps": layout.value_maps} if layout.value_maps else {}),
        "identifiers_planted": planted,
        "identifiers_planted_hard": sorted({text for case in layout.cases for text in case.hard}),
        **layout.about,
    }  # fmt: skip
    text = json.dumps(meta, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{stem}.meta.json").write_text(text, encoding="utf-8", newline="\n")


def headers(layout: Layout) -> list[object]:
    """The header as the file spells it: under a group, without the group's name."""
    if not layout.groups:
        return [column.header for column in layout.columns]
    return [column.header.split(" / ", 1)[-1] for column in layout.columns]


def as_csv(
    layout: Layout, folder: Path, *, encoding: str = "utf-8", delimiter: str = ",",
    quoting: int = csv.QUOTE_MINIMAL, titles: Sequence[Sequence[object]] = (), newline: str = "\r\n",
) -> None:  # fmt: skip
    """Text, one line a row."""
    rows, truths = table(layout)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=newline)  # type: ignore[arg-type]
    top = [list(layout.groups)] if layout.groups else []
    for row in [*titles, *top, headers(layout), *(row or [] for row in rows), *layout.last_rows]:
        writer.writerow(row)
    codec = "utf-16" if encoding == "utf-16" else encoding
    data = out.getvalue().encode(codec)
    if encoding == "utf-16":  # the byte order must not hang on the machine
        data = b"\xff\xfe" + out.getvalue().encode("utf-16-le")
    (folder / layout.name).write_bytes(data)
    note_truth(layout, folder, truths, format="csv", encoding=encoding, delimiter=delimiter)


# ---------------------------------------------------------------- workbooks


def freeze_zip(path: Path) -> None:
    """Take the clock out of a zip file, so that each run writes the same."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            if name == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-01T00:00:00Z", data)
            archive.writestr(
                zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED
            )


def as_xlsx(
    layout: Layout, folder: Path, *, sheet: str, before: Sequence[tuple[str, list[list[object]], bool]] = (),
    after: Sequence[tuple[str, list[list[object]], bool]] = (), titles: Sequence[Sequence[object]] = (),
    epoch_1904: bool = False, merge: bool = False,
) -> None:  # fmt: skip
    """An Excel workbook; `before` and `after` are other sheets (name, rows, hidden)."""
    import openpyxl  # optional writer
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    rows, truths = table(layout)
    book = openpyxl.Workbook()
    book.remove(book.active)
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    for name, lines, hidden in before:
        _sheet(book, name, lines, hidden=hidden)
    data = book.create_sheet(sheet)
    top = [list(layout.groups)] if layout.groups else []
    for line in [*titles, *top, headers(layout)]:
        data.append(list(line))
    _fill(data, layout, rows)
    for column_no, column in enumerate(layout.columns, 1):
        if column.hidden:
            data.column_dimensions[get_column_letter(column_no)].hidden = True
    if merge:
        _merge_groups(data, layout.groups, len(titles) + 1)
    for name, lines, hidden in after:
        _sheet(book, name, lines, hidden=hidden)
    book.active = book.sheetnames.index(sheet)
    book.save(folder / layout.name)
    freeze_zip(folder / layout.name)
    note_truth(layout, folder, truths, format="xlsx", sheet=sheet)


def _fill(data, layout: Layout, rows: Rows) -> None:  # type: ignore[no-untyped-def]
    """The rows under the header, then totals and footers."""
    first = data.max_row
    for line_no, row in enumerate([*rows, *layout.last_rows], first + 1):
        for column_no, value in enumerate(row or [], 1):
            if value in ("", None):
                continue
            cell = data.cell(line_no, column_no, value)
            known = column_no <= len(layout.columns)
            pattern = layout.columns[column_no - 1].number_format if known else ""
            if pattern and not isinstance(value, str) and line_no <= first + len(rows):
                cell.number_format = pattern


def _sheet(book, name: str, lines: list[list[object]], *, hidden: bool) -> None:  # type: ignore[no-untyped-def]
    page = book.create_sheet(name)
    for line in lines:
        page.append(line)
    if hidden:
        page.sheet_state = "hidden"


def _merge_groups(data, groups: Sequence[str], row: int) -> None:  # type: ignore[no-untyped-def]
    """Join each group's cells across: only its first cell keeps the text, as in Excel."""
    starts = [n for n, name in enumerate(groups, 1) if name]
    for start, stop in zip(starts, [*starts[1:], len(groups) + 1], strict=True):
        if stop - start > 1:
            data.merge_cells(start_row=row, end_row=row, start_column=start, end_column=stop - 1)


def as_xls(
    layout: Layout, folder: Path, *, sheet: str, titles: Sequence[Sequence[object]] = ()
) -> None:
    """An Excel 97 workbook."""
    import xlwt  # optional writer

    rows, truths = table(layout)
    book = xlwt.Workbook(encoding="utf-8")
    page = book.add_sheet(sheet)
    for line_no, row in enumerate(
        [*titles, headers(layout), *(row or [] for row in rows), *layout.last_rows]
    ):
        for column_no, value in enumerate(row):
            if value in ("", None):
                continue
            pattern = (
                layout.columns[column_no].number_format if column_no < len(layout.columns) else ""
            )
            style = (
                xlwt.easyxf(num_format_str=pattern)
                if pattern and not isinstance(value, str)
                else xlwt.Style.default_style
            )
            page.write(line_no, column_no, value, style)
    book.save(str(folder / layout.name))
    note_truth(layout, folder, truths, format="xls", sheet=sheet)


ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest='
    '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type='
    '"application/vnd.oasis.opendocument.spreadsheet"/><manifest:file-entry '
    'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    "<office:body><office:spreadsheet>"
)


def _ods_cell(value: object) -> str:
    if value in ("", None):
        return "<table:table-cell/>"
    text = f"<text:p>{escape(str(value))}</text:p>"
    kind = 'office:value-type="string"'
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, dt.datetime):
        kind = f'office:value-type="date" office:date-value="{value:%Y-%m-%dT%H:%M:%S}"'
        text = f"<text:p>{value:%d/%m/%y %H:%M}</text:p>"
    elif isinstance(value, dt.date):
        kind = f'office:value-type="date" office:date-value="{value:%Y-%m-%d}"'
        text = f"<text:p>{value:%d/%m/%y}</text:p>"
    elif isinstance(value, dt.time):
        kind = f'office:value-type="time" office:time-value="PT{value:%HH%MM%SS}"'
        text = f"<text:p>{value:%H:%M}</text:p>"
    elif isinstance(value, (int, float)):
        kind = f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}>{text}</table:table-cell>"


def as_ods(
    layout: Layout, folder: Path, *, sheet: str, before: Sequence[tuple[str, list[list[object]]]] = (),
    titles: Sequence[Sequence[object]] = (),
) -> None:  # fmt: skip
    """An OpenDocument workbook, by hand."""
    rows, truths = table(layout)
    top = [list(layout.groups)] if layout.groups else []
    body: list[Sequence[object]] = [
        *titles,
        *top,
        headers(layout),
        *(row or [] for row in rows),
        *layout.last_rows,
    ]
    parts = [ODS_HEAD]
    for name, lines in [*before, (sheet, body)]:
        parts.append(f'<table:table table:name="{escape(name)}">')
        for line in lines:
            cells = "".join(_ods_cell(value) for value in line) or "<table:table-cell/>"
            parts.append(f"<table:table-row>{cells}</table:table-row>")
        parts.append("</table:table>")
    parts.append("</office:spreadsheet></office:body></office:document-content>")
    with zipfile.ZipFile(folder / layout.name, "w") as archive:
        for member, data in (
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("META-INF/manifest.xml", ODS_MANIFEST), ("content.xml", "".join(parts)),
        ):  # fmt: skip
            packing = zipfile.ZIP_STORED if member == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(member, (2026, 1, 1, 0, 0, 0)), data, packing)
    note_truth(layout, folder, truths, format="ods", sheet=sheet)


def as_xml(
    layout: Layout,
    folder: Path,
    *,
    root: str,
    record: str,
    head: str = "",
    attributes: bool = False,
) -> None:
    """A list of records; every field an element, or an attribute."""
    rows, truths = table(layout)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<{root}>", *([head] if head else [])]
    for row in rows:
        cells = [
            (c.header, escape(str(v), {'"': "&quot;"}))
            for c, v in zip(layout.columns, row or [], strict=True)
        ]
        if attributes:
            lines.append(f"  <{record} " + " ".join(f'{n}="{v}"' for n, v in cells) + "/>")
        else:
            lines += [
                f"  <{record}>",
                *(f"    <{n}>{v}</{n}>" for n, v in cells if v),
                f"  </{record}>",
            ]
    lines.append(f"</{root}>")
    (folder / layout.name).write_bytes(("\n".join(lines) + "\n").encode("utf-8"))
    for n, truth in enumerate(truths, 1):  # an XML record has no spreadsheet row: its ordinal
        truth["source_record"] = str(n)
    note_truth(layout, folder, truths, format="xml", record=record)


# ---------------------------------------------------------------- counts


def write_counts(
    folder: Path, name: str, *, provider: str, save: Callable[[Path], None], truths: Iterable[dict[str, str]],
    mapping: Mapping[str, list[str]], traps: Sequence[str], about: Mapping[str, object],
) -> None:  # fmt: skip
    """A file of counts with its truth."""
    save(folder / name)
    stem = name.rsplit(".", 1)[0]
    truths = list(truths)
    with (folder / f"{stem}.truth.csv").open("w", encoding="utf-8", newline="") as out:
        fields = [
            "expect",
            "expect_alt",
            "period_from",
            "period_to",
            "place_name",
            "assault_method",
            "n",
        ]
        writer = csv.DictWriter(out, fields, lineterminator="\n", restval="")
        writer.writeheader()
        writer.writerows({"expect": "stored", **row} for row in truths)
    meta = {
        "file": name, "kind": "assault_counts", "provider": provider, "key": "period_from", **about,
        "rows": {"stored": len(truths), "rejected": 0, "dropped_not_assault": 0, "duplicate": 0},
        "traps": list(traps), "sharing_agreement_agreed": [], "mapping": mapping,
        "identifier_columns": [], "identifiers_planted": [], "identifiers_planted_hard": [],
    }  # fmt: skip
    text = json.dumps(meta, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{stem}.meta.json").write_text(text, encoding="utf-8", newline="\n")
