"""Names of streets and buildings that a police location holds alone: no home is meant by them.

What a clerk writes as words, a force writes as an address: "Burges Place" is no place of Burges's
there, and no house is the fourth of "Four Elms Road".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

import pandas as pd

from ed_ingest.homes import home_positions
from ed_ingest.words import normal_word, vocabulary, vocabulary_kind

# Words of a name as it is written: "St Andrew'S", "Maes-Y-Coed"; small words join them.
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’`´-][^\W\d_]+)*\.?")
_JOINING = frozenset({"of", "the", "and", "on", "upon", "le", "la", "de", "y", "yr", "ar"})
_MOST_WORDS = 5
_PARTS = re.compile(r"([,;/])")
_OWNED = re.compile(r"['’`´]s?$", re.IGNORECASE)
# Before these a name with an apostrophe is a street's, not somebody's: St Andrew's Place.
_TITLES = frozenset(
    {"st", "saint", "king", "queen", "prince", "princess", "duke", "earl", "lady", "bishop"}
)
_COUNTS = frozenset(
    {
        *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
        *("eleven", "twelve"),
    }
)
# Some things are counted without an s: Five Mile Lane, Ten Acre Road.
_COUNTED = frozenset({"mile", "acre", "tree"})


def street_names_taken_out(names: pd.Series) -> pd.Series:
    """Leave of each street's name that stands alone only the word for the street.

    Parameters
    ----------
    names
        A force's locations in words; may be missing. Parts between commas, semicolons and strokes
        are looked at one by one.

    Returns
    -------
    Series
        On the index of `names`: "Burges Place, Ely" becomes "Place, Ely". A part with a figure,
        with words that say whose home it is, or in small letters stays as it was.
    """
    return names.map(lambda text: _each_part(str(text), _street), na_action="ignore")


def building_names_taken_out(names: pd.Series) -> pd.Series:
    """Take out each building's name that ends in House and stands alone.

    By itself such a name may be a home's: only for crimes that the force says were at none. Takes
    and gives the same as `street_names_taken_out`: "Noble House, Ely" becomes ", Ely".
    """
    return names.map(lambda text: _each_part(str(text), _building), na_action="ignore")


def _each_part(text: str, known: Callable[[str], str | None]) -> str:
    parts = _PARTS.split(text)
    for i, part in enumerate(parts[::2]):
        left = known(part.strip())
        if left is not None:
            parts[2 * i] = part.replace(part.strip(), left)
    return "".join(parts)


@lru_cache(maxsize=100_000)
def _street(part: str) -> str | None:
    """The word for the street, where the part is a street's name and nothing else."""
    written = part.split()
    words = _name(written)
    if words is None or words[-1] not in vocabulary_kind("place_types", "kind", "street"):
        return None
    if _says_whose(words[:-1]) or _is_somebodys(written[:-1], words[:-1]):
        return None
    return None if _may_be_a_number(words) else written[-1]


@lru_cache(maxsize=100_000)
def _building(part: str) -> str | None:
    """Nothing, where the part is a building's name and nothing else."""
    written = part.split()
    words = _name(written)
    if words is None or words[-1] != "house" or _says_whose(words[:-1]):
        return None
    return None if _OWNED.search(written[-2]) or words[0] in _numbers() else ""


def _name(written: list[str]) -> list[str] | None:
    """Normal form of the words where all are written as a name is."""
    if not 2 <= len(written) <= _MOST_WORDS or not all(map(_NAME_WORD.fullmatch, written)):
        return None
    if any(word[0].islower() and word not in _JOINING for word in written):
        return None
    return [normal_word(word.rstrip(".")) for word in written]


def _says_whose(words: list[str]) -> bool:
    """Whether a word says that it was a home, or whose: "Mums Place", "Flat Victim Road"."""
    return bool(home_positions(words))


def _is_somebodys(written: list[str], words: list[str]) -> bool:
    """Whether a person's name with an apostrophe owns it: "Darren's Place"."""
    if not _OWNED.search(written[-1]):
        return False
    titled = len(words) > 1 and words[-2] in _TITLES
    return not titled and words[-1].removesuffix("s") in vocabulary("person_names", "name")


def _may_be_a_number(words: list[str]) -> bool:
    """Whether the first word may number a house: "Four Mill Lane", unlike "Four Elms Road"."""
    first, second = words[0], words[1]
    several = second.endswith("s") and not second.endswith("ss")
    counts = len(words) > 2 and (several or second in _COUNTED)
    return first in _numbers() and not (first in _COUNTS and counts)


def _numbers() -> frozenset[str]:
    tens = {"twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred"}
    teens = {f"{n}teen" for n in ("thir", "four", "fif", "six", "seven", "eigh", "nine")}
    return _COUNTS | tens | teens
