"""Runs of words that no list holds where the name of a place stands: "o/s the Xyz"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ed_ingest.name_index import NameIndex
from ed_ingest.protected_places import POSSESSIVE
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
)

MOST_NAME_WORDS = 3
_ARTICLES = frozenset({"the", "a", "an", "y", "yr"})


class _Run(NamedTuple):
    """Words next to each other that are neither ordinary nor of a known place."""

    start: int
    end: int
    words: list[str]
    named: bool
    surnamed: bool
    possessive: bool
    capital: bool


def keep_unknown_places(
    raw: Sequence[str],
    words: Sequence[str],
    breaks: Sequence[int],
    flags: Sequence[int],
    covered: Sequence[bool],
    keep: list[bool],
    index: NameIndex,
) -> None:
    """Keep runs of unknown words that stand where the name of a place does."""
    i = 0
    while i < len(words):
        if keep[i]:
            i += 1
            continue
        end = i + 1
        while end < len(words) and not keep[end] and not breaks[end]:
            end += 1
        unfit = any(flag & (NUMBER | LETTER) for flag in flags[i:end])
        if end - i <= MOST_NAME_WORDS and not unfit:
            run = _Run(
                start=i,
                end=end,
                words=list(words[i:end]),
                named=any(flag & NAME for flag in flags[i:end]),
                surnamed=all(flag & SURNAME or not flag & NAME for flag in flags[i:end]),
                possessive=raw[end - 1].lower().endswith(POSSESSIVE),
                capital=raw[i][0].isupper() and not raw[i].isupper(),
            )
            if _is_place_name(run, raw, words, breaks, flags, covered, index):
                keep[i:end] = [True] * (end - i)
        i = end


def _is_place_name(
    run: _Run,
    raw: Sequence[str],
    words: Sequence[str],
    breaks: Sequence[int],
    flags: Sequence[int],
    covered: Sequence[bool],
    index: NameIndex,
) -> bool:
    start, end = run.start, run.end
    article = words[start - 1] if start else ""
    all_named = all(flag & NAME for flag in flags[start:end])
    if article in around_places("welsh") and (
        not all_named or article in around_places("welsh_named")
    ):
        return True
    if article in ("y", "yr") and not all_named:
        return True
    following = words[end] if end < len(words) and not breaks[end] else ""
    if article in _ARTICLES and not run.named and following not in around_places("family"):
        # "a zimmer", "the Xyz"; but "incl a Tomos" with a capital letter is somebody.
        return article != "a" or not run.capital
    before = words[start - 2] if article in around_places("link") and start > 1 else article
    here = before in around_places("at")
    cue = flags[start - 1] & CUE if start and not covered[start - 1] else 0
    if cue and not here:
        return False
    street = (
        end < len(words) and flags[end] & STREET and all(f & ADDRESSED for f in flags[start:end])
    )
    first = here or breaks[start] or covered[start - 1] or (street and run.surnamed)
    if following and _ends_a_place(run, raw, words, breaks, flags, covered, first=bool(first)):
        return True
    if not run.possessive:
        return here and not run.named
    return _is_called_after_somebody(run, words, breaks, covered, index, before, first=bool(first))


def _ends_a_place(
    run: _Run,
    raw: Sequence[str],
    words: Sequence[str],
    breaks: Sequence[int],
    flags: Sequence[int],
    covered: Sequence[bool],
    *,
    first: bool,
) -> bool:
    """Whether the word behind a run ends the name of a street, a venue or another place."""
    end = run.end
    flag, word = flags[end], words[end]
    generic = covered[end] and flag & LEADS and not flag & NAME
    if not flag & TYPE and not generic:
        return False
    if word not in around_places("no_ending"):
        return run.possessive or bool(first) or not run.named
    last = end + 1 == len(words) or breaks[end + 1] or covered[end + 1]
    titled = run.capital and raw[end][0].isupper()
    return run.surnamed and first and bool((last and not run.named) or titled)


def _is_called_after_somebody(
    run: _Run,
    words: Sequence[str],
    breaks: Sequence[int],
    covered: Sequence[bool],
    index: NameIndex,
    before: str,
    *,
    first: bool,
) -> bool:
    """Whether "Kitty Flynn's" is a pub and "o/s Dorothy's" a place; "at Rhys's" may be a home."""
    last = run.end == len(words) or breaks[run.end]
    # "…, Steinbeck's": a surname's or an unknown word's; "…, Darren's" may be a home.
    if last and breaks[run.start] and run.surnamed and run.start:
        return True
    on_street = run.end < len(words) and covered[run.end]
    if on_street or (run.words[0] in index.first_words and len(run.words) == 1 and last):
        return True
    return bool(last) and (before in around_places("outside") or (len(run.words) > 1 and first))
