"""Choose which of the places that a text names is where it happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from ed_ingest.junctions import JUNCTION_M, bare_streets, meeting_streets, street_called_short
from ed_ingest.known_places import (
    EXACT,
    LOOSE,
    MISSPELT,
    ORDINARY,
    PARTIAL,
    SHORT_FORM,
    SHORTENED,
    Span,
)
from ed_ingest.mentions import is_elsewhere, mentions_by_kind, without_postcodes
from ed_ingest.name_index import NameIndex
from ed_ingest.one_letter import strange_words
from ed_ingest.place_names import FULL, SITE
from ed_ingest.scene import is_told_of_assault, where_it_happened
from ed_ingest.street_points import meeting_point, nearest, street_points
from ed_ingest.venue_choice import Venue, choose_venue
from ed_ingest.venue_support import IN_LOCALITY, REACH_M, support_by_localities

# Radius that holds the true place with about 95 %, by its kind and by level.
STREET_M = 250.0  # least uncertainty of a street
POSTCODE_M = 100.0
LOCALITY_M = 1_000.0
AREA_M = 5_000.0
SAME_STREET_M = 1_000.0
SITE_M = 100.0
LEAST_JUNCTION_M = 75.0
UNCERTAINTY_M = {
    **{"premises": 50.0, "custody": 50.0, "station": 100.0, "education": 150.0, "health": 150.0},
    **{"park": 250.0, "street": STREET_M, "locality": LOCALITY_M},
}

_MOST_NAMES = 100  # of places in one text; a page of notes has some ten

# Share of places that were right when told so, on the labelled texts that the rules were made with
# (docs/methods/places.md); a little less where only few were told.
_PREMISES_RIGHT = {
    **{EXACT: 0.98, SHORTENED: 0.96, LOOSE: 0.95, PARTIAL: 0.85, MISSPELT: 0.93},
    **{SHORT_FORM: 0.85, ORDINARY: 0.93},
}
_STREET_RIGHT, _LIKELIEST_STREET_RIGHT = 0.97, 0.87
_JUNCTION_RIGHT = _POSTCODE_RIGHT = _LOCALITY_RIGHT = 0.95


class Found(NamedTuple):
    """Where a text says that it happened.

    Attributes
    ----------
    row
        Position in the gazetteer; -1 where no single place is meant.
    level
        Code of ``location_level``.
    x, y, uncertainty_m
        Metres, EPSG:27700; NaN where there is no point.
    score
        0 to 1.
    """

    row: int
    level: str
    x: float
    y: float
    uncertainty_m: float
    score: float


NOWHERE = Found(-1, "none", np.nan, np.nan, np.nan, np.nan)
HOME = Found(-1, "withheld", np.nan, np.nan, np.nan, np.nan)


def choose_place(
    words: Sequence[str],
    breaks: Sequence[bool],
    spans: Sequence[Span],
    index: NameIndex,
    postcode: str | None = None,
) -> Found:
    """Choose the place of one text: premises, then a junction, postcode, street or locality.

    Parameters
    ----------
    words
        Words of the text in normal form.
    breaks
        For each word, whether punctuation or the start of the text stands before it.
    spans
        Names of known places among them.
    index
        The gazetteer's names.
    postcode
        A full postcode of the text, upper case without space.
    """
    # Each name is weighed against all others: a list of places is no place, and would take minutes.
    if len(spans) > _MOST_NAMES or is_elsewhere(words, spans, index):
        return NOWHERE
    spans = without_postcodes(spans, index)
    strange = strange_words(words, spans)
    if any(strange) and (short := street_called_short(words, strange, spans, index)):
        spans = sorted([*spans, short])
        strange[short.start] = False
    spans = where_it_happened(words, breaks, spans, index)
    venues, streets, localities = mentions_by_kind(words, spans, index)
    if bare := bare_streets(words, streets, index):
        streets = sorted([*streets, *bare])
        venues = [v for v in venues if not any(b.start < v.end and v.start < b.end for b in bare)]
    told = [is_told_of_assault(words, breaks, venue.start) for venue in venues]
    venue = choose_venue(words, breaks, strange, venues, streets, localities, told, index)
    pairs = meeting_streets(words, streets)
    junction = _first(_junction(one, other, index) for one, other in pairs)
    # "on the corner of A and B": no venue called The Corner.
    doubtful = venue is None or venue.span.score <= ORDINARY
    found = junction if doubtful and junction else None
    found = found or (_premises(venue, index) if venue else junction)
    if found is None and postcode is not None and postcode in index.postcodes:
        found = Found(-1, "postcode", *index.postcodes[postcode], POSTCODE_M, _POSTCODE_RIGHT)
    if found is None and streets:
        each = ((street, [s for s in streets if s != street]) for street in streets)
        found = _first(_street(s, others, localities, index) for s, others in each) or NOWHERE
    return found or _locality(localities, index)


def _premises(venue: Venue, index: NameIndex) -> Found:
    row = venue.row
    if index.ranks.get((venue.span.name, row), FULL) == SITE:
        # The building is meant: its point is known, which of its tenants is not.
        return Found(-1, "premises", index.x[row], index.y[row], SITE_M, _PREMISES_RIGHT[PARTIAL])
    uncertainty, score = UNCERTAINTY_M[index.kinds[row]], _PREMISES_RIGHT[venue.span.score]
    return Found(row, "premises", index.x[row], index.y[row], uncertainty, score)


def _first(candidates: Iterable[Found | None]) -> Found | None:
    return next((found for found in candidates if found is not None), None)


def _in_localities(rows: list[int], localities: Sequence[Span], index: NameIndex) -> list[int]:
    """The one street that the part of town named speaks for; all where it speaks for none alone."""
    named = [locality for locality in localities if locality.rows[0] not in index.whole_town]
    if not named:
        return rows
    support = support_by_localities(rows, named, index)
    best = support.max()
    meant = [row for row, said in zip(rows, support, strict=True) if said == best]
    if best < IN_LOCALITY:
        return rows
    # Two streets of one name side by side are one, known in two pieces.
    x, y = index.x[meant], index.y[meant]
    if max(np.ptp(x), np.ptp(y)) <= SAME_STREET_M:
        meant = [max(meant, key=lambda row: len(street_points(row, index)))]
    return meant if len(meant) == 1 else rows


def _junction(one: Span, other: Span, index: NameIndex) -> Found | None:
    meeting = meeting_point(one.rows, other.rows, index, within_m=JUNCTION_M)
    if meeting is None:
        return None
    x, y, apart = meeting
    return Found(-1, "junction", x, y, max(LEAST_JUNCTION_M, apart), _JUNCTION_RIGHT)


def _street(
    street: Span, others: Sequence[Span], localities: Sequence[Span], index: NameIndex
) -> Found | None:
    rows = list(street.rows)
    score = _STREET_RIGHT
    if len(rows) > 1 and localities:
        rows = _in_localities(rows, localities, index)
    if len(rows) > 1 and others:
        rows = _near_streets(rows, others, index)
    if len(rows) > 1:
        rows, score = _best_known(rows, index), _LIKELIEST_STREET_RIGHT
    if len(rows) != 1:
        return None
    points = street_points(rows[0], index)
    reach = float(np.hypot(*(points - points[0]).T).max())
    row = rows[0]
    return Found(row, "street", index.x[row], index.y[row], max(STREET_M, reach), score)


def _near_streets(rows: list[int], others: Sequence[Span], index: NameIndex) -> list[int]:
    points = np.array([[index.x[r], index.y[r]] for s in others for r in s.rows])
    distance, _ = nearest(np.column_stack([index.x[rows], index.y[rows]]), points)
    near = [r for r, d in zip(rows, distance, strict=True) if d <= REACH_M / 2]
    return near or rows


def _best_known(rows: list[int], index: NameIndex) -> list[int]:
    """The one of several streets of a name that far more known premises lie on, if any."""
    n = np.array([len(street_points(row, index)) - 1 for row in rows])
    order = np.argsort(-n, kind="stable")
    clear = n[order[0]] >= 20 and n[order[0]] >= 10 * n[order[1]]
    return [rows[order[0]]] if clear else rows


def _locality(localities: Sequence[Span], index: NameIndex) -> Found:
    if not localities:
        return NOWHERE
    row = localities[0].rows[0]
    if row in index.whole_town:
        return Found(row, "area", index.x[row], index.y[row], AREA_M, _LOCALITY_RIGHT)
    return Found(row, "locality", index.x[row], index.y[row], LOCALITY_M, _LOCALITY_RIGHT)
