"""Propose how to read a police file: police.uk as published, or a force's own extract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from ed_ingest.contents import Look, look_at
from ed_ingest.coordinates import EASTING_RANGE, NORTHING_RANGE
from ed_ingest.grid_references import grid_points
from ed_ingest.headings import heading_meanings
from ed_ingest.layout import as_text
from ed_ingest.markers import MARKERS
from ed_ingest.offences import offence_codes
from ed_ingest.police_uk import is_police_uk, street_columns
from ed_ingest.proposal import Suggestion
from ed_ingest.tables import RawExtract

_FEWEST_LIKENESS, _FEWEST_OF_WHEN = 0.55, 0.5
# A meaning this little behind the best is as likely, and the cells decide.
_AS_GOOD = 0.1
_NEVER = ("left", "identifier")
_TIMES = ("committed_from", "committed_to")
_OFFENCES = ("offence_code", "offence", "crime_type")
# Least and greatest of a column's numbers, by meaning; degrees are of Great Britain.
_WITHIN = {
    "easting": EASTING_RANGE, "northing": NORTHING_RANGE,
    "longitude": (-9.0, 3.0), "latitude": (49.0, 61.0),
}  # fmt: skip
_LIKE = {"easting": "longitude", "northing": "latitude"} | {
    "longitude": "easting", "latitude": "northing",
}  # fmt: skip
# Small words of headings, which tell the ends of the interval apart.
_START = re.compile(r"(?<![a-z])(?:from|start|earliest|first|between|after|begin)(?![a-z])", re.I)
_END = re.compile(r"(?<![a-z])(?:to|until|end|latest|last|and|before|finish)(?![a-z])", re.I)
_AXIS = re.compile(r"(?:^|\s)([xyen])(?:\s|$)", re.I)
# What police systems shorten, and words that tell nothing: hospitals shorten other things so.
_SHORT = {
    "occ": "occurred", "rec": "recorded", "off": "offence", "comm": "committed", "com": "committed",
    "crm": "crime", "bng": "", "osgb": "", "wgs84": "", "wgs": "",
}  # fmt: skip
_LONE_FIGURE = re.compile(r"(?<=[a-z]{3})\d$", re.I)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORDS_OF_FREE_TEXT = 9.0
_AT_MOST_A_MARKER = 60
_LONE_LETTER = re.compile(r"[A-Za-z]{3}")


class _Column(NamedTuple):
    """One column: what its heading is nearest to, how near, and what its cells look like."""

    place: int
    cells: pd.Series
    meaning: str
    near: float
    look: Look


def propose_police(raw: RawExtract) -> tuple[Suggestion, ...]:
    """Propose the mapping of a police file, from what its headings say and its cells look like.

    Parameters
    ----------
    raw
        Cells as delivered.

    Returns
    -------
    tuple
        One suggestion for each column in order; each column of schemas/police_crime.json at most
        once, by the heading most like it. A column that lists markers fills those that have no
        column of their own. Names, addresses and free text are never mapped.
    """
    if is_police_uk(raw):
        published = {header: column for column, header in street_columns(raw).items()}
        return tuple(_of_police_uk(str(heading), published) for heading in raw.columns)
    columns = [_looked_at(raw, place, near) for place, near in enumerate(_likeness(raw))]
    taken = _taken(columns)
    _share_when(columns, taken)
    if "committed_from" in taken or "committed_from_date" in taken:
        # A month beside a date is no crime's only time.
        taken.pop("committed_month", None)
    targets: dict[int, tuple[str, ...]] = {}
    for target, (_, place) in taken.items():
        targets[place] = (*targets.get(place, ()), target)
    return tuple(
        Suggestion(
            str(raw.columns[column.place]),
            column.meaning,
            targets.get(column.place, ()),
            round(column.near, 2),
            column.meaning == "identifier",
        )
        for column in columns
    )


def _of_police_uk(heading: str, published: Mapping[str, str]) -> Suggestion:
    column = published.get(heading)
    return Suggestion(heading, column or "left", (column,) if column else (), 1.0, False)


def _likeness(raw: RawExtract) -> Iterator[pd.Series]:
    headings = [_spelt_out(str(name)) for name in raw.columns]
    table = heading_meanings(headings, lexicon="police_headings")
    for _, row in table.iterrows():
        yield row


def _spelt_out(heading: str) -> str:
    """A heading in full words: ``OCC_DATE`` is the date occurred, ``REC_DATE`` the one recorded."""
    words = _LONE_FIGURE.sub("", _CAMEL.sub(" ", heading.replace("_", " "))).split()
    known = [_SHORT.get(word.casefold(), word) for word in words]
    return " ".join(word for word in known if word) or heading


def _looked_at(raw: RawExtract, place: int, near: pd.Series) -> _Column:
    """The meaning nearest to the heading that the cells do not speak against."""
    heading, cells = str(raw.columns[place]), raw.iloc[:, place]
    look = look_at(cells, word_lists=())
    axis = _AXIS.search(heading.replace("_", " "))
    if axis and look.number > 0.5:
        near = pd.Series({"easting" if axis[1].lower() in "xe" else "northing": 1.0})
    ranked = near.sort_values(ascending=False, kind="stable")
    best = float(ranked.iloc[0])
    for meaning, likeness in ranked[ranked >= best - _AS_GOOD].items():
        told = str(meaning)
        if told in (*_TIMES, "when"):
            told = _end_of_interval(heading, told)
        told = told if told in _NEVER else _by_cells(told, cells, look)
        if told != "left" or meaning == "left":
            return _Column(place, cells, told, float(likeness), look)
    return _Column(place, cells, "left", best, look)


def _end_of_interval(heading: str, meaning: str) -> str:
    words = _CAMEL.sub(" ", heading.replace("_", " "))
    if _START.search(words):
        return "committed_from"
    if _END.search(words):
        return "committed_to"
    return "committed_from" if meaning == "committed_to" else meaning


def _by_cells(meaning: str, cells: pd.Series, look: Look) -> str:
    """What the cells say against the heading: ``left`` where they are of another kind."""
    if look.n == 0:
        return meaning
    if meaning == "crime_reference":
        # Before all else: a long number may look like one of the NHS.
        numbered = as_text(cells).dropna().str.contains(r"\d").mean()
        return meaning if numbered > 0.5 else "left"
    people = look.nhs + look.phone + look.email > 0.3 or look.person > 0.6
    if people or (look.words > _WORDS_OF_FREE_TEXT and meaning not in (*_OFFENCES, "keywords")):
        return "identifier"
    if meaning in _WITHIN:
        return _by_numbers(meaning, look)
    if meaning in _OFFENCES:
        return _by_offences(meaning, cells)
    fits = {
        "grid_reference": lambda: grid_points(as_text(cells).dropna())["easting"].notna().mean(),
        "lsoa": lambda: look.area,
        **dict.fromkeys((*_TIMES, "when"), lambda: look.day + look.moment + look.clock),
        **dict.fromkeys(MARKERS, lambda: float(look.distinct <= _AT_MOST_A_MARKER)),
    }
    return meaning if meaning not in fits or fits[meaning]() > 0.5 else "left"


def _by_numbers(meaning: str, look: Look) -> str:
    """Metres or degrees, whatever the heading (X, Y) says; noughts stand for none."""
    if look.number < 0.5:
        return "left"
    for kind in (meaning, _LIKE[meaning]):
        low, high = _WITHIN[kind]
        inside = low <= look.high <= high
        if inside and (kind in ("easting", "northing") or low <= max(look.low, low) <= high):
            return kind
    return meaning


def _by_offences(meaning: str, cells: pd.Series) -> str:
    """Codes, or the offence in words, whatever the heading (Offence, Classification) says."""
    text = as_text(cells).dropna()
    coded = offence_codes(text).notna().mean()
    worded = text.str.contains(_LONE_LETTER, na=False).mean()
    if coded > 0.5:
        return "offence_code"
    return "offence" if meaning == "offence_code" and worded > 0.5 else meaning


def _taken(columns: list[_Column]) -> dict[str, tuple[float, int]]:
    """Column of the schema -> the likeness and place of the column that fills it best."""
    taken: dict[str, tuple[float, int]] = {}
    for column in columns:
        if column.meaning in (*_NEVER, "keywords", "when") or column.near < _FEWEST_LIKENESS:
            continue
        target = (
            _target(column.meaning, column.look) if column.meaning in _TIMES else column.meaning
        )
        score = _score(column)
        if score > taken.get(target, (0.0, 0))[0]:
            taken[target] = (score, column.place)
    for column in columns:
        if column.meaning == "keywords" and column.near >= _FEWEST_LIKENESS:
            for marker in MARKERS:
                taken.setdefault(marker, (column.near, column.place))
    return taken


def _score(column: _Column) -> float:
    """Likeness; of equals the column that is filled, and of references the one that is unique."""
    of_one = 0.02 if column.meaning == "crime_reference" and column.look.unique else 0.0
    return column.near + 0.03 * column.look.filled + of_one


def _share_when(columns: list[_Column], taken: dict[str, tuple[float, int]]) -> None:
    """Give a date or time of no stated kind to the start, where it has none."""
    for column in columns:
        if column.meaning == "when" and column.near >= _FEWEST_OF_WHEN:
            target = _target("committed_from", column.look)
            if "committed_from" not in taken and target not in taken:
                taken[target] = (column.near, column.place)


def _target(meaning: str, look: Look) -> str:
    """Date, time or both in one column."""
    if look.moment > 0.1 or look.n == 0:
        return meaning
    return f"{meaning}_time" if look.clock > look.day else f"{meaning}_date"
