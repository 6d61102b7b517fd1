"""Propose which column of an unseen file is which item of the contract, and how surely."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ed_ingest.codes import UNKNOWN, read_codes
from ed_ingest.contents import Look, look_at
from ed_ingest.date_order import judge_date_order
from ed_ingest.fit import CODED, fit
from ed_ingest.headings import heading_meanings, heading_words
from ed_ingest.tables import RawExtract
from ed_ingest.when import DateOrder, read_moments

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
# What names a person, or a record of one outside the department: marked, and never read.
IDENTIFIERS = frozenset(
    {"nhs_number", "hospital_number", "surname", "forename", "name", "home_address",
     "home_postcode", "telephone", "email", "gp", "next_of_kin", "staff", "assailant_name",
     "police_reference", "attendance_or_log", "any_number", "date_of_birth", "attendance_number",
     "notes"}
)  # fmt: skip
ON_REQUEST = frozenset({"age", "date_of_birth", "age_band", "sex"})
TICKED = ("assault_method", "location_type")

SURE, LIKELY = 0.8, 0.55
_WEAK = 0.5  # a heading less like any phrase tells nothing
_UNSURE = 0.3  # a column less sure than this is left behind
_PEOPLE_YEARS = 8  # a column of dates so much older than the others holds dates of birth


class Suggestion(NamedTuple):
    """What one column of the file is taken for.

    ``columns``: of the schema; empty where it is left behind. ``confidence``: 0 to 1.
    ``meaning``: as in headings.csv. ``identifier``: it names people, and is never read but to name
    the attendance or to give an age band.
    """

    heading: str
    meaning: str
    columns: tuple[str, ...]
    confidence: float
    identifier: bool


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
    """

    suggestions: tuple[Suggestion, ...]
    ticks: Mapping[str, tuple[str, ...]]
    date_order: DateOrder

    @property
    def columns(self) -> dict[str, tuple[str, ...]]:
        """Column of the schema -> headings, in the file's order."""
        mapping: dict[str, tuple[str, ...]] = {}
        for suggestion in self.suggestions:
            for column in suggestion.columns:
                mapping[column] = (*mapping.get(column, ()), suggestion.heading)
        return mapping


class _Column(NamedTuple):
    heading: str
    look: Look
    cells: pd.Series
    likeness: Mapping[str, float]
    meaning: str
    score: float


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
    headings = [str(name) for name in raw.columns]
    likeness = heading_meanings(headings)
    date_order = judge_date_order([raw[name] for name in headings])
    looks = [look_at(raw[name], date_order=date_order) for name in headings]
    columns = [
        _weighed(heading, look, raw[heading], dict(likeness.iloc[place]))
        for place, (heading, look) in enumerate(zip(headings, looks, strict=True))
    ]
    columns = _births_told(columns)
    ticks = _ticks(columns)
    ticked = {heading for boxes in ticks.values() for heading in boxes}
    columns = [column for column in columns if column.heading not in ticked]
    chosen: dict[str, tuple[str, ...]] = {}
    for part in (
        _times(columns), _places(columns), _single(columns), _numbers(columns), _reasons(columns)
    ):  # fmt: skip
        for column, headings_of in part.items():
            chosen.setdefault(column, headings_of)
    wanted = _without_unagreed(chosen, frozenset(agreed))
    suggestions = _suggestions(raw, columns, wanted, ticks)
    return Proposal(suggestions, ticks, date_order)


def _weighed(heading: str, look: Look, cells: pd.Series, likeness: dict[str, float]) -> _Column:
    """The meaning that heading and cells together speak for most."""
    # A phrase nearly alike weighs far less than the very words.
    scores = {meaning: near**2 * fit(meaning, look) for meaning, near in likeness.items()}
    meaning = max(scores, key=lambda name: scores[name])
    by_cells = _by_cells(look)
    if by_cells in IDENTIFIERS and likeness[meaning] < 0.85:
        meaning, score = by_cells, 0.9
    elif max(likeness.values()) < _WEAK and by_cells:
        meaning, score = by_cells, 0.45
    else:
        score = scores[meaning]
    return _Column(heading, look, cells, likeness, meaning, score)


def _by_cells(look: Look) -> str:
    """What the cells alone say; empty where they say nothing sure."""
    if look.nhs > 0.5:
        return "nhs_number"
    if look.email > 0.5:
        return "email"
    if look.phone > 0.6:
        return "telephone"
    if look.postcode > 0.6:
        return "home_postcode"
    if look.house > 0.7 and look.distinct > 0.5 * look.n:
        return "home_address"
    if look.person > 0.4 and look.words < 3.5 and look.codes["location_type"] < 0.3:
        return "name"
    if max(look.day, look.moment, look.clock) > 0.8:
        return "when"
    coded = {name: share for name, share in look.codes.items() if name in TICKED}
    best = max(coded, key=lambda name: coded[name])
    if coded[best] > 0.8 and look.words < 4 and look.number < 0.2 and look.distinct > 2:
        return best
    return "location_text" if look.words >= 2 and look.place > 0.6 else ""


def _births_told(columns: list[_Column]) -> list[_Column]:
    """Dates far older than the others' are of births, whatever the heading."""
    years = {c.heading: _year(c) for c in columns if c.look.day + c.look.moment > 0.7}
    newest = max(years.values(), default=0.0)
    return [
        c._replace(meaning="date_of_birth", score=0.9)
        if c.heading in years and 1900 < years[c.heading] < newest - _PEOPLE_YEARS
        else c
        for c in columns
    ]


def _year(column: _Column) -> float:
    year = read_moments(column.cells)["day"].dt.year.median()
    return float(year) if year == year else 0.0


def _ticks(columns: Sequence[_Column]) -> dict[str, tuple[str, ...]]:
    """Boxes to tick: marks in the cells, and a weapon or a kind of place in the heading."""
    boxes: dict[str, list[str]] = {name: [] for name in TICKED}
    for column in columns:
        strong = column.likeness.get(column.meaning, 0) > 0.85 and column.meaning not in (
            *TICKED, "assault_method_more", "location_text", "other"
        )  # fmt: skip
        marks = column.look.n == 0 or (column.look.tick > 0.95 and column.look.distinct <= 6)
        if strong or not marks:
            continue
        words = column.heading.rsplit(" / ", 1)[-1]
        for name in TICKED:
            code = read_codes(pd.Series([words], dtype="str"), name, guess=False).iloc[0]
            if isinstance(code, str) and code != UNKNOWN:
                boxes[name].append(column.heading)
                break
    if len(boxes["location_type"]) < 2:
        boxes["location_type"] = []
    return {name: tuple(headings) for name, headings in boxes.items() if headings}


def _times(columns: Sequence[_Column]) -> dict[str, tuple[str, ...]]:
    """Date, time, or both, of the assault and of the arrival."""
    families: dict[str, list[_Column]] = {"assault": [], "arrival": [], "": []}
    for column in columns:
        timed = max(column.look.day, column.look.moment, column.look.clock) > 0.5
        blank = column.look.n == 0
        if column.meaning in _FAMILIES and (timed or blank) and column.score > 0.4:
            families[_FAMILIES[column.meaning]].append(column)
    _share_out(columns, families)
    if not families["arrival"]:
        families["arrival"] = _of_ambulances(columns)
    if not families["arrival"] and not families["assault"]:
        families["assault"] = [c for c in columns if _is_lone_date(c)]
    found: dict[str, tuple[str, ...]] = {}
    for family, stem in (("assault", "assault"), ("arrival", "arrived")):
        for kind, column in _kinds(families[family]).items():
            found[f"{stem}_{kind}"] = (column.heading,)
    return found


_FAMILIES = MappingProxyType(
    {
        "assault_when": "assault", "assault_when_or_other": "assault", "arrival_when": "arrival",
        "when": "",
    }
)  # fmt: skip


def _is_lone_date(column: _Column) -> bool:
    """Whether dates under another heading may be the assaults', where there are no others."""
    return column.meaning != "date_of_birth" and column.look.day + column.look.moment > 0.7


def _of_ambulances(columns: Sequence[_Column]) -> list[_Column]:
    """An ambulance without a time at hospital: when it was at the scene, else the call."""
    for meaning in ("scene_when", "call_when"):
        found = [c for c in columns if c.meaning == meaning and c.score > 0.4]
        if found:
            return found
    return []


def _share_out(columns: Sequence[_Column], families: dict[str, list[_Column]]) -> None:
    """Give headings such as "Date" to the family beside them, or to the one that lacks it."""
    order = [column.heading for column in columns]
    for column in families[""]:
        kind = _kind(column)
        lacking = [f for f in ("assault", "arrival") if kind not in _kinds(families[f])]
        if not lacking:
            continue
        beside = _beside(column, families, order) if kind == "time" else None
        if beside in lacking:
            families[beside].append(column)
        elif len(lacking) == 1:
            families[lacking[0]].append(column)
        else:
            families[_earlier(column, families[""], kind)].append(column)


def _beside(
    column: _Column, families: Mapping[str, list[_Column]], order: Sequence[str]
) -> str | None:
    """Family of the column directly to the left."""
    place = order.index(column.heading)
    for family in ("assault", "arrival"):
        if any(order.index(other.heading) == place - 1 for other in families[family]):
            return family
    return None


def _earlier(column: _Column, others: Sequence[_Column], kind: str) -> str:
    """Of two columns alike the assault's is the earlier; a lone one is the assault's."""
    rivals = [other for other in others if other is not column and _kind(other) == kind]
    if not rivals or kind == "time":
        return "assault"
    mine, theirs = (read_moments(c.cells) for c in (column, rivals[0]))
    at, other_at = (m["day"] + pd.to_timedelta(m["from_min"], unit="min") for m in (mine, theirs))
    later = (at > other_at).sum() > (at < other_at).sum()
    return "arrival" if later else "assault"


def _kind(column: _Column) -> str:
    """``at`` (date and time), ``date`` or ``time``."""
    look = column.look
    if look.n == 0:
        words = heading_words(column.heading).split()
        return "at" if {"date", "time"} <= set(words) else "time" if "time" in words else "date"
    if look.day + look.moment < 0.5:
        return "time"
    return "at" if look.moment - look.midnight > 0.1 or look.moment > 0.9 else "date"


def _kinds(family: Sequence[_Column]) -> dict[str, _Column]:
    """The best column of each kind; a date whose times are all midnight has none beside a time."""
    best: dict[str, _Column] = {}
    for column in sorted(family, key=_preference):
        best.setdefault(_kind(column), column)
    if {"at", "time"} <= set(best) and "date" not in best:
        at = best["at"]
        if at.look.moment - at.look.midnight < 0.05:
            best["date"] = best.pop("at")
    if "at" in best and best["at"].look.filled >= 0.8:
        best = {"at": best["at"]}
    return best


def _preference(column: _Column) -> tuple[bool, float, float]:
    """Local times before those of UTC, then the surest, then the best filled."""
    local = "local" in heading_words(column.heading).split()
    return not local, -round(column.score, 2), -column.look.filled


def _places(columns: Sequence[_Column]) -> dict[str, tuple[str, ...]]:
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


def _tells_kinds(column: _Column) -> bool:
    """Whether a column of places holds kinds of places alone, from a list."""
    look = column.look
    return look.codes["location_type"] > 0.9 and look.distinct <= max(12, 0.35 * look.n)


def _single(columns: Sequence[_Column]) -> dict[str, tuple[str, ...]]:
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
    more = [c for c in columns if c.meaning == "assault_method_more" and c.score > _WEAK]
    for column in more:
        if column.look.tick < 0.9:
            found["assault_method"] = (*found.get("assault_method", ()), column.heading)
    return found


def _best_of(rivals: Sequence[_Column], meaning: str) -> tuple[str, ...]:
    """Of columns that tell the same the one understood best; codes beside words help out."""

    def known(column: _Column) -> float:
        return column.look.codes[CODED[meaning]] if meaning in CODED else 1.0

    ranked = sorted(rivals, key=lambda c: (-round(known(c) + c.score, 2), -c.look.filled))
    best = ranked[0]
    helping = [
        c for c in ranked[1:2]
        if c.look.long_code > 0.9 and known(c) > 0.3 and c.look.filled > best.look.filled
    ]  # fmt: skip
    return tuple(c.heading for c in (best, *helping))


def _numbers(columns: Sequence[_Column]) -> dict[str, tuple[str, ...]]:
    """The number that names the attendance: one for each, and no number of rows."""
    rivals = [
        c for c in columns
        if c.meaning == "attendance_number" and c.score > _WEAK and not c.look.counting
    ]  # fmt: skip
    if not rivals:
        return {}
    best = max(rivals, key=lambda c: (round(c.score, 2), c.look.distinct))
    return {"attendance_number": (best.heading,)}


def _reasons(columns: Sequence[_Column]) -> dict[str, tuple[str, ...]]:
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
    columns: Sequence[_Column],
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
        suggestions.append(
            Suggestion(
                heading, column.meaning, filled, round(min(column.score, 1.0), 2),
                column.meaning in IDENTIFIERS,
            )
        )  # fmt: skip
    return tuple(suggestions)


def with_choice(proposal: Proposal, heading: str, columns: tuple[str, ...]) -> Proposal:
    """The proposal with a person's answer for one column."""
    changed = tuple(
        s._replace(columns=columns, confidence=1.0) if s.heading == heading else s
        for s in proposal.suggestions
    )
    return replace(proposal, suggestions=changed)
