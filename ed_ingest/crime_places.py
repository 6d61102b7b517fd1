"""Where crimes were: points, names and small areas, of homes the small area alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

import pandas as pd

from ed_ingest.codes import UNKNOWN, is_missing, read_codes
from ed_ingest.coordinates import points, written_area_codes
from ed_ingest.deidentify import known_words, redact
from ed_ingest.layout import text_of
from ed_ingest.name_index import index_names
from ed_ingest.names_alone import building_names_taken_out, street_names_taken_out
from ed_ingest.personal_words import holds_a_number_of_a_person, holds_a_title, is_disguised
from ed_ingest.places import look_up
from ed_ingest.small_areas import area_codes
from ed_ingest.tables import Gazetteer

HOME, NO_HOME = "home", "not_home"
# What police.uk puts before the name of a map point, and what it writes where there is none.
_ON_OR_NEAR_WORDS = "on or near "
_ON_OR_NEAR = r"^\s*on or near\s+"
_NO_LOCATION = "no location"
# A number of a dwelling, which makes the place a home whatever its type says.
_DWELLING = r"\b(?:flat|apartment|apt|bedsit|room)\b\.?\s*(?:no\.?\s*)?(?:\d+[a-z]?|[a-h])\b"
_POSTCODE = r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b"
# Numbers of houses: 12, 12A, 12-14, no. 12. Roads (A470, M4) and ordinals (1st) are names.
_NUMBER = r"\b(?:no\.?|number|unit)?\s*\d+(?!(?:st|nd|rd|th)\b)[a-z]?(?:\s*[-/&]\s*\d+[a-z]?)?\b,?"


def crime_places(
    mapped: pd.DataFrame,
    values: Mapping[str, Mapping[str, str]],
    *,
    markers: pd.DataFrame,
    places: Gazetteer,
) -> pd.DataFrame:
    """Find the point, name and small area of each crime; of a home the small area alone.

    Parameters
    ----------
    mapped
        Cells under the schema's names: ``easting`` and ``northing`` or ``latitude`` and
        ``longitude``, ``place_name``, ``premises_type``, ``lsoa``; with ``committed_month`` the
        points are those that police.uk publishes, and so are the names that begin as its do.
    values
        The force's own words -> contract codes, by column.
    markers
        ``domestic_abuse, night_time_economy`` (``yes``, ``no``, ``unknown``) of the same rows.
    places
        Known places, whose names alone stay in a force's words; small areas, for rows without a
        delivered LSOA. EPSG:27700.

    Returns
    -------
    DataFrame
        The contract's columns ``easting`` … ``lsoa``; ``_point_refused`` as in
        `coordinates.points`; ``_unread_location_type``: words that were not understood. A force's
        name of a place goes through the gate as a hospital's words do, and loses every number that
        could be a house's; one that says a home makes the crime a home's. The name of a street by
        itself says none; nor does a building's ("Noble House") where the force says so, of this
        crime or another there.
    """
    place = points(mapped)
    premises = text_of(mapped, "premises_type")
    kinds = read_codes(premises, "premises_type", values.get("premises_type"))
    names = text_of(mapped, "place_name")
    dwelling = _by_distinct(names, _say_a_dwelling).eq(True)
    kind = kinds.fillna(UNKNOWN).mask(dwelling, HOME)
    snapped = "committed_month" in mapped
    told = _by_distinct(names, _published)
    asked = names.notna() & ~_are_published(names) if snapped else names.notna()
    if asked.any():  # of police.uk's months hardly one is, and the gate takes its time
        public = _called_public(names, kind, markers)
        gated, says_home = _through_the_gate(told[asked], kind[asked], public[asked], places)
        told = told.mask(asked, gated.reindex(told.index))
        kind = kind.mask(says_home.reindex(kind.index, fill_value=False), HOME)
    home = kind == HOME
    level = pd.Series("snapped" if snapped else "coordinates", index=mapped.index, dtype="str")
    level = level.mask(place["easting"].isna(), "none").mask(home, "withheld")
    return pd.DataFrame(
        {
            "easting": place["easting"].mask(home),
            "northing": place["northing"].mask(home),
            "location_level": level,
            "location_type": kind,
            "place_name": told.mask(home),
            "lsoa": written_area_codes(text_of(mapped, "lsoa")).fillna(
                area_codes(place["easting"], place["northing"], places.areas)
            ),
            "_point_refused": place["refused"],
            "_unread_location_type": premises.where(kinds.isna()),
        }
    )


def _by_distinct(names: pd.Series, work: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """What `work` makes of each distinct name, on the rows; missing for missing ones.

    A file names each of its places several times, and one force's files the same few thousand.
    """
    codes, distinct = pd.factorize(names)
    found = work(pd.Series(distinct, dtype="str"))
    return found.reindex(range(len(distinct) + 1)).take(codes).set_axis(names.index)


def _say_a_dwelling(names: pd.Series) -> pd.Series:
    return names.str.contains(_DWELLING, case=False, na=False)


def _are_published(names: pd.Series) -> pd.Series:
    """Whether names are written as police.uk does, and nothing in them could be a person's."""
    codes, distinct = pd.factorize(names)
    published = pd.Series([*(_is_published(str(name)) for name in distinct), False], dtype=bool)
    return published.take(codes).set_axis(names.index)


# The names of one force's points come again in every month.
@lru_cache(maxsize=200_000)
def _is_published(name: str) -> bool:
    lower = name.lower()
    return (lower.strip().startswith(_ON_OR_NEAR_WORDS) or lower == _NO_LOCATION) and not (
        is_disguised(name) or holds_a_number_of_a_person(name) or holds_a_title(name)
    )


def _published(names: pd.Series) -> pd.Series:
    """Names of police.uk's map points."""
    plain = names.str.replace(_ON_OR_NEAR, "", case=False, regex=True).str.strip()
    return plain.where((plain != "") & (plain.str.lower() != _NO_LOCATION))


def _called_public(names: pd.Series, kind: pd.Series, markers: pd.DataFrame) -> pd.Series:
    """Whether the force says of a place of this name that it is no home, and never that it is one.

    By its type, or as a place of the night-time economy; domestic abuse speaks for a home.
    """
    name = names.fillna("").str.casefold()
    public = kind.eq(NO_HOME) | markers["night_time_economy"].eq("yes")
    homely = kind.eq(HOME) | markers["domestic_abuse"].eq("yes")
    somewhere = public.groupby(name).transform("any") & ~homely.groupby(name).transform("any")
    return somewhere & (name != "")


def _through_the_gate(
    names: pd.Series, kind: pd.Series, public: pd.Series, places: Gazetteer
) -> tuple[pd.Series, pd.Series]:
    """Known and safe words of a force's names of places, and whether they say a home.

    A number with a street is a business's address where the force says that it was no home, and a
    home's where it says nothing.
    """
    asked = _unnumbered(names).mask(kind == UNKNOWN, names)
    words, says_home = _gated(asked, places)
    # The few that say a home by a name that stands alone are asked again without it.
    plain = street_names_taken_out(asked[says_home])
    plain = plain.mask(public[says_home], building_names_taken_out(plain))
    changed = plain[plain != asked[says_home]]
    if not changed.empty:
        words.loc[changed.index], says_home.loc[changed.index] = _gated(changed, places)
    return words, says_home


def _gated(names: pd.Series, places: Gazetteer) -> tuple[pd.Series, pd.Series]:
    words = redact(names, places=places)
    found = look_up(words, index_names(places))
    known = _unnumbered(known_words(found.assign(location_text=words)))
    return known, found["location_level"] == "withheld"


def _unnumbered(names: pd.Series) -> pd.Series:
    """A force's names of places without numbers of houses and postcodes."""
    codes, distinct = pd.factorize(names)
    plain = pd.Series(distinct, dtype="str")
    for pattern in (_POSTCODE, _NUMBER):
        plain = plain.str.replace(pattern, " ", case=False, regex=True)
    plain = plain.str.replace(r"\s+", " ", regex=True).str.strip(" ,;-/&.")
    plain = plain.mask(plain.map(lambda name: is_missing(str(name))))
    kept = pd.concat([plain, pd.Series([None], dtype="str")], ignore_index=True)
    return kept.take(codes).set_axis(names.index)
