"""Places of a table of counts: the provider's label, and what the gazetteer knows of it."""

from __future__ import annotations

import pandas as pd

from ed_ingest.coordinates import written_area_codes
from ed_ingest.counts_labels import is_area_code, personal_labels, small_area_code
from ed_ingest.levels import MAPPED_LEVELS
from ed_ingest.places import find_places
from ed_ingest.small_areas import area_codes
from ed_ingest.tables import Gazetteer

_FOUND = ("place_id", "easting", "northing", "location_level")


def place_counts(rows: pd.DataFrame, *, places: Gazetteer) -> pd.DataFrame:
    """Find the place of each row of counts.

    Parameters
    ----------
    rows
        ``place_name`` (the label as delivered), ``lsoa, easting, northing``; may be missing.
    places
        Known places and small areas, EPSG:27700.

    Returns
    -------
    DataFrame
        `rows` with ``place_id, location_level``, ``easting, northing`` (delivered ones come before
        those of the gazetteer), ``lsoa``, and ``emptied``: the label named a person or one home and
        is empty now. A home has no place and no point.
    """
    label = rows["place_name"].fillna(rows["lsoa"])
    checked = personal_labels(label, places=places)
    emptied, home = checked["personal"], checked["home"]
    found = find_places(label.mask(emptied), gazetteer=places)[list(_FOUND)]
    delivered = rows["easting"].notna()
    for column in ("easting", "northing"):
        found[column] = rows[column].fillna(found[column])
    found["location_level"] = found["location_level"].mask(delivered, "coordinates")
    mapped = found["location_level"].isin(MAPPED_LEVELS)
    lsoa = _codes(rows["lsoa"]).fillna(_codes(label)).fillna(_of_names(label, places))
    own = area_codes(found["easting"].where(mapped), found["northing"].where(mapped), places.areas)
    coded = label.map(lambda text: is_area_code(str(text)), na_action="ignore").eq(True)
    area = found["location_level"].eq("none") & (lsoa.notna() | coded)
    found["location_level"] = found["location_level"].mask(area, "area").mask(home, "withheld")
    for column in ("place_id", "easting", "northing"):
        found[column] = found[column].mask(home)
    return rows.assign(
        **found,
        place_name=label.mask(emptied),
        lsoa=lsoa.fillna(own).mask(home),
        emptied=emptied,
    )


def _codes(texts: pd.Series) -> pd.Series:
    """Codes of small areas; other area codes (wards) are labels only."""
    codes = texts.map(lambda text: small_area_code(str(text)), na_action="ignore")
    codes = written_area_codes(codes.astype("str"))
    return codes.where(codes.str[1:3] == "01").astype("str")


def _of_names(labels: pd.Series, places: Gazetteer) -> pd.Series:
    """Code of the small area that the label is the name of."""
    areas = places.areas.drop_duplicates("name")
    names = pd.Series(areas["code"].to_numpy(), index=areas["name"].str.casefold())
    names = names[names.index.notna() & (names.index != "")]
    return labels.str.strip().str.casefold().map(names).astype("str")
