"""Words of a text that belong to known places, chains and towns, and so are nobody's name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from ed_ingest.known_places import LOOSE, ORDINARY, Span
from ed_ingest.name_index import NameIndex
from ed_ingest.text_words import ENDS, Text, is_possessive
from ed_ingest.word_kinds import (
    CUE,
    DEED,
    LEADS,
    NAME,
    NUMBER,
    RELATION,
    STRONG,
    SURNAME,
    around_places,
    place_words,
)
from ed_ingest.words import vocabulary

_MOST_WORDS = 3  # of the name of a town or chain
_COVERED = 0  # flags of a word of a known place: it is no cue


def protect_words(
    text: Text, spans: Sequence[Span], people: Collection[int], index: NameIndex
) -> None:
    """Mark in ``text.covered`` each word that a known place protects.

    Parameters
    ----------
    text
        Its words; none covered yet.
    spans
        Names of known places among them, in their order. A cue may make a person of one.
    people
        Words that name somebody by what stands around them: no name of one word protects these.
    index
        The gazetteer's names.
    """
    # A word of a known place is no cue: the "Dr" of "Wheatsheaf Dr, Marford" is a drive.
    cues = list(text.flags)
    for n, span in enumerate(spans):
        start, end = span.start, span.end
        followed = n + 1 < len(spans) and spans[n + 1].start == end
        if not _is_person(text, cues, span, people, followed=followed):
            text.covered[start:end] = [True] * (end - start)
            cues[start:end] = [_COVERED] * (end - start)
    for i, flag in enumerate(text.flags):
        if flag & NUMBER:
            _protect_postcode(text, i, index)
        elif flag & LEADS and not text.covered[i] and i not in people:
            _protect_town(text, cues, i, index)


def protect_beginnings(text: Text, unsure: Sequence[int], index: NameIndex) -> None:
    """Protect the first two words of a longer name: "Neal's Yard" of Neal's Yard Remedies."""
    beginnings, words, flags = place_words(index).beginnings, text.words, text.flags
    for start in dict.fromkeys(start for i in unsure for start in (i - 1, i)):
        if start < 0 or tuple(words[start : start + 2]) not in beginnings:
            continue
        if text.covered[start] or text.covered[start + 1]:
            continue
        here = start > 0 and words[start - 1] in around_places("at")
        named = flags[start] & flags[start + 1] & NAME and not here
        if not named and not (start and flags[start - 1] & RELATION):
            text.covered[start : start + 2] = [True, True]


def _protect_postcode(text: Text, i: int, index: NameIndex) -> None:
    for end in (i + 1, i + 2):
        if "".join(text.words[i:end]).upper() in index.premises_postcodes:
            text.covered[i:end] = [True] * (min(end, len(text.words)) - i)


def _protect_town(text: Text, cues: list[int], start: int, index: NameIndex) -> None:
    for end in range(min(len(text.words), start + _MOST_WORDS), start, -1):
        name = " ".join(text.words[start:end])
        chain = name in _chains()
        town = name in index.own_towns or name in index.elsewhere
        if chain or town or name in around_places("town_of_a_name"):
            if not _is_cued_town(text, cues, start, end, chain=chain):
                text.covered[start:end] = [True] * (end - start)
                cues[start:end] = [_COVERED] * (end - start)
            return


def _is_cued_town(text: Text, cues: Sequence[int], start: int, end: int, *, chain: bool) -> bool:
    """Whether a cue makes a person of a town or chain: "with Chester", but not "from Chester"."""
    words = text.words
    if text.breaks[start] == ENDS and start:
        return False
    if end - start == 1 and words[start] in around_places("town_of_a_name"):
        return not _is_on_the_way(words, start)
    named = not chain and all(flag & NAME for flag in cues[start:end])
    if start == 0:
        return named and end < len(words) and bool(cues[end] & DEED)
    before = cues[start - 1]
    by = words[start - 1] == "by" and start > 1 and cues[start - 2] & DEED
    if by and end - start == 1 and not chain:
        return True
    return bool(before & STRONG or (named and before & CUE and words[start - 1] != "from"))


def _is_on_the_way(words: Sequence[str], start: int) -> bool:
    """Whether a town called like a person is one here: "train from Barry", "in Barry"."""
    before = words[start - 1] if start else ""
    if before == "from":
        return not around_places("travel").isdisjoint(words[max(0, start - 4) : start])
    return before in ("in", "near", "to")


@cache
def _chains() -> frozenset[str]:
    return vocabulary("known_venues", "name")


def _is_person(
    text: Text, cues: Sequence[int], span: Span, people: Collection[int], *, followed: bool
) -> bool:
    """Whether the name of a known place is a person's here."""
    start, end = span.start, span.end
    alone = end - start == 1
    before = cues[start - 1] if start and text.breaks[start] != ENDS else 0
    if alone and (start in people or before & RELATION or _is_agent(text, cues, span)):
        return True
    if not all(flag & NAME for flag in cues[start:end]):
        return False
    if before & CUE:
        return True
    if _stands_alone(text, span) or (alone and _is_surname(text, cues, start)):
        return False
    if span.score <= ORDINARY:
        return not followed
    # One word alone is a person's name unless it stands where a place does.
    here = start > 0 and text.words[start - 1] in around_places("at") | around_places("link")
    return alone and not here and end != len(text.words)


def _is_agent(text: Text, cues: Sequence[int], span: Span) -> bool:
    """Whether a deed by it was done: "hit by Sully", where the place is Sully's Cafe."""
    i = span.start
    by = i > 1 and text.words[i - 1] == "by" and cues[i - 2] & DEED != 0
    return by and span.score <= LOOSE


def _stands_alone(text: Text, span: Span) -> bool:
    """Whether a name stands where a place does: behind "the", or "Bill's, by the door"."""
    start, end, words = span.start, span.end, text.words
    if start and words[start - 1] in ("the", "y", "yr"):
        return True
    if not is_possessive(text, end - 1):
        return False
    first = text.breaks[start] or words[start - 1] in around_places("at")
    last = end == len(words) or text.breaks[end] or words[end] in around_places("at")
    return bool(first and last)


def _is_surname(text: Text, cues: Sequence[int], i: int) -> bool:
    """Whether a word is a surname behind which no deed follows, unlike "Habershon hit him"."""
    if not cues[i] & SURNAME:
        return False
    acts = i + 1 < len(cues) and (cues[i + 1] & DEED or text.words[i + 1] in ("who", "did", "and"))
    return not acts
