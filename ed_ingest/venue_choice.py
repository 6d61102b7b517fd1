"""Which venue a text means: the one that explains most of its words, if no other does as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ed_ingest.known_places import ORDINARY, PARTIAL, SHORTENED, Span
from ed_ingest.name_forms import is_distinctive, may_stand_alone
from ed_ingest.name_index import VENUES, NameIndex
from ed_ingest.place_names import FULL, PART
from ed_ingest.venue_support import (
    BY_STREET,
    IN_LOCALITY,
    support_by_streets,
    support_by_words,
)
from ed_ingest.words import loose_key, vocabulary, vocabulary_kind

SAME_SPOT_M = 75.0  # twins so close that either will do
CLEARLY_LESS = 0.5
_SURELY = 100.0  # of two names of as many words, the surer explains more


class Venue(NamedTuple):
    """A venue that a text may mean.

    Attributes
    ----------
    row
        Position in the gazetteer.
    span
        Where the text names it.
    support
        What its address explains of the other words, negative where they speak against it.
    total
        `support` and what its own name explains.
    """

    row: int
    span: Span
    support: float
    total: float


def choose_venue(
    words: Sequence[str],
    breaks: Sequence[bool],
    strange: Sequence[bool],
    venues: Sequence[Span],
    streets: Sequence[Span],
    localities: Sequence[Span],
    told: Sequence[bool],
    index: NameIndex,
) -> Venue | None:
    """Choose the venue of a text, or none where two branches are as likely.

    Parameters
    ----------
    words
        Words of the text in normal form.
    breaks
        For each word, whether punctuation or the start of the text stands before it.
    strange
        For each word, whether it is neither known nor part of a known name.
    venues, streets, localities
        Names of known places of each kind among them; `rows` are of that kind alone.
    told
        For each of `venues`, whether the words before it tell the assault itself.
    index
        The gazetteer's names.
    """
    chosen: list[tuple[tuple[float, float], Venue]] = []
    for n, (span, is_told) in enumerate(zip(venues, told, strict=True)):
        placed = _is_placed(span, words, breaks, index)
        beside = _is_beside(span, words, breaks, strange)
        venue = _branch(
            span,
            words,
            streets,
            localities,
            index,
            placed=placed,
            several=len(venues) > 1,
            beside_strange=beside,
        )
        if venue is not None:
            chosen.append(((venue.total + 1.5 * is_told, -n), venue))
    return max(chosen, key=lambda pair: pair[0])[1] if chosen else None


def _branch(
    span: Span,
    words: Sequence[str],
    streets: Sequence[Span],
    localities: Sequence[Span],
    index: NameIndex,
    *,
    placed: bool,
    several: bool,
    beside_strange: bool,
) -> Venue | None:
    """The one branch of a name that the rest of the text speaks for."""
    if _is_area_of_street(span, streets, words) or (beside_strange and _is_doubtful(span)):
        return None
    rows = _of_the_kind_said(_rows_meant(span, index), span, words, index)
    if not rows or _is_qualified(span, words):
        return None
    on_street = support_by_streets(rows, streets, index) if streets else np.zeros(len(rows))
    support = on_street
    if len(rows) > 1 or several or localities:
        support = support + support_by_words(rows, span, words, streets, localities, index)
    best = float(support.max(initial=-np.inf))
    # A word of any sentence, or one branch of several, is meant only where its street is named.
    own = words[span.start : span.end]
    in_locality = best >= IN_LOCALITY and (len(own) > 1 or _may_be_a_name(own))
    ordinary = span.score <= ORDINARY and not (placed or in_locality)
    unsure = len(rows) > 1 or span.score <= PARTIAL
    needs_street = ordinary or (bool(streets) and unsure)
    if best < 0 or (needs_street and on_street[support.argmax()] < BY_STREET):
        return None
    rows = [rows[i] for i in np.flatnonzero(support > best - CLEARLY_LESS)]
    # A part of a name yields where the words are the name of another.
    named = [row for row in rows if _rank(span.name, row, index) < PART]
    rows = named or rows
    if _spread(rows, index) > SAME_SPOT_M:
        return None
    row = min(rows, key=lambda row: _rank(span.name, row, index))
    weight = sum(word not in vocabulary("place_types") for word in own)
    return Venue(row, span, best, best + weight * (1 + span.score / _SURELY))


# Kinds of places that are never called by another of these words.
_KINDS = (
    frozenset({"school", "college", "primary", "academy", "nursery", "university", "ysgol"}),
    frozenset({"hotel", "hostel"}),
    frozenset({"hospital", "surgery", "clinic"}),
    frozenset({"church", "chapel", "mosque", "temple"}),
)
_WHICH = frozenset({"central", "main", "other", "another", "local", "nearest", "wrong"})


def _of_the_kind_said(
    rows: list[int], span: Span, words: Sequence[str], index: NameIndex
) -> list[int]:
    """Leave out what the word behind a short name is not for: Ty Gwyn hostel is no school."""
    behind = words[span.end] if span.end < len(words) else ""
    said = next((kind for kind in _KINDS if behind in kind), None)
    if said is None or span.score > SHORTENED:
        return rows
    return [row for row in rows if not _is_another_kind(said, index.described[row].split())]


def _is_another_kind(said: frozenset[str], described: Sequence[str]) -> bool:
    others = (kind for kind in _KINDS if kind is not said)
    return said.isdisjoint(described) and not all(kind.isdisjoint(described) for kind in others)


def _is_qualified(span: Span, words: Sequence[str]) -> bool:
    """Whether a name of ordinary words is told from another of its kind: central police station."""
    before = words[span.start - 1] if span.start else ""
    return before in _WHICH and not may_stand_alone([*words[span.start : span.end]])


def _is_doubtful(span: Span) -> bool:
    """Whether one word is the name's short form or nearly so: half of another name, it may be."""
    return span.end - span.start == 1 and span.score <= SHORTENED


def _is_beside(
    span: Span, words: Sequence[str], breaks: Sequence[bool], strange: Sequence[bool]
) -> bool:
    """Whether a word that is not known stands right before or behind a name."""
    before = span.start > 0 and strange[span.start - 1] and not breaks[span.start]
    behind = span.end < len(strange) and strange[span.end] and not breaks[span.end]
    # "Grange catholic club" is not Grange Fish Bar.
    kinds = vocabulary_kind("place_types", "kind", "venue")
    longer = (
        span.end + 1 < len(words)
        and not any(breaks[span.end : span.end + 2])
        and words[span.end] not in _JOINING
        and words[span.end] not in vocabulary("place_types")
        and words[span.end + 1] in kinds
    )
    return before or behind or longer


_JOINING = frozenset({"the", "in", "at", "on", "by", "near", "outside", "and", "/", "opposite"})


def _rows_meant(span: Span, index: NameIndex) -> list[int]:
    """Places of the name, and twins and branches whose name differs by the word for its kind."""
    core = span.name.split()
    while len(core) > 1 and core[-1] in vocabulary_kind("place_types", "kind", "venue"):
        core.pop()
    name = " ".join(core)
    more: list[int] = []
    if name in vocabulary("known_venues", "name"):
        # A chain, however its branches are spelt: co-op, Coop.
        more += index.loose.get(loose_key(core), ())
    elif (
        index.least_rank.get(span.name, FULL) > FULL and name != span.name and is_distinctive(core)
    ):
        more += [r for r in index.exact.get(name, ()) if _rank(name, r, index) < PART]
    others = [row for row in dict.fromkeys(more) if index.kinds[row] in VENUES]
    return [*span.rows, *(row for row in others if row not in span.rows)]


def _is_short(span: Span, index: NameIndex) -> bool:
    return index.least_rank.get(span.name, FULL) > FULL


def _is_placed(span: Span, words: Sequence[str], breaks: Sequence[bool], index: NameIndex) -> bool:
    """Whether a name stands by itself right behind "at" and the like, or is all of a clause."""
    before = words[span.start - 1] if span.start and not breaks[span.start] else ""
    clause = breaks[span.start] and index.least_rank.get(span.name) == FULL
    if not (before in _AT or clause):
        return False
    ends = span.end == len(words) or breaks[span.end]
    return ends and _may_be_a_name(words[span.start : span.end])


def _may_be_a_name(words: Sequence[str]) -> bool:
    return vocabulary("place_types").isdisjoint(words) and _NO_NAMES.isdisjoint(words)


_AT = frozenset({"at", "outside", "inside", "opposite", "behind"})
_NO_NAMES = frozenset({"work", "town", "bay", "city", "home", "party", "night", "front", "back"})


def _rank(name: str, row: int, index: NameIndex) -> int:
    return index.ranks.get((name, row), FULL)


def _is_area_of_street(span: Span, streets: Sequence[Span], words: Sequence[str]) -> bool:
    """Whether a part of a venue's name, right behind a street, is the part of the town."""
    if span.end - span.start > 1 or span.score > SHORTENED:
        return False
    if not any(street.end == span.start for street in streets):
        return False
    kind = span.end < len(words) and words[span.end] in vocabulary("place_types")
    return not kind and words[span.start] not in vocabulary("known_venues", "name")


def _spread(rows: Sequence[int], index: NameIndex) -> float:
    if len(rows) < 2:
        return 0.0
    x, y = index.x[list(rows)], index.y[list(rows)]
    return float(max(x.max() - x.min(), y.max() - y.min()))
