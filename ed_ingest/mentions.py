"""What each known name of a text is here: a venue, a street, or a part of the town."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ed_ingest.known_places import EXACT, Span
from ed_ingest.name_index import VENUES, NameIndex
from ed_ingest.place_names import FULL, WEAK
from ed_ingest.words import vocabulary_kind

_KINDS = ("venue", "street", "locality")
# Beside a park and a street of one name they mean the park.
_IN_A_PARK = frozenset(
    {
        *("bench", "benches", "bandstand", "playground", "swings", "slide", "pond", "lake"),
        *("trees", "bushes", "grass", "tennis", "bowls", "bowling", "picnic", "football", "dog"),
    }
)
_ALONG = frozenset({"on", "along", "down", "up"})
_OUTWARD = re.compile(r"[a-z]{1,2}\d{1,2}[a-z]?")


class Mentions(NamedTuple):
    """Names of known places of each kind in a text; `rows` of each are of that kind alone."""

    venues: list[Span]
    streets: list[Span]
    localities: list[Span]


def is_elsewhere(words: Sequence[str], spans: Sequence[Span], index: NameIndex) -> bool:
    """Whether the text names a town that is not the partnership's own."""
    if index.town_first_words.isdisjoint(words):
        return False
    free = [True] * len(words)
    for span in spans:
        free[span.start : span.end] = [False] * (span.end - span.start)
    for i in range(len(words)):
        for n in (3, 2, 1):
            window = words[i : i + n]
            if " ".join(window) in index.elsewhere and all(free[i : i + n]) and len(window) == n:
                return words[i - 1 if i else 0] not in ("from", "to", "lives", "towards", "of")
    return False


def without_postcodes(spans: Sequence[Span], index: NameIndex) -> Sequence[Span]:
    """Leave out venues called as the first half of a postcode (a shop CF14); roads stay (A48)."""
    return [
        span
        for span in spans
        if not _OUTWARD.fullmatch(span.name)
        or any(index.kinds[row] not in VENUES for row in span.rows)
    ]


def mentions_by_kind(words: Sequence[str], spans: Sequence[Span], index: NameIndex) -> Mentions:
    """Tell venues, streets and parts of the town apart, by the words around those that are both."""
    street_words = vocabulary_kind("place_types", "kind", "street")
    venues: list[Span] = []
    streets: list[Span] = []
    localities: list[Span] = []
    for span in spans:
        rows_of = {kind: _of_kind(span.rows, kind, index) for kind in _KINDS}
        order = ("venue", "locality", "street")
        along = span.start > 0 and words[span.start - 1] in _ALONG
        if along or words[span.end - 1] in street_words or words[span.start] == "heol":
            order = ("street", "venue", "locality")
        if not _IN_A_PARK.isdisjoint(words):
            order = ("venue", "street", "locality")
        if rows_of["locality"]:
            rows_of["venue"] = tuple(r for r in rows_of["venue"] if _is_sure(span, r, index))
        kind = next(k for k in order if rows_of[k])
        kept = span._replace(rows=rows_of[kind])
        {"venue": venues, "street": streets, "locality": localities}[kind].append(kept)
    localities.sort(key=lambda span: span.rows[0] in index.whole_town)
    if "town" in words and not localities:
        rows = index.exact.get("city centre") or index.exact.get("town centre") or ()
        localities.extend([Span(0, 0, rows, EXACT, "city centre")] if rows else [])
    return Mentions(venues, streets, localities)


def _is_sure(span: Span, row: int, index: NameIndex) -> bool:
    return index.ranks.get((span.name, row), FULL) < WEAK


@lru_cache(maxsize=65_536)
def _of_kind(rows: tuple[int, ...], kind: str, index: NameIndex) -> tuple[int, ...]:
    if kind == "venue":
        return tuple(row for row in rows if index.kinds[row] in VENUES)
    return tuple(row for row in rows if index.kinds[row] == kind)
