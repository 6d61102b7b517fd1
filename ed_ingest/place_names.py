"""Every name that a known place may be called by: as written, and the shorter forms people use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pandas as pd

from ed_ingest.words import normal_text, vocabulary, vocabulary_kind

_TRADING_AS = re.compile(r"\b(?:t/a|trading as)\b", re.IGNORECASE)
# What follows the first comma or bracket is dropped only where it cannot be part of the name.
_TAIL = re.compile(r"\s*[,(]\s*(?:unit|level|floor|inc\b|ltd|\d|first|ground).*$", re.IGNORECASE)
_LEGAL = frozenset({"ltd", "limited", "plc", "llp", "uk", "co", "company"})
_BEFORE = ("jd wetherspoons", "j d wetherspoons")
_MOST_TYPE_WORDS = 4


def names_of_places(places: pd.DataFrame) -> pd.DataFrame:
    """List the names of all places in the normal form that texts are matched in.

    Parameters
    ----------
    places
        As in `Gazetteer.places`: ``place_id, name, alt_names, kind``.

    Returns
    -------
    DataFrame
        ``name, place_id, full``: `full` is False for a shortened form (the article, a legal tail
        or the word for the kind of venue left out). No pair of name and place twice.
    """
    own_towns = town_words(places)
    rows: list[tuple[str, str, bool]] = []
    columns = (places["place_id"], places["name"], places["alt_names"].fillna(""), places["kind"])
    for place_id, name, alt_names, kind in zip(*columns, strict=True):
        written = {normal_text(n) for n in (name, *alt_names.split("|")) if n.strip()} - {""}
        rows.extend((form, place_id, True) for form in written)
        shorter = {form for n in (name, *alt_names.split("|")) for form in _shorter(n, kind)}
        shorter |= {_without_town(form, own_towns) for form in written | shorter}
        short = (form for form in shorter - written - own_towns if _may_stand_alone(form.split()))
        rows.extend((form, place_id, False) for form in short)
    return pd.DataFrame(rows, columns=["name", "place_id", "full"]).astype(
        {"name": "str", "place_id": "str", "full": "bool"}
    )


def town_words(places: pd.DataFrame) -> frozenset[str]:
    """Towns that the places' own addresses and localities name, in normal form."""
    last = places["address"].fillna("").astype(str).str.rsplit(",", n=1).str[-1]
    parts = set(last[last != ""].unique())
    localities = places[places["kind"] == "locality"]
    for names in (localities["name"], localities["alt_names"].fillna("").str.split("|").explode()):
        parts |= set(names.dropna())
    return frozenset(normal_text(part) for part in parts) - {""}


def is_distinctive(name: list[str], *, shortest: int = 4) -> bool:
    """Whether words are a name by themselves, rather than words of any sentence.

    One word must have `shortest` letters and be neither an ordinary word nor the name of a person;
    of several, one at least must be more than the word for a kind of place.
    """
    if not name:
        return False
    if len(name) == 1:
        word = name[0]
        ordinary = word in _ordinary() or _is_persons(word) or word.isdigit()
        return len(word) >= shortest and not ordinary
    return any(word not in _unspecific() and not word.isdigit() for word in name)


def _may_stand_alone(name: list[str]) -> bool:
    # What is left of a shortened name must not be words of any sentence.
    safe = vocabulary("safe_words") | _unspecific()
    if len(name) == 1 and _is_persons(name[0]):
        return True  # "Tom's": taken for Tom's Cafe only beside its street
    return is_distinctive(name) and name[-1] not in _SMALL and any(w not in safe for w in name)


_SMALL = frozenset({"the", "and", "of", "y", "yr", "a", "in", "at", "on", "by", "new", "old"})


def _is_persons(word: str) -> bool:
    base = word.removesuffix("s")
    return base in vocabulary("person_names", "name") or base in vocabulary("also_names")


@cache
def _ordinary() -> frozenset[str]:
    return (
        vocabulary("safe_words")
        | vocabulary("also_names")
        | vocabulary("person_names", "name")
        | vocabulary("name_cues")
        | vocabulary("place_types")
    )


@cache
def _unspecific() -> frozenset[str]:
    return vocabulary("place_types") | _SMALL


def _shorter(name: str, kind: str) -> Iterator[str]:
    if not name.strip():
        return
    head = _TAIL.sub("", _TRADING_AS.split(name)[-1])
    words = normal_text(head).split()
    while words and words[-1] in _LEGAL:
        words.pop()
    yield " ".join(words)
    for before in _BEFORE:
        if " ".join(words).startswith(before):
            yield "wetherspoons"
    if words and words[0] in {"the", "y", "yr"}:
        words = words[1:]
        yield " ".join(words)
    if kind == "street":
        return
    venue = vocabulary_kind("place_types", "kind", "venue") | {"and", "public", "express"}
    for _ in range(_MOST_TYPE_WORDS):
        if len(words) < 2 or words[-1] not in venue:
            return
        words = words[:-1]
        if words[-1] != "and":
            yield " ".join(words)


def _without_town(form: str, towns: frozenset[str]) -> str:
    head, _, last = form.rpartition(" ")
    return head if head and last in towns else form
