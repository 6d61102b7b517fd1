"""Weigh what one column is: what its heading is like, and whether its cells can be that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from ed_ingest.contents import Look, look_at
from ed_ingest.fit import fit
from ed_ingest.headings import heading_meanings
from ed_ingest.tables import RawExtract
from ed_ingest.when import DateOrder, read_moments

# What names a person, or a record of one outside the department: marked, and never read.
IDENTIFIERS = frozenset(
    {"nhs_number", "hospital_number", "surname", "forename", "name", "home_address",
     "home_postcode", "telephone", "email", "gp", "next_of_kin", "staff", "assailant_name",
     "police_reference", "attendance_or_log", "any_number", "date_of_birth", "attendance_number",
     "notes"}
)  # fmt: skip
# Coded items that may come as boxes to tick, one for each code.
TICKED = ("assault_method", "location_type")

WEAK = 0.5  # a heading less like any phrase tells nothing
_PEOPLE_YEARS = 8  # a column of dates so much older than the others holds dates of birth
_EVENTS = ("assault_when", "assault_when_or_other", "arrival_when")
_FEWEST_OF_EVENTS = 0.4  # a column less surely a time of the attendance is no measure of its dates
_SERIAL_END = 100_000  # a spreadsheet's number of a day has five digits


def may_name_people(look: Look) -> bool:
    """Whether the cells look like names, numbers or addresses of people, whatever the heading.

    Meant for columns that are left behind: to mark one too many costs nothing.
    """
    if max(look.day, look.moment) > 0.5:
        return False
    own = look.n > 5 and look.distinct > 0.8 * look.n
    shares = (look.nhs, look.email, look.phone, look.postcode, look.house, look.person)
    return max(shares) > 0.3 or (own and look.reference > 0.8)


class Column(NamedTuple):
    """One column of the file: what it says, what it looks like, and what it is taken for.

    ``old``: taken for dates of birth because its dates are so old, not for its heading.
    """

    heading: str
    look: Look
    cells: pd.Series
    likeness: Mapping[str, float]
    meaning: str
    score: float
    old: bool = False


def weigh_columns(raw: RawExtract, *, date_order: DateOrder) -> list[Column]:
    """Weigh every column of a file, in its order.

    Parameters
    ----------
    raw
        Cells as delivered.
    date_order
        Order of figures in the file's dates.
    """
    headings = [str(name) for name in raw.columns]
    likeness = heading_meanings(headings)
    looks = [look_at(raw[name], date_order=date_order) for name in headings]
    return _births_told(
        [
            _weighed(heading, look, raw[heading], dict(likeness.iloc[place]))
            for place, (heading, look) in enumerate(zip(headings, looks, strict=True))
        ]
    )


def _weighed(heading: str, look: Look, cells: pd.Series, likeness: dict[str, float]) -> Column:
    """The meaning that heading and cells together speak for most."""
    # A phrase nearly alike weighs far less than the very words.
    scores = {meaning: near**2 * fit(meaning, look) for meaning, near in likeness.items()}
    meaning = max(scores, key=lambda name: scores[name])
    by_cells = _by_cells(look)
    if by_cells in IDENTIFIERS and likeness[meaning] < 0.85:
        meaning, score = by_cells, 0.9
    elif max(likeness.values()) < WEAK and by_cells:
        meaning, score = by_cells, 0.45
    else:
        score = scores[meaning]
    return Column(heading, look, cells, likeness, meaning, score)


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
    if max(look.day, look.moment, look.clock) > 0.8 and not _may_be_serials(look):
        return "when"
    coded = {name: share for name, share in look.codes.items() if name in TICKED}
    best = max(coded, key=lambda name: coded[name])
    if coded[best] > 0.8 and look.words < 4 and look.number < 0.2 and look.distinct > 2:
        return best
    return "location_text" if look.words >= 2 and look.place > 0.6 else ""


def _may_be_serials(look: Look) -> bool:
    """Whether the cells are bare numbers that only a heading can tell to be days."""
    return look.number > 0.5 and look.high < _SERIAL_END


def _births_told(columns: Sequence[Column]) -> list[Column]:
    """Dates far older than the attendances' are of births, whatever the heading."""
    dated = [c for c in columns if c.look.day + c.look.moment > 0.7]
    years = {c.heading: _year(c) for c in dated}
    newest = max((years[c.heading] for c in _measures(dated)), default=0.0)
    return [
        c._replace(meaning="date_of_birth", score=0.9, old=c.meaning != "date_of_birth")
        if c.heading in years and 1900 < years[c.heading] < newest - _PEOPLE_YEARS
        else c
        for c in columns
    ]


def _measures(dated: Sequence[Column]) -> list[Column]:
    """The columns that tell how old the file is: its times of the attendance, if it has any.

    A reference number may read as a day of a later century, and a date of review lies ahead.
    """
    events = [c for c in dated if c.meaning in _EVENTS and c.score > _FEWEST_OF_EVENTS]
    return events or [
        c for c in dated if c.meaning not in IDENTIFIERS and not _may_be_serials(c.look)
    ]


def _year(column: Column) -> float:
    year = read_moments(column.cells)["day"].dt.year.median()
    return float(year) if year == year else 0.0
