"""Markers of crimes (alcohol, domestic abuse, knife, night-time economy) -> yes, no or unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from ed_ingest.codes import UNKNOWN, is_missing, read_codes
from ed_ingest.layout import text_of

MARKERS = ("alcohol", "domestic_abuse", "knife", "night_time_economy")
_ITEM = re.compile(r"[;,|/\n+]|\s-\s")
_NEGATED = re.compile(r"^\s*(?:no|not|non|nil)\b[\s-]*", re.IGNORECASE)


def read_markers(mapped: pd.DataFrame, values: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """Read the markers of each crime; a missing one is unknown, never no.

    Parameters
    ----------
    mapped
        Cells under the schema's names, with any of `MARKERS`. Where several are filled from the
        same column, that column lists the markers that apply ("DA; NTE").
    values
        The force's own words -> ``yes``, ``no`` or ``unknown``, by marker.

    Returns
    -------
    DataFrame
        Of each marker its code, and ``_unread_<marker>``: the text that was not understood.
    """
    texts = {marker: text_of(mapped, marker) for marker in MARKERS}
    listed = [
        marker
        for marker, text in texts.items()
        if marker not in values
        and any(text.equals(texts[m]) for m in MARKERS if m != marker)
        and _names_markers(text)
    ]
    table = pd.DataFrame(index=mapped.index)
    for marker, text in texts.items():
        if marker in listed:
            codes = _listed(text, marker)
        else:
            codes = read_codes(text, marker, values.get(marker))
        table[marker] = codes.fillna(UNKNOWN)
        table[f"_unread_{marker}"] = text.where(codes.isna())
    return table


def _names_markers(texts: pd.Series) -> bool:
    """Whether the cells are names of markers; two columns of Y and N may be equal by chance."""
    items = texts.dropna().drop_duplicates().str.split(_ITEM, regex=True).explode()
    return bool(read_codes(items, "marker", guess=False).isin(MARKERS).any())


def _listed(texts: pd.Series, marker: str) -> pd.Series:
    """Whether a list of markers names this one; it says nothing of those that it leaves out."""
    places, distinct = pd.factorize(texts)
    found = [_in_list(str(text), marker) for text in distinct]
    return pd.Series([*found, UNKNOWN], dtype="str").take(places).set_axis(texts.index)


def _in_list(text: str, marker: str) -> str:
    items = pd.Series([item for item in _ITEM.split(text) if not is_missing(item)], dtype="str")
    bare = items.str.replace(_NEGATED, "", regex=True)
    named = read_codes(bare, "marker", guess=False).eq(marker)
    if not named.any():
        return UNKNOWN
    return "yes" if (named & items.eq(bare)).any() else "no"
