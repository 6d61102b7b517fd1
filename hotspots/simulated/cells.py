"""Cells as a hospital's system writes them: its own words for codes, answers, joined words."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.simulated.names import Words
from hotspots.simulated.wording import Wording


def worded(
    rng: np.random.Generator, people: pd.DataFrame, column: str, provider: str, missing: float
) -> Words:
    """Write contract codes in the words of the provider's file, a share of them as not known.

    A code that the provider has no word for is written as its word for other public places.
    """
    words = _provider_words(provider, column)
    other = words.get("other_public", "")
    written = people[column].map({code: words.get(code, other) for code in people[column].unique()})
    return np.where(rng.random(len(people)) < missing, words["unknown"], written).astype(object)


def _provider_words(provider: str, column: str) -> dict[str, str]:
    """Contract code -> the word or code that the provider's file maps to it."""
    text = (files("hotspots.simulated") / "providers" / f"{provider}.toml").read_text("utf-8")
    values: dict[str, str] = tomllib.loads(text)["values"][column]
    return {code: word for word, code in reversed(values.items())}


def answered(
    rng: np.random.Generator, answer: pd.Series, words: tuple[str, str, str], missing: float
) -> Words:
    """Write yes, no and, for a share, not known."""
    yes, no, unknown = words
    told = np.where(answer == "yes", yes, no)
    return np.where(rng.random(len(answer)) < missing, unknown, told).astype(object)


def joined(words: Wording) -> Words:
    """One text of premises, street and town."""
    both = (words.premises != "") & (words.street != "")
    text = words.premises + np.where(both, ", ", "").astype(object) + words.street
    town = (words.street != "") & (words.town != "")
    return np.asarray(text + np.where(town, ", " + words.town, "").astype(object))


def spoilt(dates: Words, fault: Words, impossible: str) -> Words:
    """Dates with those that are to be impossible."""
    return np.where(fault == "impossible_date", impossible, dates).astype(object)


def at_home(people: pd.DataFrame) -> NDArray[np.bool_]:
    """Which attendances happened at a home."""
    return people["location_type"].isin(["own_home", "other_home"]).to_numpy(dtype=bool)
