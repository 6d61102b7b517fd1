"""One area of a made-up country: its town, a year of it, and what a linked store would hold."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.simulated.areas import points_of
from hotspots.simulated.country import (
    AREA_STREAM,
    Area,
    area_code,
    force_of,
    hospital_id,
    outline,
    stream,
)
from hotspots.simulated.deliveries import Sent, in_one_file
from hotspots.simulated.files import write_csv
from hotspots.simulated.hospitals import make_extract
from hotspots.simulated.incidents import Period, make_incidents
from hotspots.simulated.laid_town import lay_town
from hotspots.simulated.names import Words
from hotspots.simulated.police import Recorded, record_crimes
from hotspots.simulated.sites import Sites, make_sites
from hotspots.simulated.taken_in import FORCE, Taken, gazetteer_of_town, linked, take_in
from hotspots.simulated.town import Town, invent_town
from hotspots.simulated.truth import true_assaults, true_links
from hotspots.simulated.victims import HOSPITALS, make_attendances
from hotspots.simulated.workspace_files import PLACE_COLUMNS

# Of the first hospital's patients so many go to the one of the area before instead.
ELSEWHERE_SHARE = 0.06
# A force's extract is of violence: with them 300,000 assaults stand beside 2 million records of
# homicide, violence with injury and robbery that are neither at homes nor domestic.
OWN_CRIMES_PER_LINKED = 28.5
OWN_OFFENCES = {"8N": 62.0, "5D": 7.0, "8P": 3.0, "34B": 13.0, "105A": 15.0}
RECORDS = ("assaults", "crimes", "links")
SHAPES = ("areas", "basemap")
# Columns of the truth that tell where a record lies in a file: here there are no files.
_OF_FILES = ["attendance_number", "file", "row", "ordinal", "planted"]


class Made(NamedTuple):
    """How much was made of one area."""

    area_code: str
    n_assaults: int
    n_crimes: int
    n_links: int


class _Year(NamedTuple):
    """What happened in one town, and what was written of it."""

    town: Town
    sites: Sites
    people: pd.DataFrame
    sent: dict[str, Sent]
    recorded: Recorded


def make_area(area: Area, *, seed: int, period: Period, parts: Path, truth: Path) -> Made:
    """Make one area.

    Parameters
    ----------
    area
        As planned.
    seed
        Of the country.
    period
        Whole months.
    parts
        Folder for the area's tables, each ``NUMBER-TABLE.parquet``: `RECORDS`, ``places``,
        `SHAPES`.
    truth
        Folder for the area's truth: a folder of its code.
    """
    rng = stream(seed, AREA_STREAM, area.number).spawn(9)
    year = _year(rng, area, period)
    places = gazetteer_of_town(year.town)
    force = in_one_file(FORCE, year.recorded.cells, period.last)
    taken = take_in(year.sent, force, places=places, key=rng[7].bytes(32))
    owner = _area_of(year.people, area, seed), _area_of(year.recorded.crimes, area, seed)
    hospital = _hospitals(rng[8], year.people, area)
    taken.assaults["provider"] = pd.Series(hospital[taken.attendance], dtype="str")
    forces = np.array([force_of(k) for k in owner[1]], dtype=object)
    taken.crimes["provider"] = pd.Series(forces[taken.crime], dtype="str")
    taken = linked(taken, places)
    _write_parts(parts, area, taken, year.town)
    _write_truth(truth / area.code, year, taken, hospital=hospital, owner=owner[0])
    return Made(area.code, len(taken.assaults), len(taken.crimes), len(taken.links))


def _year(rng: list[np.random.Generator], area: Area, period: Period) -> _Year:
    """The same story as `hotspots.simulate` tells of its one town."""
    town = lay_town(invent_town(rng[0]), area)
    sites = make_sites(rng[1], town)
    incidents = make_incidents(rng[2], town, sites, n_victims=area.assaults, period=period)
    people = _treated_here(make_attendances(rng[3], town, incidents, period=period), area)
    sent = {}
    for layout, own in zip(HOSPITALS, rng[4].spawn(len(HOSPITALS)), strict=True):
        if (people["provider"] == layout).any():
            extract = make_extract(own, town, people, layout)
            sent[layout] = Sent(extract, [in_one_file(layout, extract.cells, period.last)])
    recorded = record_crimes(
        rng[5],
        town,
        sites,
        people,
        period=period,
        own_per_linked=OWN_CRIMES_PER_LINKED,
        own_offences=OWN_OFFENCES,
    )
    return _Year(town, sites, people, sent, recorded)


def _treated_here(people: pd.DataFrame, area: Area) -> pd.DataFrame:
    """Patients of hospitals that the area lacks go to those that it has; then nobody is moved."""
    if len(area.layouts) == len(HOSPITALS):
        return people
    stay = people[people["transfer"] == "no"].reset_index(drop=True)
    there = stay["provider"].where(stay["provider"].isin(area.layouts), area.layouts[0])
    return stay.assign(provider=there)


def _hospitals(rng: np.random.Generator, people: pd.DataFrame, area: Area) -> Words:
    """Provider id of each attendance; some are treated in the area before."""
    away = (rng.random(len(people)) < ELSEWHERE_SHARE) & (people["provider"] == HOSPITALS[0])
    where = np.where(away & (area.number > 0), area.number - 1, area.number)
    pairs = zip(where.tolist(), people["provider"], strict=True)
    return np.array([hospital_id(k, layout) for k, layout in pairs], dtype=object)


def _area_of(points: pd.DataFrame, area: Area, seed: int) -> np.ndarray:
    """Number of the area of each point: a town reaches at most into the area before."""
    here = shapely.contains_xy(outline(seed, area.number), points_of(points))
    return np.where(here | (area.number == 0), area.number, area.number - 1)


def _write_parts(parts: Path, area: Area, taken: Taken, town: Town) -> None:
    stem = f"{area.number:05}"
    for name in RECORDS:
        getattr(taken, name).to_parquet(parts / f"{stem}-{name}.parquet", index=False)
    # The other names of streets and premises serve only to read words, and take long to load.
    read_no_more = town.places["kind"].isin(["street", "premises"])
    places = town.places[PLACE_COLUMNS].assign(
        alt_names=town.places["alt_names"].mask(read_no_more, "")
    )
    places.to_parquet(parts / f"{stem}-places.parquet", index=False)
    # Side streets of all towns would be most of a country's reference data.
    drawn = town.basemap[town.basemap["road_class"] != "street"]
    for name, shapes in zip(SHAPES, (town.areas, drawn), strict=True):
        gpd.GeoDataFrame(shapes).to_parquet(parts / f"{stem}-{name}.parquet", index=False)


def _write_truth(
    folder: Path, year: _Year, taken: Taken, *, hospital: Words, owner: np.ndarray
) -> None:
    """As `simulate` writes it of its one town; with the ids of the records."""
    folder.mkdir(parents=True)
    assaults = true_assaults(year.people, year.town, year.sent)
    links = true_links(assaults, year.recorded)
    event = _ids(taken.assaults["event_id"], taken.attendance, len(assaults))
    crime = _ids(taken.crimes["crime_id"], taken.crime, len(year.recorded.crimes))
    assaults = assaults.drop(columns=_OF_FILES).assign(
        provider=hospital, event_id=event, area_code=[area_code(k) for k in owner]
    )
    write_csv(folder / "assaults.csv", assaults)
    pairs = year.recorded.links
    links = links[["assault", "incident", "primary"]].assign(
        event_id=event[pairs["attendance"]], crime_id=crime[pairs["crime"]]
    )
    write_csv(folder / "links.csv", links)
    write_csv(folder / "trends.csv", year.sites.trends)


def _ids(ids: pd.Series, row: np.ndarray, n: int) -> Words:
    """Ids by the row of the truth; empty for a row that could not be stored."""
    named = np.full(n, "", dtype=object)
    named[row] = ids
    return named
