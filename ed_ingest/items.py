"""The items that hospitals are asked for, and which of them a delivered row holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.codes import normal_words
from ed_ingest.schema import load_vocabulary


@dataclass(frozen=True)
class Item:
    """One item of the minimum data set or of the survey's Table 5.

    Attributes
    ----------
    item
        Its name in tables; columns of its own keep the contract's name.
    title
        What people read.
    columns
        Names of the schema's columns; the item is delivered when one of them is.
    national_2009
        Share of 108 partnerships with hospital data that received the item in 2009: Steel, Ward
        and Diamond, Home Office survey of Community Safety Partnerships, Table 5.
    minimum
        Part of the Department of Health's minimum data set.
    """

    item: str
    title: str
    columns: tuple[str, ...]
    national_2009: float
    minimum: bool = False


_METHOD = ("assault_method",)
ITEMS = (
    Item("type", "Type of assault", _METHOD, 0.87, minimum=True),
    Item("time", "Time of assault", ("assault_time", "assault_at"), 0.62, minimum=True),
    Item(
        "location",
        "Location of assault",
        ("location_text", "easting", "northing", "latitude", "longitude"),
        0.70,
        minimum=True,
    ),
    Item("alcohol", "Alcohol related", ("alcohol",), 0.74),
    Item("knife", "Knife or sharp instrument used", _METHOD, 0.64),
    Item("premises", "Details of premises, where appropriate", ("location_text",), 0.58),
    Item("other_weapon", "Other weapon used", _METHOD, 0.56),
    Item("firearm", "Firearm used", _METHOD, 0.55),
    Item("domestic_abuse", "Domestic abuse", ("domestic_abuse",), 0.43),
    Item("reported_to_police", "Reported to the police", ("reported_to_police",), 0.40),
    Item("drugs", "Drug related", ("drugs",), 0.37),
    Item("relationship", "Relationship of victim and assailant", ("relationship",), 0.32),
    Item("assailants", "Number of assailants", ("assailants",), 0.24),
    Item("gang_related", "Gang related", ("gang_related",), 0.07),
)
# Above the bits of the items: a word for "not known" came instead; the time was exactly midnight;
# where date and time share a cell, the date stood alone; the location was told in one word.
_WORD_BITS = len(ITEMS)
_MIDNIGHT_BIT = 2 * len(ITEMS)
_DATE_ONLY_BIT = 2 * len(ITEMS) + 1
_ONE_WORD_BIT = 2 * len(ITEMS) + 2
_MIDNIGHT = r"(?:^|\s|T)0{1,2}:?00(?::00)?(?:\.0+)?$"
_DATE_ONLY = r"^\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{1,4}$"


def items_present(mapped: pd.DataFrame) -> pd.Series:
    """Note for each delivered row which items it holds.

    Parameters
    ----------
    mapped
        Cells as delivered under the schema's names; only mapped columns.

    Returns
    -------
    Series
        Whole numbers on the index of `mapped`. Bit i is set when ``ITEMS[i]`` is present: one of
        its columns is not blank and not a word for "not known"; where date and time share a cell,
        a date alone is no time. Higher bits tell whether such a word came, whether the time was
        exactly midnight, whether the date stood alone, and whether the location was one word.
    """
    cells = {name: _kind_of_cell(mapped[name]) for name in _columns() if name in mapped.columns}
    mask = np.zeros(len(mapped), dtype=np.int64)
    if "assault_at" in cells:
        alone = _matches(mapped["assault_at"], _DATE_ONLY)
        cells["assault_at"] = np.where(alone, _BLANK, cells["assault_at"])
        mask |= alone.astype(np.int64) << _DATE_ONLY_BIT
    for bit, item in enumerate(ITEMS):
        kinds = [cells[name] for name in item.columns if name in cells]
        if kinds:
            best = np.max(kinds, axis=0)
            mask |= (best == _VALUE).astype(np.int64) << bit
            mask |= (best == _WORD).astype(np.int64) << (_WORD_BITS + bit)
    for name in ("assault_time", "assault_at"):
        if name in mapped.columns:
            mask |= _matches(mapped[name], _MIDNIGHT).astype(np.int64) << _MIDNIGHT_BIT
    if "location_text" in cells:
        one = _is_one_word(mapped["location_text"]) & (cells["location_text"] == _VALUE)
        mask |= one.astype(np.int64) << _ONE_WORD_BIT
    return pd.Series(mask, index=mapped.index, name="items_present")


def is_present(masks: pd.Series, item: str) -> pd.Series:
    """Whether the item was delivered."""
    return _bit(masks, _position(item))


def was_word(masks: pd.Series, item: str) -> pd.Series:
    """Whether a word for "not known" was delivered instead of the item."""
    return _bit(masks, _WORD_BITS + _position(item))


def was_midnight(masks: pd.Series) -> pd.Series:
    """Whether the time was delivered as exactly midnight."""
    return _bit(masks, _MIDNIGHT_BIT)


def was_date_alone(masks: pd.Series) -> pd.Series:
    """Whether a date without a time stood where both were asked for."""
    return _bit(masks, _DATE_ONLY_BIT)


def was_one_word(masks: pd.Series) -> pd.Series:
    """Whether the location was told in a single word."""
    return _bit(masks, _ONE_WORD_BIT)


_BLANK, _WORD, _VALUE = 0, 1, 2


def _matches(cells: pd.Series, pattern: str) -> NDArray[np.bool_]:
    found = cells.astype("str").str.strip().str.contains(pattern, na=False)
    return found.to_numpy(dtype=bool)


def _kind_of_cell(cells: pd.Series) -> NDArray[np.int64]:
    """Blank, a word for "not known", or a value; looked up once for each distinct cell."""
    words = {normal_words(word) for word in load_vocabulary("missing")["words"]}
    places, distinct = pd.factorize(cells)
    kinds = [_kind_of_text(str(cell), words) for cell in distinct]
    return np.array([*kinds, _BLANK], dtype=np.int64)[places]


def _is_one_word(cells: pd.Series) -> NDArray[np.bool_]:
    places, distinct = pd.factorize(cells)
    return np.array([*(len(str(cell).split()) == 1 for cell in distinct), False])[places]


def _kind_of_text(text: str, words: set[str]) -> int:
    if not text.strip():
        return _BLANK
    form = normal_words(text)
    # Nothing but signs, such as "-" or "?", stands for a word too.
    return _WORD if not form or form in words else _VALUE


def _columns() -> list[str]:
    return sorted({name for item in ITEMS for name in item.columns})


def _position(item: str) -> int:
    return [known.item for known in ITEMS].index(item)


def _bit(masks: pd.Series, bit: int) -> pd.Series:
    return pd.Series((masks.to_numpy(dtype=np.int64) >> bit) & 1 == 1, index=masks.index)
