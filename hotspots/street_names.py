"""Names that people know a hot spot by: streets and junctions, else the small area; no premises."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from ed_ingest.tables import Gazetteer

# A record names the street whose point is nearest, where its own words name none.
NEAREST_STREET_M = 150.0
# Farther from the one point of a street than this, an address means another of the name.
SAME_STREET_M = 1000.0
NO_NAME = "Place without a name"
_NUMBER = re.compile(r"^\d+[a-z]?$", re.IGNORECASE)


class _Streets(NamedTuple):
    """The gazetteer's streets: their points, and their usual name by every name in lower case."""

    points: pd.DataFrame
    usual_name: Mapping[str, str]
    other_places: frozenset[str]


def street_of_points(points: pd.DataFrame, gazetteer: Gazetteer) -> pd.Series:
    """The street that each record lies in.

    The street or junction named in the record comes first, then the street in the address of the
    premises named (where the gazetteer has it within 1 km: of ``St Mary Street`` it may only know a
    ``Mary Street`` elsewhere), then the nearest street of the gazetteer within 150 m.

    Parameters
    ----------
    points
        As from `points.assault_points` or `points.crime_points`.
    gazetteer
        Its places of kind ``street``; a name that it knows only for another kind of place is never
        taken for a street's.

    Returns
    -------
    Series
        Name of the street or junction, missing where none is known; on the points' index.
    """
    streets = _streets(gazetteer)
    named = _vetted(points["street"], streets)
    at_premises = points["premises"].notna()
    known = gazetteer.places.drop_duplicates("place_id").set_index("place_id")
    of_address = _streets_of_addresses(
        known.reindex(points.loc[at_premises, "place_id"].unique()), streets
    )
    of_premises = points["place_id"].where(at_premises).map(of_address).astype("str")
    return named.fillna(of_premises).fillna(_nearest(points, streets.points))


def names_of_hot_spots(points: pd.DataFrame, members: pd.Series, gazetteer: Gazetteer) -> pd.Series:
    """Name each hot spot by its records alone, as `name_hot_spots`.

    Parameters
    ----------
    points
        As for `street_of_points`, and ``lsoa``.
    members
        Hot spot of each record, missing outside; same index.
    gazetteer
        For names of streets and areas.
    """
    inside = points[members.notna()]
    streets = street_of_points(inside, gazetteer)
    return name_hot_spots(streets, inside["lsoa"], members[members.notna()], gazetteer)


def name_hot_spots(
    streets: pd.Series, lsoas: pd.Series, members: pd.Series, gazetteer: Gazetteer
) -> pd.Series:
    """Name each hot spot after the street most of its records lie in.

    Parameters
    ----------
    streets, lsoas
        Street and small area of each record, missing where not known.
    members
        Hot spot of each record, missing outside; same index.
    gazetteer
        Its small areas give a name where no street does.

    Returns
    -------
    Series
        Name by hot spot. Where two would have one name, the second most frequent street is added,
        then a number.
    """
    area_names = gazetteer.areas.drop_duplicates("code").set_index("code")["name"]
    inside = members.notna()
    ranked = _most_frequent(streets[inside], members[inside])
    areas = _most_frequent(lsoas.map(area_names)[inside], members[inside])
    names: dict[object, str] = {}
    for spot in sorted(members[inside].unique()):
        own = ranked.get(spot, []) or areas.get(spot, []) or [NO_NAME]
        names[spot] = own[0]
    shared = Counter(names.values())
    for spot, name in list(names.items()):
        if shared[name] > 1:
            names[spot] = " and ".join([name, *ranked.get(spot, [])[1:2]])
    return _numbered(pd.Series(names, dtype="str"))


def _streets(gazetteer: Gazetteer) -> _Streets:
    places = gazetteer.places
    is_street = places["kind"] == "street"
    usual_name = _every_name(places[is_street])
    others = frozenset(_every_name(places[~is_street & (places["kind"] != "locality")]))
    return _Streets(places[is_street], usual_name, others - frozenset(usual_name))


def _every_name(places: pd.DataFrame) -> dict[str, str]:
    """Usual name by every name of the places; a usual name comes before another's second one."""
    usual = dict(zip(places["name"].str.casefold(), places["name"], strict=True))
    several = places.loc[places["alt_names"].notna(), ["name", "alt_names"]]
    for name, others in several.itertuples(index=False):
        for other in str(others).casefold().split("|"):
            usual.setdefault(other.strip(), name)
    usual.pop("", None)
    return usual


def _vetted(names: pd.Series, streets: _Streets) -> pd.Series:
    """The names that may be streets', in their usual form."""
    plain = names.str.casefold().str.strip()
    allowed = names.mask(plain.isin(streets.other_places)).astype("str")
    return plain.map(streets.usual_name).astype("str").fillna(allowed)


def _streets_of_addresses(premises: pd.DataFrame, streets: _Streets) -> dict[object, object]:
    """For each of the premises the street that its address names, missing where none is near."""
    columns = ["name", "easting", "northing"]
    at = streets.points[columns].groupby("name")[columns[1:]]
    points = {name: rows.to_numpy(float) for name, rows in at}
    found: dict[object, object] = {}
    rows = premises[["address", "easting", "northing"]].itertuples(name=None)
    for place_id, address, easting, northing in rows:
        street = _street_in_address(str(address), streets.usual_name)
        off = points.get(str(street), np.full((1, 2), np.inf)) - (easting, northing)
        found[place_id] = street if np.hypot(*off.T).min() <= SAME_STREET_M else np.nan
    return found


def _street_in_address(address: str, usual_name: Mapping[str, str]) -> str | float:
    """The first street of an address such as ``The Anchor 29 Quay Street, Marford``."""
    for part in address.casefold().split(","):
        words = part.split()
        for start in range(len(words)):
            found = usual_name.get(" ".join(words[start:]))
            if found is not None and not _NUMBER.match(found):
                return found
    return np.nan


def _nearest(points: pd.DataFrame, streets: pd.DataFrame) -> pd.Series:
    if streets.empty or points.empty:
        return pd.Series(np.nan, index=points.index, dtype="str")
    # Sorted by name, so that of streets at one point the first by name is taken always.
    ordered = streets.sort_values(["name", "place_id"])
    tree = cKDTree(ordered[["easting", "northing"]].to_numpy(float))
    wanted = points[["easting", "northing"]].to_numpy(float)
    _, at = tree.query(wanted, distance_upper_bound=NEAREST_STREET_M)
    names = np.append(ordered["name"].to_numpy(object), np.nan)
    return pd.Series(names[at], index=points.index, dtype="str")


def _most_frequent(values: pd.Series, groups: pd.Series) -> dict[object, list[str]]:
    """For each group its values from the most frequent on, equal ones in alphabetical order."""
    counts = pd.DataFrame({"group": groups, "value": values}).value_counts().reset_index()
    ordered = counts.sort_values(["count", "value"], ascending=[False, True])
    return {group: list(found) for group, found in ordered.groupby("group")["value"]}


def _numbered(names: pd.Series) -> pd.Series:
    """Names that still stand twice get a number from the second on."""
    nth = names.groupby(names).cumcount()
    return names.where(nth == 0, names + " (" + (nth + 1).astype("str") + ")")
