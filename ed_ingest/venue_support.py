"""What the address and point of a venue explain of the words besides its own name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ed_ingest.known_places import Span
from ed_ingest.name_forms import is_distinctive
from ed_ingest.name_index import VENUES, NameIndex, own_names
from ed_ingest.street_points import street_points
from ed_ingest.words import vocabulary, vocabulary_kind

NEAR_STREET_M = 150.0  # a venue on a street, from the street's nearest known point
CONFLICT_M = 600.0  # a venue this far from the street named beside it is another branch
REACH_M = 2_000.0  # how far a locality's name reaches
# In names' worth.
ON_STREET, BY_STREET, OFF_STREET = 3.0, 2.0, -3.0
IN_LOCALITY, NEAREST_LOCALITY, OFF_LOCALITY = 2.0, 1.5, -3.0
WORD_OF_ADDRESS = 1.0
_SMALL = frozenset(
    {"the", "a", "in", "at", "on", "of", "by", "and", "st", "road", "outside", "near"}
)


def support_by_words(
    rows: Sequence[int],
    span: Span,
    words: Sequence[str],
    streets: Sequence[Span],
    localities: Sequence[Span],
    index: NameIndex,
) -> NDArray[np.float64]:
    """For each row, what its address and point explain of the words besides names and streets."""
    support = np.zeros(len(rows))
    named = [locality for locality in localities if locality.rows[0] not in index.whole_town]
    if named and rows:
        support += support_by_localities(rows, named, index)
    for said in _said_besides(words, (span, *streets, *localities)):
        support += _saying(said, rows, index)
    kind = words[span.end] if span.end < len(words) else ""
    if kind in vocabulary("place_types"):
        support += _saying(kind, rows, index)
    return support


def _saying(said: str, rows: Sequence[int], index: NameIndex) -> NDArray[np.float64] | float:
    """What one word, or two in a row, are worth for each row: its name or address has them."""
    first, _, second = said.partition(" ")
    saying = _rows_saying(index)
    has = saying.get(first)
    if has is None or (second and second not in saying):
        return 0.0
    if not second:
        return np.array([row in has for row in rows]) * WORD_OF_ADDRESS
    padded, also = f" {said} ", saying[second]
    found = [r in has and r in also and padded in index.described[r] for r in rows]
    return np.array(found) * WORD_OF_ADDRESS


@lru_cache(maxsize=2)
def _rows_saying(index: NameIndex) -> dict[str, frozenset[int]]:
    """Positions of the places whose name or address has each word."""
    found: dict[str, list[int]] = defaultdict(list)
    for row, described in enumerate(index.described):
        if index.kinds[row] in VENUES:
            for word in described.split():
                found[word].append(row)
    return {word: frozenset(rows) for word, rows in found.items()}


def _said_besides(words: Sequence[str], spans: Sequence[Span]) -> Iterator[str]:
    """Other words that an address may hold: each that is a name, and each two in a row."""
    free = [True] * len(words)
    for span in spans:
        free[span.start : span.end] = [False] * (span.end - span.start)
    for i, word in enumerate(words):
        if free[i]:
            if is_distinctive([word]):
                yield word
            elif i + 1 < len(words) and free[i + 1] and not {word, words[i + 1]} & _SMALL:
                yield f"{word} {words[i + 1]}"


def support_by_streets(
    rows: Sequence[int], streets: Sequence[Span], index: NameIndex
) -> NDArray[np.float64]:
    """The street named that speaks most for each row; against it where all are far off."""
    named = own_names((row for street in streets for row in street.rows), index)
    there = {row for name in named for row in index.on_street.get(name, ())}
    if not rows:
        return np.zeros(0)
    if there.issuperset(rows):
        return np.full(len(rows), ON_STREET)
    points = np.vstack([street_points(row, index) for s in streets for row in s.rows])
    x, y = index.x[list(rows)][:, None], index.y[list(rows)][:, None]
    distance = np.hypot(x - points[:, 0], y - points[:, 1]).min(axis=1)
    support = np.where(distance > CONFLICT_M, OFF_STREET, 0.0)
    support[distance <= NEAR_STREET_M] = BY_STREET
    support[[row in there for row in rows]] = ON_STREET
    return support


def support_by_localities(
    rows: Sequence[int], localities: Sequence[Span], index: NameIndex
) -> NDArray[np.float64]:
    """What the localities named say: in the address, or the one branch clearly nearest."""
    x, y = index.x[list(rows)], index.y[list(rows)]
    best = np.full(len(rows), -np.inf)
    for locality in localities:
        names = own_names(locality.rows, index)
        named = [any(_lies_in(index.addresses[row], name) for name in names) for row in rows]
        centre = locality.rows[0]
        distance = np.hypot(x - index.x[centre], y - index.y[centre])
        said = np.where(named, IN_LOCALITY, np.where(distance <= REACH_M, 0.0, OFF_LOCALITY))
        order = np.argsort(np.where(named, distance / 2, distance), kind="stable")
        clear = sum(named) < 2 and (
            len(rows) == 1 or distance[order[1]] > 1.5 * max(distance[order[0]], 100.0)
        )
        if distance[order[0]] <= REACH_M and clear:
            said[order[0]] = IN_LOCALITY + (NEAREST_LOCALITY if len(rows) > 1 else 0.0)
        best = np.maximum(best, said)
    return best


def _lies_in(address: str, locality: str) -> bool:
    """Whether an address names a part of the town, and not a road to it: Llandaff Road."""
    _, found, behind = address.partition(f" {locality} ")
    streets = vocabulary_kind("place_types", "kind", "street")
    return bool(found) and not streets.intersection(behind.split()[:1])
