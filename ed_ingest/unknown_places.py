"""Runs of words that no list holds where the name of a place stands: "o/s the Xyz"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from ed_ingest.name_index import NameIndex
from ed_ingest.somebody import is_cued
from ed_ingest.text_words import Text, is_possessive
from ed_ingest.word_kinds import (
    ADDRESSED,
    CUE,
    LEADS,
    LETTER,
    NAME,
    NUMBER,
    STREET,
    SURNAME,
    TYPE,
    around_places,
    listed_kinds,
)
from ed_ingest.words import vocabulary_kind

MOST_NAME_WORDS = 3
_ARTICLES = frozenset({"the", "a", "an", "y", "yr"})


class _Run(NamedTuple):
    """Words next to each other that are neither ordinary nor of a known place.

    Attributes
    ----------
    start, end
        First word and the one after the last.
    named, surnamed
        Whether a name of a person is among them, and whether no forename is.
    capital
        Whether the first has a capital letter and not all of it.
    last
        Whether nothing stands behind it before the next punctuation.
    """

    start: int
    end: int
    named: bool
    surnamed: bool
    capital: bool
    last: bool


def keep_unknown_places(
    text: Text, gone: Sequence[int], keep: list[bool], index: NameIndex
) -> None:
    """Keep runs of unknown words, of those `gone`, that stand where the name of a place does."""
    end = 0
    for i in gone:
        if i < end:
            continue
        end = i + 1
        while end < len(keep) and not keep[end] and not text.breaks[end]:
            end += 1
        flags = text.flags[i:end]
        if end - i <= MOST_NAME_WORDS and not any(flag & (NUMBER | LETTER) for flag in flags):
            run = _run(text, i, end)
            if _is_place_name(text, run, index):
                keep[i:end] = [True] * (end - i)


def _run(text: Text, start: int, end: int) -> _Run:
    flags, first = text.flags[start:end], text.raw[start]
    return _Run(
        start=start,
        end=end,
        named=any(flag & NAME for flag in flags),
        surnamed=all(flag & SURNAME or not flag & NAME for flag in flags),
        capital=first[0].isupper() and not first.isupper(),
        last=end == len(text.words) or text.breaks[end] != 0,
    )


def _is_place_name(text: Text, run: _Run, index: NameIndex) -> bool:
    words, start = text.words, run.start
    article = words[start - 1] if start else ""
    if _is_welsh_place(text, run, article) or _is_pub_title(text, start):
        return True
    if article in _ARTICLES and not run.named and not _is_family(text, run):
        # "a zimmer", "the Xyz"; but "incl a Tomos" with a capital letter is somebody.
        return article != "a" or not run.capital
    before = words[start - 2] if article in around_places("link") and start > 1 else article
    here = before in around_places("at")
    cue = text.flags[start - 1] & CUE if start and not text.covered[start - 1] else 0
    if (cue or is_cued(text, start)) and not here:
        return False
    saint = article == "st" and not text.breaks[start]
    first = here or saint or text.breaks[start] != 0 or text.covered[start - 1]
    first = first or _is_street(text, run)
    if not run.last and _ends_a_place(text, run, first=first):
        return True
    if not run.last and words[run.end] in ("y", "yr") and first and not run.named:
        return True  # "Hafan y Coed"
    if not is_possessive(text, run.end - 1) and not _is_plural(text, run):
        return here and not run.named
    return _is_called_after_somebody(text, run, index, before, first=first)


def _is_pub_title(text: Text, start: int) -> bool:
    """Whether "the Lord", "the Duke" or the like stands before: a pub's name."""
    before = text.words[max(0, start - 2) : start + 1]
    return any(
        word == "the" and title in around_places("pub_title") for word, title in pairwise(before)
    )


def _is_plural(text: Text, run: _Run) -> bool:
    """Whether a run is a surname with an s, as pubs and shops are called: "Dempseys"."""
    word = text.words[run.start]
    alone = run.end - run.start == 1 and text.flags[run.start] & SURNAME
    return bool(alone) and word[-1] == "s" and word not in listed_kinds()


def _is_welsh_place(text: Text, run: _Run, article: str) -> bool:
    """Whether a Welsh word for a place stands before: "Clwb Ifor", but "ty Darren" is a home."""
    if article in around_places("welsh_named"):
        return True
    welsh = article in ("y", "yr") or article in around_places("welsh")
    return welsh and not all(flag & NAME for flag in text.flags[run.start : run.end])


def _is_family(text: Text, run: _Run) -> bool:
    return not run.last and text.words[run.end] in around_places("family")


def _is_street(text: Text, run: _Run) -> bool:
    """Whether words of known streets, and no forename, stand before a word for a street."""
    if run.last or not run.surnamed or not text.flags[run.end] & STREET:
        return False
    return all(flag & ADDRESSED for flag in text.flags[run.start : run.end])


def _ends_a_place(text: Text, run: _Run, *, first: bool) -> bool:
    """Whether the word behind a run ends the name of a street, a venue or another place."""
    end = run.end
    flag, word = text.flags[end], text.words[end]
    generic = text.covered[end] and flag & LEADS and not flag & NAME
    # The "Castle" of a known Castle Street ends no other name.
    if not generic and (text.covered[end] or not flag & TYPE):
        return False
    if first and word in _shop_endings() and is_possessive(text, end - 1):
        return True
    if word not in around_places("no_ending"):
        return first or not run.named or is_possessive(text, end - 1)
    last = end + 1 == len(text.words) or text.breaks[end + 1] or text.covered[end + 1]
    titled = run.capital and text.raw[end][0].isupper()
    return run.surnamed and first and bool((last and not run.named) or titled)


@cache
def _shop_endings() -> frozenset[str]:
    venues = vocabulary_kind("place_types", "kind", "venue") - {"house", "kitchen", "social"}
    return venues | vocabulary_kind("place_types", "kind", "shop")


def _is_called_after_somebody(
    text: Text, run: _Run, index: NameIndex, before: str, *, first: bool
) -> bool:
    """Whether "Kitty Flynn's" is a pub and "o/s Dorothy's" a place; "at Rhys's" may be a home."""
    start, end = run.start, run.end
    if end < len(text.words) and text.covered[end]:
        return True
    # "Steinbeck's opp castle": a surname's or an unknown word's; "Darren's" may be a home.
    stands = run.last or text.words[end] in around_places("at") | {"the"}
    if stands and text.breaks[start] and run.surnamed:
        return True
    if not run.last:
        return False
    alone = end - start == 1
    if alone and text.words[start] in index.first_words:
        return True
    return before in around_places("outside") or (first and not alone)
