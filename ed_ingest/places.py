"""Words of a location -> the place they name, its point, its level and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ed_ingest.answered_places import with_answers
from ed_ingest.errors import AnalysisError
from ed_ingest.garbage import collected_afterwards
from ed_ingest.given import Texts, require_kind, texts_of
from ed_ingest.homes import kind_of_home, says_home
from ed_ingest.identifiers import postcode_in
from ed_ingest.known_places import Span, known_spans
from ed_ingest.levels import HOMES, MAPPED_LEVELS, may_be_homes
from ed_ingest.misspellings import misspelt_spans
from ed_ingest.name_index import VENUES, NameIndex, index_names
from ed_ingest.one_letter import with_misspelt
from ed_ingest.place_choice import HOME, Found, choose_place
from ed_ingest.small_areas import area_codes
from ed_ingest.tables import Gazetteer, Located, Redacted
from ed_ingest.words import breaks_before, normal_form, normal_words, tokens

__all__ = ["find_places", "locate", "normal_form"]

DELIVERED_UNCERTAINTY_M = 50.0  # a point picked on a map or read from a device
SAME_PLACE_M = 300.0  # a place named farther than this from the delivered point is another


def find_places(
    texts: Texts, *, gazetteer: Gazetteer, context: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Find the place that each text names.

    Parameters
    ----------
    texts
        Locations in words, as delivered or redacted; may be missing. A list or array gets the
        index 0, 1, 2 …
    gazetteer
        Known places, EPSG:27700, as from `load_gazetteer`.
    context
        What else is known, on the index of `texts`: ``location_type`` (contract codes), of which
        the two homes are never placed. Other columns are ignored.

    Returns
    -------
    DataFrame
        On the index of `texts`: ``place_id, place_name`` (missing where no single place is meant),
        ``location_level``, ``easting, northing`` (metres, EPSG:27700), ``location_uncertainty_m``
        (radius that holds the true place with about 95 %), ``match_score`` (0 to 1). A home has
        the level ``withheld`` and nothing else.

    Raises
    ------
    EdHotspotsError
        If `texts` is no column of texts, `gazetteer` no gazetteer, or `context` on another index.
    """
    require_kind(gazetteer, Gazetteer, name="gazetteer", made_by="load_gazetteer")
    texts = texts_of(texts, name="texts")
    # On another index the wrong rows would be withheld, and homes placed.
    if context is not None and not context.index.equals(texts.index):
        raise AnalysisError("context must be on the index of texts: one row for each text.")
    found = with_answers(look_up(texts, index_names(gazetteer)), texts, gazetteer)
    if context is not None and "location_type" in context:
        found = _withheld(found, context["location_type"].isin(HOMES))
    return found.drop(columns=["place_words", "home"])


def locate(redacted: Redacted, *, gazetteer: Gazetteer) -> Located:
    """Add place, point, level, uncertainty and small area to each record.

    Parameters
    ----------
    redacted
        Records whose words have been through `redact`; ``location_type, location_text`` and, where
        delivered, ``easting, northing, lsoa``.
    gazetteer
        Known places and small areas, EPSG:27700.

    Returns
    -------
    Located
        `redacted` with the columns of `find_places`, ``lsoa``, and ``place_words``: the words that
        are names of known places. A delivered point in Great Britain comes before the words. A home
        has no place and no point; its small area is that of the delivered point, else the delivered
        one. A home told by the words alone gets its ``location_type`` where that was unknown. A
        delivered point that may be a home's (`may_be_homes`) is withheld like one.
    """
    texts = _column(redacted, "location_text")
    found = with_answers(look_up(texts, index_names(gazetteer)), texts, gazetteer)
    at_home = redacted["location_type"].isin(HOMES) | (found["location_level"] == "withheld")
    points = _delivered_points(redacted)
    placed = _with_points(found, points)
    mapped = placed["location_level"].isin(MAPPED_LEVELS)
    own_area = area_codes(
        placed["easting"].where(mapped), placed["northing"].where(mapped), gazetteer.areas
    )
    placed["lsoa"] = own_area.fillna(_column(redacted, "lsoa"))
    placed = _withheld(placed, at_home | _maybe_at_home(redacted, found, points))
    told = at_home & (redacted["location_type"] == "unknown")
    location_type = redacted["location_type"].mask(told, found["home"])
    columns = placed.drop(columns="home").assign(location_type=location_type)
    others = redacted.drop(columns=columns.columns.intersection(redacted.columns))
    return Located(pd.concat([others, columns], axis=1))


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    if name in table:
        return table[name]
    return pd.Series(pd.NA, index=table.index, dtype="str")


def look_up(texts: pd.Series, index: NameIndex) -> pd.DataFrame:
    """Find the place of each distinct text once, with its known words and the kind of home.

    Returns
    -------
    DataFrame
        The columns of `find_places`, ``place_words`` (as in `locate`) and ``home`` (contract code).
    """
    codes, distinct = pd.factorize(texts.fillna("").astype(str))
    with collected_afterwards():
        table = _of_distinct(distinct.tolist(), index)
    return table.iloc[codes].set_index(texts.index)


def _of_distinct(distinct: Sequence[str], index: NameIndex) -> pd.DataFrame:
    tokenised = [tokens(text) for text in distinct]
    words = normal_words(tokenised)
    breaks = [breaks_before(text, own) for text, own in zip(distinct, tokenised, strict=True)]
    spans = [known_spans(text, index) for text in words]
    at_home = [is_home(w, s, index) for w, s in zip(words, spans, strict=True)]
    # Of a home nothing is looked for.
    open_words = [[] if home else w for w, home in zip(words, at_home, strict=True)]
    open_spans = [[] if home else s for s, home in zip(spans, at_home, strict=True)]
    misspelt = misspelt_spans(open_words, open_spans, index)
    found = [
        HOME if home else choose_place(w, b, with_misspelt(s, m), index, postcode_in(text))
        for text, w, b, s, m, home in zip(
            distinct, words, breaks, spans, misspelt, at_home, strict=True
        )
    ]
    return _as_columns(found, index).assign(
        place_words=[_certain_words(w, s, index) for w, s in zip(words, spans, strict=True)],
        home=[kind_of_home(w) for w in words],
    )


def _as_columns(found: Sequence[Found], index: NameIndex) -> pd.DataFrame:
    places = pd.DataFrame(found, columns=list(Found._fields))
    # The last entry stands for no place: the row number is then -1.
    ids, names = (np.array([*column, None], dtype=object) for column in (index.ids, index.names))
    row = places["row"].to_numpy(dtype=int)
    return pd.DataFrame(
        {
            "place_id": pd.Series(ids[row], dtype="str"),
            "place_name": pd.Series(names[row], dtype="str"),
            "location_level": places["level"].astype("str"),
            "easting": places["x"].astype("float64"),
            "northing": places["y"].astype("float64"),
            "location_uncertainty_m": places["uncertainty_m"].astype("float64"),
            "match_score": places["score"].astype("float64"),
        }
    )


def _certain_words(words: Sequence[str], spans: Sequence[Span], index: NameIndex) -> str:
    """Words that belong to known places beyond doubt: several words, or a public place."""
    certain = (
        span
        for span in spans
        if span.end - span.start > 1 or any(index.kinds[row] != "premises" for row in span.rows)
    )
    return " ".join(word for span in certain for word in words[span.start : span.end])


def is_home(words: Sequence[str], spans: Sequence[Span], index: NameIndex) -> bool:
    """Whether the words of a text, with the known places named in it, say somebody's home."""
    return says_home(
        words,
        covered_words(words, spans),
        venue=any(index.kinds[row] in VENUES for span in spans for row in span.rows),
        business_addresses=index.business_addresses,
    )


def covered_words(words: Sequence[str], spans: Sequence[Span]) -> list[bool]:
    """For each word, whether it belongs to the name of a known place."""
    covered = [False] * len(words)
    for span in spans:
        covered[span.start : span.end] = [True] * (span.end - span.start)
    return covered


def _delivered_points(records: pd.DataFrame) -> pd.DataFrame:
    points = records.reindex(columns=["easting", "northing"]).astype("float64")
    inside = points["easting"].between(1, 700_000) & points["northing"].between(1, 1_300_000)
    return points.where(inside)


def _maybe_at_home(redacted: Redacted, found: pd.DataFrame, points: pd.DataFrame) -> pd.Series:
    """Whether a delivered point may be a home's; a place named in the words says otherwise."""
    untold = ~found["location_level"].isin(MAPPED_LEVELS)
    return may_be_homes(redacted) & untold & points["easting"].notna()


def _with_points(found: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Put delivered points before those of the words; keep a place named that is near its point."""
    delivered = points["easting"].notna()
    apart = np.hypot(found["easting"] - points["easting"], found["northing"] - points["northing"])
    other = delivered & ~(apart <= np.maximum(SAME_PLACE_M, found["location_uncertainty_m"]))
    placed = found.copy()
    for column in ("place_id", "place_name", "match_score"):
        placed[column] = placed[column].mask(other)
    for column in ("easting", "northing"):
        placed[column] = points[column].fillna(placed[column])
    placed["location_level"] = placed["location_level"].mask(delivered, "coordinates")
    placed["location_uncertainty_m"] = placed["location_uncertainty_m"].mask(
        delivered, DELIVERED_UNCERTAINTY_M
    )
    return placed


def _withheld(found: pd.DataFrame, at_home: pd.Series) -> pd.DataFrame:
    private = [
        "place_id", "place_name", "easting", "northing", "location_uncertainty_m", "match_score",
        "place_words",
    ]  # fmt: skip
    columns = {name: found[name].mask(at_home) for name in private}
    level = found["location_level"].mask(at_home, "withheld")
    return found.assign(**columns, location_level=level)
