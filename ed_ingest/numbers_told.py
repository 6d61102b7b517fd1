"""Numbers in words -> contract codes: how many assailants, which age band."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from ed_ingest.phrases import UNKNOWN

_PEOPLE = (
    r"(?:other\s+|unknown\s+|adult\s+|young\s+|white\s+|black\s+)*"
    r"(?:m\b|f\b|(?:fe)?males?|m[ae]n|wom[ae]n|boys?|girls?|lads?|youths?|adults?|teen\w*|persons?|"
    r"people|strangers?|friends?|brothers?|sisters?|child\w*)"
)
_SPELT = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
# "1 male and 2 females", "two men, a woman": each number with the people that it counts.
_EACH = re.compile(rf"(?<![\w-])(\d+|{'|'.join(_SPELT)})\s*x?\s*{_PEOPLE}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?=\.\d)|(?<![\d.])\d+|(?<=\D\.)\d+")
_MORE = re.compile(r"\+|\b(?:more|least|over|than|plus|between|to|or)\b", re.IGNORECASE)
# "1+" and "2+" leave open whether it was one more.
_OPEN = re.compile(r"^\W*[12]\s*(?:\+|plus\b)", re.IGNORECASE)

_BAND_STARTS = (0, 16, 18, 25, 35, 45, 55, 65)
_BANDS = ("0-15", "16-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
_OLDEST = 120
_LONGEST = 300  # letters looked at; Python reads no number of more than some thousand figures
_IN_MONTHS = re.compile(
    r"\d\s*(?:m\b|mo\b|mths?\b|months?\b|/12|w\b|wks?\b|weeks?\b|days?\b)", re.IGNORECASE
)
_UNDER = re.compile(r"(?:<(?!=)|\b(?:under|below|younger than|less than)\b)\D*(\d+)", re.IGNORECASE)
_UP_TO = re.compile(
    r"(?:<=|≤|\bup to\b)\D*(\d+)|(\d+)\D*\b(?:and|or) (?:under|below|younger)", re.IGNORECASE
)
_OVER = re.compile(
    r"(?:>(?!=)|\b(?:over|above|older than|more than)\b)\s*(?:the age of\s*)?(\d+)", re.IGNORECASE
)
_FROM = re.compile(
    r"(?:>=|≥)\s*(\d+)"
    r"|(\d+)\s*(?:y\w*\s*)?(?:\+|plus\b|(?:and|or|&) (?:over|above|older|more))",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(\d0)'?s\b", re.IGNORECASE)


def assailants_told(texts: pd.Series) -> pd.Series:
    """Number of assailants as a code: of people counted apart the sum, else the largest number."""
    places, distinct = pd.factorize(texts)
    codes = [_assailants(str(text)[:_LONGEST]) for text in distinct] + [None]
    return pd.Series(codes, dtype="str").take(places).set_axis(texts.index)


def people_counted(texts: pd.Series) -> pd.Series:
    """The same where the words count people ("2 youths", "1 male 1 female"); missing elsewhere."""
    places, distinct = pd.factorize(texts)
    codes = [_people(str(text)[:_LONGEST]) for text in distinct] + [None]
    return pd.Series(codes, dtype="str").take(places).set_axis(texts.index)


def age_bands_told(texts: pd.Series) -> pd.Series:
    """Age band that holds every age in the words; missing where it is none or more than one.

    Parameters
    ----------
    texts
        Ages ("43", "17 yrs", "8/12") and bands ("20-24", "65 and over"); may be missing.

    Returns
    -------
    Series
        Contract codes on the index of `texts`. A band that lies across two of the contract's is
        ``unknown``, an age beyond 120 too.
    """
    places, distinct = pd.factorize(texts)
    codes = [_age_band(str(text)[:_LONGEST]) for text in distinct] + [None]
    return pd.Series(codes, dtype="str").take(places).set_axis(texts.index)


def _assailants(text: str) -> str | None:
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if not numbers:
        return None
    if _OPEN.search(text):
        return UNKNOWN
    return _band_of_number(max(numbers))


def _people(text: str) -> str | None:
    if _MORE.search(text):
        return None
    counted = [_SPELT.get(n.lower()) or int(n) for n in _EACH.findall(text) if n != "0"]
    return _band_of_number(sum(counted)) if counted else None


def _band_of_number(number: int) -> str:
    if number == 0:
        return UNKNOWN
    return "3+" if number > 2 else str(number)


def _age_band(text: str) -> str | None:
    if not _NUMBER.search(text):
        return None
    if _IN_MONTHS.search(text):
        return _BANDS[0]
    youngest, oldest = _ages(text)
    if youngest > _OLDEST or oldest < youngest:
        return UNKNOWN
    bands = {int(n) for n in np.searchsorted(_BAND_STARTS, [youngest, oldest], side="right")}
    return _BANDS[bands.pop() - 1] if len(bands) == 1 else UNKNOWN


def _ages(text: str) -> tuple[int, int]:
    """Youngest and oldest age that the words leave open."""
    if (limit := _first(_UP_TO, text)) is not None:
        return 0, limit
    if (limit := _first(_UNDER, text)) is not None:
        return 0, limit - 1
    if (limit := _first(_FROM, text)) is not None:
        return limit, _OLDEST
    if (limit := _first(_OVER, text)) is not None:
        # "over 65" is what people say for 65 and over.
        return limit, _OLDEST
    if (decade := _first(_DECADE, text)) is not None:
        return decade, decade + 9
    numbers = [int(number) for number in _NUMBER.findall(text)]
    return min(numbers), max(numbers)


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(text)
    return int(next(group for group in match.groups() if group)) if match else None
