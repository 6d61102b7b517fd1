"""Home Office codes and words for offences -> normalised code and offence group."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ed_ingest.codes import UNKNOWN, read_codes
from ed_ingest.layout import as_text

# The columns that tell the group, the surest first: each has its own word list.
TELLING = ("offence_code", "offence", "crime_type")
OTHER = "other"
# What may stand before a code, and the words that may stand after it.
_BEFORE = r"^\s*(?:(?:HOME OFFICE|HO|HOCR)\s*(?:CODE|CLASS)?\s*[:.-]?\s*)?"
_AFTER = r"(?:\s*[-–—:(,]\s*|\s+)(?=[A-Z]{2}[A-Z]*\b).*"
# Classes of the Home Office counting rules have at most three figures, below 200.
_CODE = (
    rf"{_BEFORE}0*(1?\d{{1,2}})\s*([A-Z]{{0,2}})\s*(?:(?:[./]|(?<=\d)-)\s*0*(\d{{1,3}}))?"
    rf"(?:{_AFTER})?\s*$"
)
# Class and sub-code in one: 00806 is 8/6. Spreadsheets drop the noughts in front: 806. A number of
# three figures below 200 is a class.
_GLUED = rf"{_BEFORE}(\d{{1,3}})(\d{{2}})(?:{_AFTER})?\s*$"
_LAST_CLASS = 199
_ZERO = r"^0+(?=\d)"


def offence_codes(texts: pd.Series) -> pd.Series:
    """Normalise Home Office offence codes: ``8n`` becomes ``8N``, ``4.1`` and ``004/01`` ``4/1``.

    Parameters
    ----------
    texts
        Codes in any common writing (``008/06``, ``00806``, ``8N``), alone or before the offence in
        words (``8N Assault with injury``); may be missing.

    Returns
    -------
    Series
        Codes on the index of `texts`; missing where the text is none.
    """
    places, distinct = pd.factorize(texts)
    upper = pd.Series(distinct, dtype="str").str.upper()
    glued = _glued(upper)
    parts = upper.str.extract(_CODE)
    sub = ("/" + parts[2]).where(parts[2].notna(), "")
    codes = (parts[0] + parts[1].fillna("") + sub).where(glued.isna(), glued)
    kept = pd.concat([codes, pd.Series([None], dtype="str")], ignore_index=True)
    return kept.take(places).set_axis(texts.index).astype("str")


def _glued(upper: pd.Series) -> pd.Series:
    parts = upper.str.extract(_GLUED)
    number = pd.to_numeric(parts[0] + parts[1], errors="coerce")
    main, sub = (parts[n].str.replace(_ZERO, "", regex=True) for n in (0, 1))
    possible = (number > _LAST_CLASS) & pd.to_numeric(main, errors="coerce").between(1, _LAST_CLASS)
    return (main + "/" + sub).where(possible)


def offence_groups(
    cells: pd.DataFrame, values: Mapping[str, Mapping[str, str]]
) -> tuple[pd.Series, pd.Series]:
    """Find each row's offence group from its code, else its words, else its police.uk category.

    A code that is not listed, such as ``34/1``, is that of its class, ``34``, where the words do
    not tell the group either.

    Parameters
    ----------
    cells
        With any of ``offence_code``, ``offence``, ``crime_type``.
    values
        The force's own words -> offence group, by column.

    Returns
    -------
    tuple of Series
        Offence groups (``other`` where nothing tells one), and the text that was not understood.
    """
    groups = pd.Series(None, index=cells.index, dtype="str")
    unread = groups
    for column in (name for name in TELLING if name in cells):
        text = as_text(cells[column])
        looked_up = offence_codes(text).fillna(text) if column == "offence_code" else text
        found = read_codes(looked_up, column, values.get(column), guess=column != "offence_code")
        if column == "offence_code":
            found = found.fillna(read_codes(text, "offence").where(_has_words(text)))
        groups = groups.fillna(found.where(found != UNKNOWN))
        unread = unread.fillna(text.where(found.isna()))
    if "offence_code" in cells:
        classes = offence_codes(as_text(cells["offence_code"])).str.partition("/")[0]
        of_class = read_codes(classes, "offence_code", guess=False)
        groups = groups.fillna(of_class.where(of_class != UNKNOWN))
    return groups.fillna(OTHER), unread.where(groups.isna())


def _has_words(texts: pd.Series) -> pd.Series:
    """Whether a text holds words besides a code; no code has three letters together."""
    return texts.str.contains(r"[A-Za-z]{3}", na=False)
