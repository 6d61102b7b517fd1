"""What the cells of one column look like: dates, times, codes, numbers, places, people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from nhs_number.validate import is_valid as is_nhs_number

from ed_ingest.codes import UNKNOWN, is_missing, read_codes
from ed_ingest.layout import as_text
from ed_ingest.when import DateOrder, read_moments, read_times
from ed_ingest.words import normal_text, vocabulary, vocabulary_kind

MOST_CELLS = 1_500  # cells looked at, evenly over the column

# Word lists that a coded column may be read by.
WORD_LISTS = (
    "assault_method", "location_type", "yes_no", "alcohol", "drugs",
    "domestic_abuse", "reported_to_police", "gang_related", "admitted", "assailants",
    "relationship", "sex", "age_band", "attendance_reason",
)  # fmt: skip

_SIGN_OF_TIME = re.compile(
    r"\d\s*[:.;]\s*\d|\d\s*[ap]\.?m|\b(?:[01]?\d|2[0-4])[0-5]\d\b|[a-z]{4}", re.I
)
_TICKS = frozenset(
    {"x", "y", "yes", "1", "true", "t", "ticked", "tick", "checked", "✓", "✔", "☑", "n", "no", "0",
     "false", "f", "-", "ie", "na", "nage", "oes", "do", "selected", "not selected"}
)  # fmt: skip
_POSTCODE = re.compile(r"\s*[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\s*", re.I)
_PHONE = re.compile(r"\s*(?:\+44\s?|0|\(0)\d[\d\s()-]{8,13}\s*")
_EMAIL = re.compile(r"\s*[\w.+'-]+@[\w-]+\.[\w.-]+\s*")
_REFERENCE = re.compile(
    r"\s*(?=(?:[^\d]*\d){5})[A-Z]{0,4}[\d/\-. ]{5,}[A-Z]{0,2}\s*"
    r"|\s*(?=(?:.*\d){3})[A-Z\d]{2,}(?:[-/][A-Z\d]{2,})+\s*",
    re.I,
)
_HOUSE = re.compile(r"\s*(?:flat\s+\w+,?\s*)?\d{1,4}[a-z]?,?\s+[A-Z]", re.I)
_AREA = re.compile(r"\s*[EWSN]\d{8}\s*", re.I)
_LONG_CODE = re.compile(r"\s*\d{6,18}(?:\.0)?\s*")
_LONE_NAME = re.compile(r"\s*[^\W\d_]{2,}(?:[-' ’][^\W\d_]+){0,2}\s*")


class Look(NamedTuple):
    """What one column holds; shares are of its filled cells, 0 to 1.

    ``filled``: share of rows with a cell. ``n``: cells looked at. ``distinct``: different cells.
    ``words``: mean words in a cell. ``day``: a date without time; ``moment``: with its time (of
    these ``midnight``: exactly 00:00); ``clock``: a time of day; ``number``: a number, from ``low``
    to ``high`` (NaN without any). ``codes``: by word list, cells that it knows and that tell
    something. ``tick``: marks of a box ticked or not. ``unique``: no two filled cells alike.
    ``counting``: whole numbers rising one by one. ``no_assault``: understood as no assault.
    """

    filled: float
    n: int
    distinct: int
    words: float
    missing: float
    day: float
    moment: float
    midnight: float
    clock: float
    number: float
    low: float
    high: float
    codes: Mapping[str, float]
    no_assault: float
    tick: float
    unique: bool
    counting: bool
    nhs: float
    reference: float
    postcode: float
    phone: float
    email: float
    house: float
    area: float
    long_code: float
    person: float
    place: float


def look_at(
    cells: pd.Series, *, date_order: DateOrder = "dmy", word_lists: Sequence[str] = WORD_LISTS
) -> Look:
    """Look at one column of cells as delivered.

    Parameters
    ----------
    cells
        Text, numbers, true dates and times; may be missing.
    date_order
        Order of figures in the file's dates.
    word_lists
        The lists by which the cells are read; each takes its time.

    Returns
    -------
    Look
        Figures only: no cell stays in it.
    """
    text = as_text(cells)
    filled = text.notna()
    sample = _evenly(cells[filled])
    words = text.loc[sample.index]
    told = words[~words.map(is_missing).astype(bool)] if len(words) else words
    moments = read_moments(sample.loc[told.index], date_order=date_order)
    dated = moments["understood"] & moments["day"].notna()
    timed = dated & moments["kind"].isin(["minute", "midnight", "part_of_day"])
    numbers = pd.to_numeric(told.str.replace(",", ""), errors="coerce")
    share = _shares(told)
    return Look(
        filled=float(filled.mean()) if len(cells) else 0.0,
        n=len(told),
        distinct=int(told.nunique()),
        words=float((told.str.count(r"\S+")).mean()) if len(told) else 0.0,
        missing=1 - len(told) / len(words) if len(words) else 0.0,
        day=_mean(dated & ~timed),
        moment=_mean(timed),
        midnight=_mean(timed & (moments["from_min"] == 0)),
        clock=_mean(_clocks(sample.loc[told.index], told)),
        number=_mean(numbers.notna()),
        low=float(numbers.min()) if numbers.notna().any() else np.nan,
        high=float(numbers.max()) if numbers.notna().any() else np.nan,
        codes=MappingProxyType({name: _known(told, name) for name in word_lists}),
        no_assault=(
            _mean(read_codes(told, "attendance_reason").eq("not_assault")) if word_lists else 0.0
        ),
        # A cross is a mark here, though elsewhere it stands for "not known".
        tick=_mean(words.str.strip().str.casefold().isin(_TICKS)),
        unique=bool(text[filled].is_unique),
        counting=_counting(pd.to_numeric(text[filled], errors="coerce")),
        nhs=_mean(told.map(_is_nhs).astype(bool)) if len(told) else 0.0,
        person=_people(told),
        place=_places(told),
        **share,
    )


def _evenly(cells: pd.Series) -> pd.Series:
    step = max(1, len(cells) // MOST_CELLS)
    return cells.iloc[::step]


def _mean(mask: pd.Series) -> float:
    return float(mask.mean()) if len(mask) else 0.0


def _shares(told: pd.Series) -> dict[str, float]:
    patterns = {
        "reference": _REFERENCE, "postcode": _POSTCODE, "phone": _PHONE, "email": _EMAIL,
        "area": _AREA, "long_code": _LONG_CODE,
    }  # fmt: skip
    shares = {
        name: _mean(told.str.fullmatch(pattern, na=False)) for name, pattern in patterns.items()
    }
    shares["house"] = _mean(told.str.match(_HOUSE, na=False))
    return shares


def _clocks(cells: pd.Series, told: pd.Series) -> pd.Series:
    """Cells that tell a time of day and cannot as well be a code or a count."""
    understood = read_times(cells)["kind"].isin(["minute", "midnight", "part_of_day"])
    true_time = cells.map(_is_true_time).astype(bool) if len(cells) else understood
    signs = told.str.contains(_SIGN_OF_TIME, na=False)
    return understood & (true_time | signs)


def _is_true_time(cell: object) -> bool:
    if isinstance(cell, time | timedelta):
        return True
    if isinstance(cell, datetime):
        # A spreadsheet's time of day that was written out as a date.
        return cell.date() <= date(1900, 1, 1)
    return isinstance(cell, float) and 0 < cell < 1


def _known(told: pd.Series, name: str) -> float:
    return _mean(read_codes(told, name).ne(UNKNOWN) & read_codes(told, name).notna())


def _is_nhs(text: str) -> bool:
    digits = re.sub(r"[\s-]|\.0$", "", text)
    return len(digits) == 10 and digits.isdigit() and bool(is_nhs_number(digits))


def _counting(numbers: pd.Series) -> bool:
    """Whether the numbers are those of rows: they rise one by one."""
    if len(numbers) < 3 or numbers.isna().any():
        return False
    return bool((numbers.diff().iloc[1:] == 1).mean() > 0.9)


def _people(told: pd.Series) -> float:
    """Share of cells that are the name of somebody: lone words, some of them common names."""
    lone = told[told.str.fullmatch(_LONE_NAME, na=False)]
    if len(lone) < 0.7 * len(told) or not len(told):
        return 0.0
    names = vocabulary("person_names", "name")
    return _mean(lone.map(lambda text: bool(set(normal_text(text).split()) & names)).astype(bool))


def _places(told: pd.Series) -> float:
    """Share of cells with a word that ends the name of a street, a venue or an open place."""
    kinds = [vocabulary_kind("place_types", "kind", kind) for kind in ("street", "venue", "open")]
    known = frozenset().union(*kinds) | vocabulary("towns", "name")
    has = told.map(lambda text: bool(set(normal_text(text).split()) & known))
    return _mean(has.astype(bool)) if len(told) else 0.0
