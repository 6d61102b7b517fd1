"""Words of a text that belong to known places, chains and towns, and so are nobody's name."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache

from ed_ingest.known_places import LOOSE, ORDINARY, Span
from ed_ingest.name_index import NameIndex
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

POSSESSIVE = ("'s", "’s", "s'", "s’")
_MOST_WORDS = 3  # of the name of a town or chain
_OPENS = 2  # as in `people`: a name may follow its cue behind a colon or bracket
_COVERED = 0  # flags of a word of a known place: it is no cue


def protected_words(
    raw: Sequence[str],
    words: Sequence[str],
    breaks: Sequence[int],
    flags: Sequence[int],
    spans: Sequence[Span],
    people: Collection[int],
    index: NameIndex,
) -> list[bool]:
    """For each word, whether a known place protects it; not where a cue makes a person of it.

    `people` are the words that name somebody by what stands around them: no name of one word
    protects these.
    """
    covered = [False] * len(words)
    # A word of a known place is no cue: the "Dr" of "Wheatsheaf Dr, Marford" is a drive.
    cues = list(flags)
    starts = {span.start for span in spans}
    for span in sorted(spans):
        if span.end - span.start == 1 and span.start in people:
            continue
        stands = _stands_alone(raw, words, breaks, span)
        cued = not breaks[span.start] or breaks[span.start] == _OPENS
        if not _is_person(words, cues, span, cued=cued, stands=stands, followed=span.end in starts):
            covered[span.start : span.end] = [True] * (span.end - span.start)
            cues[span.start : span.end] = [_COVERED] * (span.end - span.start)
    for i, flag in enumerate(flags):
        if flag & NUMBER:
            _protect_postcode(words, i, covered, index)
        elif flag & LEADS and not covered[i] and i not in people:
            _protect_town(words, cues, i, covered, index, cued=breaks[i] != 1)
    return covered


def protect_beginnings(
    words: Sequence[str],
    flags: Sequence[int],
    unsure: Sequence[int],
    covered: list[bool],
    index: NameIndex,
) -> None:
    """Protect the first two words of a longer name: "Neal's Yard" of Neal's Yard Remedies."""
    beginnings = place_words(index).beginnings
    for start in dict.fromkeys(start for i in unsure for start in (i - 1, i)):
        if start < 0 or tuple(words[start : start + 2]) not in beginnings:
            continue
        if covered[start] or covered[start + 1]:
            continue
        here = start > 0 and words[start - 1] in around_places("at")
        named = flags[start] & flags[start + 1] & NAME and not here
        if not named and not (start and flags[start - 1] & STRONG):
            covered[start : start + 2] = [True, True]


def _protect_postcode(words: Sequence[str], i: int, covered: list[bool], index: NameIndex) -> None:
    for end in (i + 1, i + 2):
        if "".join(words[i:end]).upper() in index.premises_postcodes:
            covered[i:end] = [True] * (min(end, len(words)) - i)


def _protect_town(
    words: Sequence[str],
    cues: list[int],
    start: int,
    covered: list[bool],
    index: NameIndex,
    *,
    cued: bool,
) -> None:
    for end in range(min(len(words), start + _MOST_WORDS), start, -1):
        name = " ".join(words[start:end])
        chain = name in _chains()
        if (
            chain
            or name in around_places("town_of_a_name")
            or name in index.own_towns
            or name in index.elsewhere
        ):
            if not cued or not _is_cued_town(words, cues, start, end, chain=chain):
                covered[start:end] = [True] * (end - start)
                cues[start:end] = [_COVERED] * (end - start)
            return


def _is_cued_town(
    words: Sequence[str], cues: Sequence[int], start: int, end: int, *, chain: bool
) -> bool:
    """Whether a cue makes a person of a town or chain: "with Chester", but not "from Chester"."""
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


def _stands_alone(
    raw: Sequence[str], words: Sequence[str], breaks: Sequence[int], span: Span
) -> bool:
    """Whether a name stands where a place does: behind "the", or "Bill's, by the door"."""
    start, end = span.start, span.end
    if start and words[start - 1] in ("the", "y", "yr"):
        return True
    first = breaks[start] or words[start - 1] in around_places("at")
    last = end == len(words) or breaks[end] or words[end] in around_places("at")
    return bool(first and last) and raw[end - 1].lower().endswith(POSSESSIVE)


def _is_person(
    words: Sequence[str],
    cues: Sequence[int],
    span: Span,
    *,
    cued: bool,
    stands: bool,
    followed: bool,
) -> bool:
    start, end = span.start, span.end
    before = cues[start - 1] if start and cued else 0
    alone = end - start == 1
    if alone and (before & RELATION or _is_agent(words, cues, span)):
        return True
    if not all(flag & NAME for flag in cues[start:end]):
        return False
    if before & CUE:
        return True
    if stands or (alone and cues[start] & SURNAME and not _acts(words, cues, end)):
        return False
    if span.score <= ORDINARY:
        return not followed
    # One word alone is a person's name unless it stands where a place does.
    here = start > 0 and words[start - 1] in around_places("at") | around_places("link")
    return alone and not here and end != len(words)


def _acts(words: Sequence[str], cues: Sequence[int], end: int) -> bool:
    """Whether a deed or "who" follows: "Habershon hit him"."""
    return end < len(words) and (cues[end] & DEED != 0 or words[end] in ("who", "did", "and"))


def _is_agent(words: Sequence[str], cues: Sequence[int], span: Span) -> bool:
    """Whether a deed by it was done: "hit by Sully", where the place is Sully's Cafe."""
    i = span.start
    by = i > 1 and words[i - 1] == "by" and cues[i - 2] & DEED != 0
    return by and span.score <= LOOSE
