"""Write a plain spreadsheet (XLSX), the same bytes for the same content."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from hotspots.simulated.identifiers import digits
from hotspots.simulated.names import Words

_EXCEL_EPOCH = np.datetime64("1899-12-30T00:00", "m")
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def write_xlsx(
    path: Path, frame: pd.DataFrame, *, sheet: str, titles: tuple[str, ...], author: str
) -> None:
    """Write one sheet: title rows, a header row, then the table; times are true dates.

    Written here rather than by a library: a million cells take a second, not half a minute, and
    the bytes depend on the content alone.
    """
    lines = [_row(k, [title]) for k, title in enumerate(titles, start=1)]
    lines.append(_row(len(titles) + 1, [str(name) for name in frame.columns]))
    number = digits(np.arange(len(frame)) + len(titles) + 2)
    cells = [_cells(_letter(k) + number, frame[name]) for k, name in enumerate(frame)]
    lines += map("".join, zip('<row r="' + number + '">', *cells, strict=True))
    parts = _WORKBOOK | {
        "xl/workbook.xml": _WORKBOOK["xl/workbook.xml"].replace("SHEET", escape(sheet)),
        "docProps/core.xml": _WORKBOOK["docProps/core.xml"].replace("AUTHOR", escape(author)),
        "xl/worksheets/sheet1.xml": f"{_HEAD}<worksheet {_MAIN}><sheetData>"
        + "</row>".join(lines)
        + "</row></sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            entry = zipfile.ZipInfo(part, _ZIP_TIME)
            archive.writestr(entry, text, zipfile.ZIP_DEFLATED, compresslevel=2)


def _row(number: int, texts: list[str]) -> str:
    cells = [
        f'<c r="{_letter(k)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for k, text in enumerate(texts)
    ]
    return f'<row r="{number}">{"".join(cells)}'


def _letter(column: int) -> str:
    """Letter of one of the first 26 columns."""
    return chr(ord("A") + column)


def _cells(at: Words, values: pd.Series) -> Words:
    """Cells of one column; blank ones are left out."""
    if values.dtype.kind == "M":
        serial = (values.to_numpy().astype("M8[m]") - _EXCEL_EPOCH).astype(np.int64) / 1440
        code, days = pd.factorize(serial)
        text = np.array([repr(float(day)) for day in days], dtype=object)[code]
        return np.asarray('<c r="' + at + '" s="1"><v>' + text + "</v></c>")
    code, distinct = pd.factorize(values)
    safe = np.array([escape(str(text)) for text in distinct], dtype=object)[code]
    cell = '<c r="' + at + '" t="inlineStr"><is><t xml:space="preserve">' + safe + "</t></is></c>"
    return np.where(values.to_numpy() == "", "", cell).astype(object)


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WORKBOOK = {
    "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
    "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/></Relationships>',
    "xl/workbook.xml": f'{_HEAD}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>'
    '<sheet name="SHEET" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f"{_HEAD}<styleSheet {_MAIN}>"
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy hh:mm"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
    "docProps/core.xml": f"{_HEAD}<cp:coreProperties "
    f'xmlns:cp="{_PACKAGE}/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>AUTHOR</dc:creator>'
    '<dcterms:created xsi:type="dcterms:W3CDTF">2025-01-01T00:00:00Z</dcterms:created>'
    "</cp:coreProperties>",
}
