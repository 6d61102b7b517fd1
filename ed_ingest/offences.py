"""Home Office codes and words for offences -> normalised code and offence group."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ed_ingest.codes import UNKNOWN, read_codes
from ed_ingest.layout import as_text

# The columns that tell the group, the surest first: each has its own word list.
TELLING = ("offence_code", "offence", "crime_type")
OTHER = "other"
# Classes of the Home Office counting rules have at most three figures, below 200.
_CODE = r"^0*(1?\d{1,2})\s*([A-Z]{0,2})\s*(?:[./]\s*0*(\d{1,3}))?$"


def offence_codes(texts: pd.Series) -> pd.Series:
    """Normalise Home Office offence codes: ``8n`` becomes ``8N``, ``4.1`` and ``004/01`` ``4/1``.

    Returns
    -------
    Series
        Codes on the index of `texts`; missing where the text is none.
    """
    parts = texts.str.upper().str.extract(_CODE)
    sub = ("/" + parts[2]).where(parts[2].notna(), "")
    codes: pd.Series = parts[0] + parts[1].fillna("") + sub
    return codes.astype("str")


def offence_groups(
    cells: pd.DataFrame, values: Mapping[str, Mapping[str, str]]
) -> tuple[pd.Series, pd.Series]:
    """Find each row's offence group from its code, else its words, else its police.uk category.

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
        found = read_codes(looked_up, column, values.get(column))
        groups = groups.fillna(found.where(found != UNKNOWN))
        unread = unread.fillna(text.where(found.isna()))
    return groups.fillna(OTHER), unread.where(groups.isna())
