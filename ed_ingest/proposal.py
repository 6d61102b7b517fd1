"""Propose which column of an unseen file is which item of the contract, and how surely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ed_ingest.codes import UNKNOWN, read_codes
from ed_ingest.date_order import judge_date_order
from ed_ingest.fit import CODED
from ed_ingest.tables import RawExtract
from ed_ingest.time_columns import time_columns
from ed_ingest.weighing import (
    IDENTIFIERS,
    TICKED,
    WEAK,
    Column,
    may_name_people,
    weigh_columns,
)
from ed_ingest.when import DateOrder

# Meaning of a heading -> the column of the schema that it fills.
TARGETS: Mapping[str, str] = MappingProxyType(
    {
        "attendance_number": "attendance_number", "reason": "attendance_reason",
        "assault_method": "assault_method", "location_type": "location_type",
        "easting": "easting", "northing": "northing", "latitude": "latitude",
        "longitude": "longitude", "grid_reference": "grid_reference", "lsoa": "lsoa",
        "alcohol": "alcohol", "drugs": "drugs", "domestic_abuse": "domestic_abuse",
        "reported_to_police": "reported_to_police", "gang_related": "gang_related",
        "admitted": "admitted", "assailants": "assailants", "relationship": "relationship",
        "age": "age", "date_of_birth": "date_of_birth", "age_band": "age_band", "sex": "sex",
        "duplicate_flag": "duplicate_flag",
    }
)  # fmt: skip
ON_REQUEST = frozenset({"age", "date_of_birth", "age_band", "sex"})

SURE, LIKELY = 0.8, 0.55
_UNSURE = 0.3  # a column less sure than this is left behind


class Suggestion(NamedTuple):
    """What one column of the file is taken for.

    ``columns``: of the schema; empty where it is left behind. ``confidence``: 0 to 1.
    ``meaning``: as in headings.csv. ``identifier``: it names people, and is never read but to name
    the attendance or to give an age band. ``old``: its dates are so old that they may be of births,
    though the heading does not say so.
    """

    heading: str
    meaning: str
    columns: tuple[str, ...]
    confidence: float
    identifier: bool
    old: bool = False


@dataclass(frozen=True)
class Proposal:
    """A mapping for one file, to be confirmed by a person.

    Attributes
    ----------
    suggestions
        One for each heading, in the file's order.
    ticks
        Coded column of the schema -> headings of its boxes to tick.
    date_order
        Order of figures in the file's dates.
    agreed
        Items beyond the default that the sharing agreement names.
    """

    suggestions: tuple[Suggestion, ...]
    ticks: Mapping[str, tuple[str, ...]]
    date_order: DateOrder
    agreed: frozenset[str] = frozenset()

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Column of the schema -> headings, in the file's order."""
        mapping: dict[str, tuple[str, ...]] = {}
        for suggestion in self.suggestions:
            for column in suggestion.columns:
                mapping[column] = (*mapping.get(column, ()), suggestion.heading)
        return mapping


def propose(raw: RawExtract, *, agreed: Iterable[str] = ()) -> Proposal:
    """Propose a mapping from what the headings say and what the cells look like.

    Parameters
    ----------
    raw
        Cells as delivered.
    agreed
        Items beyond the default that the sharing agreement names: ``age_band``, ``sex``.

    Returns
    -------
    Proposal
        Never takes the place of the last drink, a home's address, or a time of anything but the
        assault and the arrival; a column that could name people is mapped only as the number of
        the attendance or, where agreed, for the age band.
    """
    agreed = frozenset(agreed)
    date_order = judge_date_order([raw[name] for name in raw.columns])
    columns = weigh_columns(raw, date_order=date_order)
    ticks = _ticks(columns)
    ticked = {heading for boxes in ticks.values() for heading in boxes}
    columns = [column for column in columns if column.heading not in ticked]
    chosen: dict[str, tuple[str, ...]] = {}
    ways = (time_columns, _places, _single, _numbers, _reasons)
    for part in (way(columns) for way in ways):
        for column, headings_of in part.items():
            chosen.setdefault(column, headings_of)
    wanted = _without_unagreed(chosen, agreed)
    suggestions = _suggestions(raw, columns, wanted, ticks)
    return Proposal(suggestions, ticks, date_order, agreed)


def _ticks(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """Boxes to tick: marks in the cells, and a weapon or a kind of place in the heading."""
    boxes: dict[str, list[Column]] = {name: [] for name in TICKED}
    for column in columns:
        target = _box_of(column)
        if target:
            boxes[target].append(column)
    # A box that nobody ticked is one only among others that somebody did.
    fewest = {"assault_method": 1, "location_type": 2}
    return {
        name: tuple(column.heading for column in found)
        for name, found in boxes.items()
        if sum(column.look.filled > 0 for column in found) >= fewest[name]
    }


def _box_of(column: Column) -> str | None:
    """The coded item whose box a column is; None where it is none."""
    marks = column.look.filled == 0 or (column.look.tick > 0.95 and column.look.distinct <= 6)
    told = column.likeness.get(column.meaning, 0.0)
    surely_else = told > (_BLANK_ELSE if column.look.filled == 0 else _SURELY_ELSE)
    if not marks or (surely_else and column.meaning not in _BOX_MEANINGS):
        return None
    words = column.heading.rsplit(" / ", 1)[-1]
    for name in TICKED:
        code = read_codes(pd.Series([words], dtype="str"), name, guess=False).iloc[0]
        if isinstance(code, str) and code != UNKNOWN:
            return name
    return None


_BOX_MEANINGS = (*TICKED, "assault_method_more", "location_text", "other")
_SURELY_ELSE, _BLANK_ELSE = 0.85, 0.6


def _places(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """Columns whose words together tell the place, in the file's order, and what tells its kind."""
    words = [c for c in columns if c.meaning == "location_text" and c.score > _UNSURE]
    if any(c.meaning == "location_type" and c.score > _UNSURE for c in columns):
        return {"location_text": tuple(c.heading for c in words)} if words else {}
    kinds = [c for c in words if _tells_kinds(c)]
    if kinds and len(words) > 1:
        words = [c for c in words if c is not kinds[0]]
    found = {"location_text": tuple(c.heading for c in words)} if words else {}
    # Without a column of its own the kind of place is read from the words.
    tells = kinds[:1] or words
    return found | ({"location_type": tuple(c.heading for c in tells)} if tells else {})


def _tells_kinds(column: Column) -> bool:
    """Whether a column of places holds kinds of places alone, from a list."""
    look = column.look
    return look.codes["location_type"] > 0.9 and look.distinct <= max(12, 0.35 * look.n)


def _single(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """For each coded item the column that tells most; codes give way to words beside them."""
    found: dict[str, tuple[str, ...]] = {}
    for meaning, target in TARGETS.items():
        if meaning in ("reason", "attendance_number"):
            continue
        rivals = [c for c in columns if c.meaning == meaning and c.score > _UNSURE]
        if rivals:
            found[target] = _best_of(rivals, meaning)
    both = [c for c in columns if c.meaning == "alcohol_or_drugs"]
    for column in both[:1]:
        for target in ("alcohol", "drugs"):
            found.setdefault(target, (column.heading,))
    more = [c for c in columns if c.meaning == "assault_method_more" and c.score > WEAK]
    for column in more:
        if column.look.tick < 0.9:
            found["assault_method"] = (*found.get("assault_method", ()), column.heading)
    return found


def _best_of(rivals: Sequence[Column], meaning: str) -> tuple[str, ...]:
    """Of columns that tell the same the one understood best; codes beside words help out."""

    def known(column: Column) -> float:
        return column.look.codes[CODED[meaning]] if meaning in CODED else 1.0

    ranked = sorted(rivals, key=lambda c: (-round(known(c) + c.score, 2), -c.look.filled))
    best = ranked[0]
    helping = [
        c for c in ranked[1:2]
        if c.look.long_code > 0.9 and known(c) > 0.3 and c.look.filled > best.look.filled
    ]  # fmt: skip
    return tuple(c.heading for c in (best, *helping))


def _numbers(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """The number that names the attendance: one for each, and no number of rows."""
    rivals = [
        c for c in columns
        if c.meaning == "attendance_number" and c.score > WEAK and not c.look.counting
    ]  # fmt: skip
    if not rivals:
        return {}
    best = max(rivals, key=lambda c: (round(c.score, 2), c.look.distinct))
    return {"attendance_number": (best.heading,)}


def _reasons(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """What tells assaults from other attendances, be it only a word before the method."""
    rivals = [c for c in columns if c.meaning in ("reason", "assault_when_or_other")]
    rivals = [
        c for c in rivals
        if c.look.codes["attendance_reason"] > 0.6 and c.look.day + c.look.moment < 0.2
    ]  # fmt: skip
    if rivals:
        best = max(rivals, key=lambda c: (c.look.no_assault > 0, round(c.score, 2)))
        reason: dict[str, tuple[str, ...]] = {"attendance_reason": (best.heading,)}
        tells_method = best.look.codes["assault_method"] > 0.3
        return reason | ({"assault_method": (best.heading,)} if tells_method else {})
    method = [
        c for c in columns
        if c.meaning == "assault_method"
        and c.look.no_assault > 0
        and c.look.codes["attendance_reason"] > 0.85
    ]  # fmt: skip
    return {"attendance_reason": (method[0].heading,)} if method else {}


def _without_unagreed(
    chosen: Mapping[str, tuple[str, ...]], agreed: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    """Age and sex only where the agreement names them; of several ways to an age, the coarsest."""
    kept = {name: of for name, of in chosen.items() if name not in ON_REQUEST}
    if "sex" in agreed and "sex" in chosen:
        kept["sex"] = chosen["sex"]
    if "age_band" in agreed:
        way = next((n for n in ("age_band", "age", "date_of_birth") if n in chosen), None)
        kept |= {way: chosen[way]} if way else {}
    return kept


def _suggestions(
    raw: RawExtract,
    columns: Sequence[Column],
    wanted: Mapping[str, tuple[str, ...]],
    ticks: Mapping[str, tuple[str, ...]],
) -> tuple[Suggestion, ...]:
    by_heading = {column.heading: column for column in columns}
    boxes = {heading: target for target, headings in ticks.items() for heading in headings}
    suggestions = []
    for heading in map(str, raw.columns):
        if heading in boxes:
            suggestions.append(Suggestion(heading, boxes[heading], (), 0.85, False))
            continue
        column = by_heading[heading]
        filled = tuple(target for target, headings in wanted.items() if heading in headings)
        marked = column.meaning in IDENTIFIERS or (not filled and may_name_people(column.look))
        score = round(min(column.score, 1.0), 2)
        suggestions.append(Suggestion(heading, column.meaning, filled, score, marked, column.old))
    return tuple(suggestions)


def with_choice(proposal: Proposal, heading: str, columns: tuple[str, ...]) -> Proposal:
    """The proposal with a person's answer for one column."""
    changed = tuple(
        s._replace(columns=columns, confidence=1.0) if s.heading == heading else s
        for s in proposal.suggestions
    )
    return replace(proposal, suggestions=changed)
