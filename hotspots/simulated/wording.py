"""What a receptionist writes down about a place: short, misspelt, relative, or nothing at all."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from hotspots.simulated.names import Words
from hotspots.simulated.network import Ints
from hotspots.simulated.town import Town

_ABBREVIATIONS = {
    r"\bStreet\b": "St",
    r"\bRoad\b": "Rd",
    r"\bAvenue\b": "Ave",
    r"\bLane\b": "Ln",
    r"\bClose\b": "Cl",
    r"\bCrescent\b": "Cres",
    r"\bTerrace\b": "Terr",
    r"\bSaint\b": "St",
    r"\band\b": "&",
    r"\bHospital\b": "Hosp",
}
_INSIDE = ("", "", "", "", "in ", "inside ", "toilets at ", "?assault in ", "at ")
_BESIDE = ("o/s ", "o/s ", "outside ", "outside ", "near ", "opposite ", "alley behind ", "nr ")
_ALONG = ("", "", "", "on ", "street, ", "walking along ", "bottom of ", "in street ")
_VAGUE = ("town centre", "in town", "city centre", "town", "out in town", "in the town")
_NOTHING = ("", "", "nk", "not known", "unable to recall", "unk", "?", "intoxicated - no hx")
_OWN_HOME = ("own home", "at home", "home address", "Own home", "pt's home", "in own house")
_OTHER_HOME = ("friend's house", "house party", "at a friends", "someone else's home", "mates flat")
# How a patient puts it, as chances: premises alone, premises and street, street alone, two streets,
# only vaguely, not at all.
_SAID = ("premises", "premises_street", "street", "junction", "vague", "none")
_CHANCES = {
    "venue": (0.46, 0.3, 0.08, 0.0, 0.1, 0.06),
    "near": (0.3, 0.16, 0.3, 0.04, 0.13, 0.07),
    "street": (0.0, 0.0, 0.72, 0.06, 0.14, 0.08),
    "landmark": (0.88, 0.0, 0.0, 0.0, 0.05, 0.07),
}


class Wording(NamedTuple):
    """Words about each place, apart so that layouts may join or part them.

    ``said`` is one of ``premises``, ``premises_street``, ``street``, ``junction``, ``vague``,
    ``none``, ``home``.
    """

    said: Words
    premises: Words
    street: Words
    town: Words


def word_places(rng: np.random.Generator, town: Town, people: pd.DataFrame) -> Wording:
    """Put the places of attendances into words."""
    spell = _spellings(rng, town.places)
    subject = _subject(town, people)
    said = _said(rng, people, subject)
    n = len(people)
    premises, street = np.full((2, n), "", dtype=object)
    named = np.isin(said, ["premises", "premises_street"])
    at = np.where(subject == "near", people["near"], people["place"])[named]
    lead = np.where(
        subject[named] == "near", _any(rng, _BESIDE, len(at)), _any(rng, _INSIDE, len(at))
    )
    lead = np.where(subject[named] == "landmark", "", lead)
    premises[named] = lead + _spelt(rng, spell.name, at)
    here = np.flatnonzero(np.isin(said, ["premises_street", "street", "junction"]))
    street[here] = _spelt(rng, spell.street, people["place"].to_numpy()[here])
    alone = np.flatnonzero(said == "street")
    street[alone] = _any(rng, _ALONG, len(alone)) + street[alone]
    cross = np.flatnonzero(said == "junction")
    other = spell.crossing[people["place"].to_numpy()[cross]]
    joint = _any(rng, (" / ", " junction with ", " & ", " corner of "), len(cross))
    street[cross] = street[cross] + joint + _spelt(rng, spell.street, other)
    for kind, words in (("own_home", _OWN_HOME), ("other_home", _OTHER_HOME)):
        home = np.flatnonzero(people["location_type"] == kind)
        premises[home] = _any(rng, words, len(home))
    vague = np.flatnonzero(np.isin(said, ["vague", "none"]))
    loose = np.where(
        said[vague] == "vague", _any(rng, _VAGUE, len(vague)), _any(rng, _NOTHING, len(vague))
    )
    premises[vague] = loose
    return Wording(
        said, premises, street, np.where(rng.random(n) < 0.6, town.name, "").astype(object)
    )


class _Spellings(NamedTuple):
    """Six ways to write each place's name, its street's name; one crossing street of each."""

    name: Words
    street: Words
    crossing: Ints


def _spellings(rng: np.random.Generator, places: pd.DataFrame) -> _Spellings:
    own = places["name"]
    street = own.where(places["kind"] == "street", places["street"])
    crossing = np.arange(len(places))
    streets = np.flatnonzero(places["kind"] == "street")
    if len(streets) > 1:
        xy = places[["easting", "northing"]].to_numpy()
        near = np.asarray(cKDTree(xy[streets]).query(xy[streets], k=2)[1])
        crossing[streets] = streets[near[:, 1]]
    alternative = places["alt_names"].str.split("|").str[0]
    return _Spellings(
        _ways_to_write(rng, own, alternative.where(alternative != "", own)),
        _ways_to_write(rng, street, street),
        crossing,
    )


def _ways_to_write(rng: np.random.Generator, name: pd.Series, other: pd.Series) -> Words:
    """Columns: in full (twice), abbreviated, another name, misspelt in lower case, upper case."""
    short = name
    for long, brief in _ABBREVIATIONS.items():
        short = short.str.replace(long, brief, regex=True)
    ways = [name, name, short, other, _misspelt(rng, short.str.lower()), short.str.upper()]
    return np.stack([w.to_numpy(dtype=object) for w in ways], axis=1)


def _misspelt(rng: np.random.Generator, text: pd.Series) -> pd.Series:
    """Swap, drop or double a letter inside each longer name."""
    out = []
    for word in text:
        k = int(rng.integers(1, max(2, len(word) - 2)))
        slip = int(rng.integers(0, 3))
        swapped = word[:k] + word[k + 1 : k + 2] + word[k : k + 1] + word[k + 2 :]
        ways = (swapped, word[:k] + word[k + 1 :], word[:k] + word[k : k + 1] + word[k:])
        out.append(ways[slip] if len(word) > 5 else word)
    return pd.Series(out, index=text.index, dtype="str")


def _spelt(rng: np.random.Generator, ways: Words, at: Ints) -> Words:
    way = rng.choice(ways.shape[1], len(at), p=[0.26, 0.24, 0.24, 0.1, 0.08, 0.08])
    return np.asarray(ways[at, way])


def _any(rng: np.random.Generator, words: tuple[str, ...], n: int) -> Words:
    return np.array(words, dtype=object)[rng.integers(0, len(words), n)]


def _subject(town: Town, people: pd.DataFrame) -> Words:
    """What there is to name: a venue, one near by, the street alone, a landmark, a home."""
    kind = town.places["kind"].to_numpy()[people["place"]]
    return np.select(
        [
            people["location_type"].isin(["own_home", "other_home"]),
            kind == "premises",
            kind != "street",
            people["near"] >= 0,
        ],
        ["home", "venue", "landmark", "near"],
        "street",
    ).astype(object)


def _said(rng: np.random.Generator, people: pd.DataFrame, subject: Words) -> Words:
    said = np.full(len(people), "home", dtype=object)
    for what, chances in _CHANCES.items():
        rows = np.flatnonzero(subject == what)
        said[rows] = np.array(_SAID, dtype=object)[rng.choice(6, len(rows), p=chances)]
    return said
