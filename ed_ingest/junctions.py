"""Junctions: two streets that a text names together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ed_ingest.known_places import EXACT, MISSPELT, Span
from ed_ingest.name_index import NameIndex, own_names
from ed_ingest.street_points import meeting_point

JUNCTION_M = 500.0  # streets whose nearest known points are farther apart do not meet
_CUES = frozenset({"junction", "corner", "crossroads", "where", "lights", "roundabout", "crossing"})
_BETWEEN = frozenset({"/", "and", "x", "with", "meets", "meet", "joins", "into", "onto", "the"})
_NEAR = frozenset({"near", "at", "by", "off", "end", "of", "opposite"})
_JOINING = _BETWEEN | _NEAR | _CUES
_MOST_BETWEEN = 3  # words between the two streets
_MOST_NAME_WORDS = 2  # of a street called without the word for its kind


def meeting_streets(words: Sequence[str], streets: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    """Pairs of streets that the text says meet, in its order.

    Parameters
    ----------
    words
        Words of one text in normal form.
    streets
        Names of known streets among them.
    """
    cued = not _CUES.isdisjoint(words)
    for one, other in pairwise(streets):
        between = words[one.end : other.start]
        if len(between) <= _MOST_BETWEEN and (
            cued or not between or not _JOINING.isdisjoint(between)
        ):
            yield one, other


def bare_streets(words: Sequence[str], streets: Sequence[Span], index: NameIndex) -> list[Span]:
    """Streets of a junction that are called without the word for their kind: "cnr Mill and Castle".

    Takes the same as `meeting_streets` and the gazetteer's names; finds them only where two that
    meet stand together.
    """
    if _CUES.isdisjoint(words):
        return []
    for i, word in enumerate(words):
        if word in _BETWEEN and word != "the":
            pairs = (
                (one, other)
                for one in _ending_at(words, i, streets, index)
                for other in _starting_at(words, i + 1, streets, index)
            )
            for one, other in pairs:
                if {one, other} - {*streets} and meeting_point(
                    one.rows, other.rows, index, within_m=JUNCTION_M
                ):
                    return [span for span in (one, other) if span not in streets]
    return []


def street_called_short(
    words: Sequence[str], strange: Sequence[bool], spans: Sequence[Span], index: NameIndex
) -> Span | None:
    """A street without the word for its kind, by its part of town or behind "on": none unsure.

    Parameters
    ----------
    words
        Words of one text in normal form.
    strange
        For each word, whether it is neither known nor part of a known name.
    spans
        Names of known places among them; parts of the town tell which street is meant.
    index
        The gazetteer's names.
    """
    for i, word in enumerate(words):
        if strange[i] and len(word) >= _SHORTEST_BARE and word in index.bare_streets:
            rows = index.bare_streets[word]
            named = (row for span in spans for row in span.rows)
            names = own_names((r for r in named if index.kinds[r] == "locality"), index)
            there = [r for r in rows if any(f" {n} " in index.addresses[r] for n in names)]
            on = i > 0 and words[i - 1] in ("on", "along")
            if len(there) == 1 or (on and len(rows) == 1):
                return Span(i, i + 1, tuple(there or rows), MISSPELT, word)
    return None


_SHORTEST_BARE = 5


def _ending_at(
    words: Sequence[str], end: int, streets: Sequence[Span], index: NameIndex
) -> Iterator[Span]:
    yield from (span for span in streets if span.end == end)
    for start in range(max(0, end - _MOST_NAME_WORDS), end):
        yield from _bare(words, start, end, index)


def _starting_at(
    words: Sequence[str], start: int, streets: Sequence[Span], index: NameIndex
) -> Iterator[Span]:
    yield from (span for span in streets if span.start == start)
    for end in range(min(len(words), start + _MOST_NAME_WORDS), start, -1):
        yield from _bare(words, start, end, index)


def _bare(words: Sequence[str], start: int, end: int, index: NameIndex) -> Iterator[Span]:
    name = " ".join(words[start:end])
    if name in index.bare_streets:
        yield Span(start, end, index.bare_streets[name], EXACT, name)
