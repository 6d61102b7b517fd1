"""Check the reference data: what is there, what is missing, what then does not work."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import shapely

from ed_ingest.errors import ReferenceDataError
from ed_ingest.gazetteer import gazetteer_of
from ed_ingest.linkable import false_places
from ed_ingest.premises_kinds import kinds_of_premises
from ed_ingest.reference_folder import ReferenceFile, ReferenceTables, read_tables
from ed_ingest.tables import Gazetteer
from hotspots.events_file import load_events
from hotspots.findings import Finding, counted, fault, ok, warning
from hotspots.premises_file import load_premises_facts

# Where open data are published, and under which licence.
_LICENCE = "under the Open Government Licence v3.0"
_RATINGS = (
    "Food Standards Agency, Food Hygiene Rating Scheme open data, the XML file of your authority "
    f"(ratings.food.gov.uk/open-data), {_LICENCE}"
)
_OPEN_NAMES = f"Ordnance Survey, OS Open Names, CSV (osdatahub.os.uk), {_LICENCE}"
_CODE_POINT = f"Ordnance Survey, Code-Point Open, CSV (osdatahub.os.uk), {_LICENCE}"
_ROADS = f"Ordnance Survey, OS Open Roads (osdatahub.os.uk), {_LICENCE}"
_STATISTICS = f"Office for National Statistics, Open Geography portal (geoportal.statistics.gov.uk), {_LICENCE}"  # fmt: skip # noqa: E501
# Read elsewhere, so that their rows are not counted here.
_WITHOUT_ROWS = (
    "shapes", "aliases", "recorded_crime", "events", "completeness_events",
)  # fmt: skip
_OUTSIDE_SHARE = 0.5  # of places: then the boundary or the places are another area's
_UNPLACED_SHARE = 0.2
_MOST_NAMES = 5
# Licences and notes may lie beside the data; of these somebody may expect that they are read.
_DATA = (
    ".csv", ".xlsx", ".xls", ".ods", ".xml", ".json", ".geojson", ".gpkg", ".shp", ".gz", ".zip",
)  # fmt: skip


class _Kind(NamedTuple):
    """A kind of reference data: how many are there, what it is for, where it comes from."""

    name: str
    n: int
    one: str
    several: str
    without: str
    source: str


def reference_findings(folder: Path) -> list[Finding]:
    """Read the reference folder as `ingest` does, and tell what it holds.

    Parameters
    ----------
    folder
        The workspace's ``reference``; where it is missing nothing is told here.
    """
    if not folder.is_dir():
        return []
    try:
        tables = read_tables(folder)
        gazetteer = gazetteer_of(folder, tables)
    except ReferenceDataError as error:
        return [
            fault(
                "reference data", f"Nothing can be ingested: {error}", "Mend or remove that file."
            )
        ]
    return [
        *presence_findings(gazetteer),
        *quality_findings(gazetteer, tables),
        *file_findings(tables.files),
        *_read_by_analysis(folder),
    ]


def _read_by_analysis(folder: Path) -> list[Finding]:
    """What is read when maps are made: local events, and facts on premises."""
    found = []
    for read in (load_events, load_premises_facts):
        try:
            read(folder)
        except ReferenceDataError as error:
            found.append(fault("reference data", f"No map can be made: {error}", "Mend that file."))
    return found


def presence_findings(gazetteer: Gazetteer) -> list[Finding]:
    """Tell how much there is of each kind of reference data, and what is lacking without it."""
    kinds = gazetteer.places["kind"].value_counts()
    found = [
        _Kind(
            "premises", int(kinds.get("premises", 0)), "premises", "premises",
            "assaults in pubs, clubs and shops are not found by their names", _RATINGS,
        ),
        _Kind(
            "streets", int(kinds.get("street", 0)), "street", "streets",
            "streets and junctions in the words are not found, and hot spots have no names",
            _OPEN_NAMES,
        ),
        _Kind(
            "localities", int(kinds.get("locality", 0)), "locality", "localities",
            "records that name only a part of town are not counted there, and namesakes are not "
            "told apart", _OPEN_NAMES,
        ),
        _Kind(
            "postcodes", len(gazetteer.postcodes), "postcode", "postcodes",
            "records with only a postcode, and premises without coordinates, are not placed",
            _CODE_POINT,
        ),
        _Kind(
            "small areas", len(gazetteer.areas), "small area", "small areas",
            "records get no LSOA, and there are no rates by area",
            f"{_STATISTICS}: LSOA boundaries, saved as reference/areas.geojson",
        ),
        _Kind(
            "base map", len(gazetteer.basemap), "shape", "shapes",
            "the maps have no streets or water behind the hot spots",
            f"{_ROADS}, saved as reference/basemap.geojson",
        ),
    ]  # fmt: skip
    findings = [_present(kind) for kind in found]
    return [*findings, _boundary(gazetteer), *_false_places(gazetteer)]


def _present(kind: _Kind) -> Finding:
    if kind.n:
        return ok(kind.name, f"{counted(kind.n, kind.one, kind.several)}.")
    without = kind.without[0].upper() + kind.without[1:]
    return warning(kind.name, f"None. {without}.", f"Get it from: {kind.source}.")


def _boundary(gazetteer: Gazetteer) -> Finding:
    if gazetteer.boundary is None:
        return warning(
            "boundary",
            "None. The map cannot leave out what lies outside your area.",
            f"Get it from: {_STATISTICS}: local authority boundaries; save yours as "
            "reference/boundary.geojson.",
        )
    area = gazetteer.boundary.area / 1e6
    if area > _LARGEST_KM2:
        return warning(
            "boundary",
            f"An area of {area:,.0f} km², larger than any partnership's.",
            "Save your own area alone as reference/boundary.geojson.",
        )
    return ok("boundary", f"An area of {area:,.0f} km².")


_LARGEST_KM2 = 10_000


def _false_places(gazetteer: Gazetteer) -> list[Finding]:
    """Hospitals and police stations, which stand for "not known" in records."""
    places = gazetteer.places
    kinds = false_places(places)["kind"].value_counts()
    n = {"hospitals": kinds.get("health", 0), "police stations": kinds.get("custody", 0)}
    told = " and ".join(counted(int(count), name[:-1], name) for name, count in n.items())
    missing = [name for name, count in n.items() if not count]
    if not missing:
        findings = [ok("false places", f"{told}.")]
    else:
        findings = [
            warning(
                "false places",
                f'{told}. Points that stand for "not known" at {" and ".join(missing)} are taken '
                "for true ones, in the map and in linkage.",
                "Add the hospitals (kind health, with hospital, infirmary or ysbyty in name or "
                "alt_names) and police stations (kind custody) of your area to "
                "reference/places.csv.",
            )
        ]
    plain = places[places["kind"] == "premises"]
    named_so = int((kinds_of_premises(plain["name"], _no_types(plain)) != "premises").sum())
    if named_so:
        findings.append(
            warning(
                "false places",
                f"{counted(named_so, 'place')} named like a hospital or police station "
                f"{'has' if named_so == 1 else 'have'} the kind premises.",
                "Where it is one, set its kind to health or custody in reference/places.csv.",
            )
        )
    return findings


def _no_types(places: pd.DataFrame) -> pd.Series:
    return pd.Series("", index=places.index, dtype="str")


def quality_findings(gazetteer: Gazetteer, tables: ReferenceTables) -> list[Finding]:
    """Tell what is doubtful in the places: no coordinates, outside the boundary, ids twice."""
    places = gazetteer.places
    if places.empty:
        none = "There are none at all"
        if tables.n_listed:
            none = f"Of {counted(tables.n_listed, 'row')} none has coordinates or a known postcode"
        return [
            fault(
                "places",
                f"{none}: no record can be placed by its words.",
                f"Put reference data into reference/. Begin with: {_RATINGS}; {_OPEN_NAMES}.",
            )
        ]
    findings = []
    merged = f"{len(places):,} from {tables.n_listed:,} rows of all files, each place once."
    findings.append(ok("places", merged))
    share = tables.n_unplaced / tables.n_listed
    if tables.n_unplaced:
        told = (
            f"{tables.n_unplaced:,} rows ({share:.0%}) have neither coordinates nor a known "
            "postcode, and are left out."
        )
        findings.append(
            warning("coordinates", told, f"Add coordinates, or the postcodes: {_CODE_POINT}.")
            if share > _UNPLACED_SHARE
            else ok("coordinates", told)
        )
    if tables.n_doubled:
        findings.append(
            warning(
                "ids of places",
                f"{counted(tables.n_doubled, 'row')} of your own lists have an id that stands in "
                "the same file before; different places get an id of their own.",
                "Give each place in the list another place_id.",
            )
        )
    return [*findings, *_outside(gazetteer)]


def _outside(gazetteer: Gazetteer) -> list[Finding]:
    places = gazetteer.places
    if gazetteer.boundary is None:
        return []
    shapely.prepare(gazetteer.boundary)
    inside = shapely.contains_xy(gazetteer.boundary, places["easting"], places["northing"])
    share = 1 - float(inside.mean())
    told = f"{share:.0%} of the places lie outside the boundary."
    if share <= _OUTSIDE_SHARE:
        return [ok("places outside", told)]
    return [
        warning(
            "places outside",
            f"{told} The boundary or the places may be those of another area.",
            "See whether boundary and places belong together. A wider gazetteer does no harm.",
        )
    ]


def file_findings(files: Sequence[ReferenceFile]) -> list[Finding]:
    """Tell which files of the folder are of no use."""
    useless = [
        f.name
        for f in files
        if f.name.lower().endswith(_DATA)
        and (f.format == "other" or (f.format not in _WITHOUT_ROWS and f.rows == 0))
    ]
    if not useless:
        return []
    names = ", ".join(useless[:_MOST_NAMES])
    more = f" and {len(useless) - _MOST_NAMES} more" if len(useless) > _MOST_NAMES else ""
    return [
        warning(
            "other files",
            f"Not read, as they are in no known format or empty: {names}{more}.",
            "Unpack archives; save a workbook's sheet as CSV UTF-8 with the header of "
            "docs/contract.md; call map layers boundary, areas or basemap (.geojson or .gpkg); "
            "take the rest out.",
        )
    ]
