"""Apply a provider's mapping: the file's headers become the schema's names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

import pandas as pd

from ed_ingest.codes import is_missing, read_codes
from ed_ingest.errors import MappingError
from ed_ingest.header import BEYOND_HEADERS
from ed_ingest.tables import Mapped, RawExtract

_NO_TICKS: Mapping[str, tuple[str, ...]] = MappingProxyType({})
# A cross marks a box as well, though elsewhere it stands for "not known".
_CHECK_MARKS = frozenset("✓✔☑☒√xX")


def apply_mapping(
    raw: RawExtract,
    columns: Mapping[str, str | tuple[str, ...]],
    *,
    where: str,
    ticks: Mapping[str, tuple[str, ...]] = _NO_TICKS,
) -> Mapped:
    """Keep the mapped columns under the schema's names; all others are left behind.

    Parameters
    ----------
    raw
        Cells as delivered.
    columns
        Schema name -> header, or several headers whose words are joined with a comma. Headers
        match in any case and with any white space.
    where
        The file, and whose mapping it is, for messages.
    ticks
        Schema name -> headers of boxes to tick. The headers of the ticked ones are the words of
        that column, before those of its own headers.

    Returns
    -------
    Mapped
        On the index of `raw`: the mapped columns; ``_repeat``: an earlier row of the file is equal
        in every delivered cell; ``_misplaced``: the row has cells beyond the last header.

    Raises
    ------
    MappingError
        If nothing is mapped, or a header is not in the file; names all that are missing.
    """
    if not columns and not ticks:
        raise MappingError(f"{where}: no column is mapped. Fill [columns] in the provider's file.")
    headers = {_plain(str(header)): str(header) for header in reversed(list(raw.columns))}
    wanted = {name: _headers(header) for name, header in columns.items()}
    missing = [
        f"{name} (header {header})"
        for name, names in [*wanted.items(), *ticks.items()]
        for header in names
        if _plain(header) not in headers
    ]
    if missing:
        raise MappingError(
            f"{where}: no column for {', '.join(missing)}. "
            "Check [columns] in the provider's file against the headers of the delivery."
        )
    mapped = pd.DataFrame(index=raw.index)
    for name, names in wanted.items():
        found = [raw[headers[_plain(header)]] for header in names]
        mapped[name] = found[0] if len(found) == 1 else _joined(found)
    for name, boxes in ticks.items():
        found = [_ticked(raw[headers[_plain(box)]], box) for box in boxes]
        mapped[name] = _joined([*found, mapped[name]] if name in mapped else found)
    mapped["_repeat"] = raw.duplicated()
    # In what epoch bare day numbers count, for those who read dates.
    mapped.attrs["epoch_1904"] = raw.attrs.get("epoch_1904", 0)
    mapped["_misplaced"] = raw[BEYOND_HEADERS].notna() if BEYOND_HEADERS in raw else False
    return Mapped(mapped)


def as_text(cells: pd.Series) -> pd.Series:
    """Cells as a person would type them: trimmed, whole numbers without point, dates as ISO.

    Returns
    -------
    Series
        ``str`` values, missing where the cell is blank, on the index of `cells`.
    """
    if cells.dtype == "str":
        text = cells.str.strip()
        return text.where(text != "")
    places, distinct = pd.factorize(cells)
    texts = pd.Series([*(_text(cell) for cell in distinct), None], dtype="str")
    return texts.take(places).set_axis(cells.index)


def text_of(mapped: pd.DataFrame, column: str) -> pd.Series:
    """One column as text; all missing where it is not mapped."""
    if column not in mapped:
        return pd.Series(None, index=mapped.index, dtype="str")
    return as_text(mapped[column])


def _headers(header: str | tuple[str, ...]) -> tuple[str, ...]:
    return (header,) if isinstance(header, str) else tuple(header)


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold()


def _joined(columns: list[pd.Series]) -> pd.Series:
    """Words of several columns with ", " between them; blank cells are skipped."""
    joined = as_text(columns[0])
    for column in columns[1:]:
        text = as_text(column)
        joined = (joined + ", " + text).fillna(joined).fillna(text)
    return joined


def _ticked(cells: pd.Series, header: str) -> pd.Series:
    """The header's own words (without those of its group) where the box is ticked."""
    text = as_text(cells)
    answers = read_codes(text, "yes_no")
    marks = text.map(lambda mark: mark in _CHECK_MARKS, na_action="ignore").fillna(False)
    asked = text.map(is_missing, na_action="ignore").fillna(True)
    ticked = marks.astype(bool) | (~asked.astype(bool) & (answers != "no"))
    return pd.Series(header.rsplit(" / ", 1)[-1], index=cells.index, dtype="str").where(ticked)


def _text(cell: object) -> str | None:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        minutes = int(cell.total_seconds() // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    return str(cell).strip() or None
