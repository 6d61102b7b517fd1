"""The tables in a workspace's reference folder: which file is what, and what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal, NamedTuple

import pandas as pd

from ed_ingest.aliases import FILE_NAME as ALIASES_FILE
from ed_ingest.completeness_events import FILE_NAME as COMPLETENESS_EVENTS_FILE
from ed_ingest.errors import ReferenceDataError
from ed_ingest.fhrs import is_premises_file, read_premises
from ed_ingest.merge_places import (
    LISTED,
    MAP_POINTS,
    OPEN_NAMES,
    OWN,
    PLACE_COLUMNS,
    PREMISES,
    Source,
)
from ed_ingest.open_data import (
    POSTCODE_COLUMNS,
    csv_format,
    read_code_point,
    read_open_names,
    read_places,
)
from ed_ingest.unplaced import with_points

FileFormat = Literal[
    "places", "premises", "open_names", "code_point", "shapes", "aliases", "recorded_crime",
    "events", "completeness_events", "other",
]  # fmt: skip
POINTS_FILE = "places-police-points.csv"
# Local events; the analysis reads them, as `hotspots.events_file` says.
EVENTS_FILE = "events.csv"
_WORKBOOKS = (".xlsx", ".xls", ".xlsm", ".ods")
_SHAPES = ("boundary", "areas", "basemap")


class ReferenceFile(NamedTuple):
    """A file of the folder: its path inside the folder, its format, how many rows were of use."""

    name: str
    format: FileFormat
    rows: int


class ReferenceTables(NamedTuple):
    """What the folder's tables hold.

    Attributes
    ----------
    sources
        Places by source, all with a point; `merge_places` brings them together.
    postcodes
        ``postcode, easting, northing`` (metres, EPSG:27700): upper case without space, each once.
    files
        Every file, also those of no known format (``other``).
    n_listed, n_unplaced
        Places in all files, and those left out because nothing tells where they are.
    n_doubled
        Rows of the partnership's own lists whose id stands in the same file before.
    """

    sources: list[Source]
    postcodes: pd.DataFrame
    files: list[ReferenceFile]
    n_listed: int
    n_unplaced: int
    n_doubled: int


def read_tables(folder: Path) -> ReferenceTables:
    """Read every table of the folder and its subfolders.

    Parameters
    ----------
    folder
        As for `load_gazetteer`.

    Raises
    ------
    ReferenceDataError
        If the folder is missing, or a file in it cannot be read; says which and what to do.
    """
    if not folder.is_dir():
        raise ReferenceDataError(
            f"{folder}: no such folder. Put the reference data there (docs/quickstart-analyst.md)."
        )
    found = {path: _format(path, folder) for path in _files(folder)}
    names = {path: path.relative_to(folder).as_posix() for path in found}
    _refuse_workbook([p for p in found if p.parent == folder])
    open_names = {p: read_open_names(p) for p, form in found.items() if form == "open_names"}
    code_point = {p: read_code_point(p) for p, form in found.items() if form == "code_point"}
    postcodes = _together(
        [*code_point.values(), *(t[1] for t in open_names.values())], POSTCODE_COLUMNS
    ).drop_duplicates("postcode", ignore_index=True)
    premises = {p: read_premises(p, postcodes) for p, form in found.items() if form == "premises"}
    lists = {p: read_places(p) for p, form in found.items() if form == "places"}
    published = [
        Source(PREMISES, "", _together(list(premises.values()), (*PLACE_COLUMNS, "centroid"))),
        Source(OPEN_NAMES, "", _together([t[0] for t in open_names.values()], PLACE_COLUMNS)),
    ]
    listed = [Source(_rank(p), names[p], table) for p, table in lists.items()]
    sources = _placed([*listed, *published], postcodes)
    rows = {
        **{p: len(t) for p, t in {**code_point, **premises, **lists}.items()},
        **{p: len(t[0]) + len(t[1]) for p, t in open_names.items()},
    }
    n_listed = sum(len(s.places) for s in (*listed, *published))
    return ReferenceTables(
        sources=sources,
        postcodes=postcodes,
        files=[ReferenceFile(names[p], form, rows.get(p, 0)) for p, form in found.items()],
        n_listed=n_listed,
        n_unplaced=n_listed - sum(len(s.places) for s in sources),
        n_doubled=sum(int(t["place_id"].duplicated().sum()) for t in lists.values()),
    )


def _files(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith((".", "~")))


def _format(path: Path, folder: Path) -> FileFormat:
    suffix = path.suffix.lower()
    if is_premises_file(path):
        return "premises"
    # Shapes and aliases are read from the folder itself alone.
    if path.parent == folder and path.name == ALIASES_FILE:
        return "aliases"
    if path.parent == folder and path.name.lower() == EVENTS_FILE:
        return "events"
    if path.parent == folder and path.name == COMPLETENESS_EVENTS_FILE:
        return "completeness_events"
    if path.parent == folder and suffix in (".geojson", ".gpkg") and path.stem.lower() in _SHAPES:
        return "shapes"
    form = csv_format(path) if suffix == ".csv" else None
    # The partnership's own list under a header that is wrong is an error, not another file.
    if form == "places" or path.name.lower() == "places.csv":
        return "places"
    return form if form in ("open_names", "code_point", "recorded_crime") else "other"


def _refuse_workbook(files: Sequence[Path]) -> None:
    names = {p.name.lower() for p in files}
    for path in files:
        workbook = path.stem.lower() == "places" and path.suffix.lower() in _WORKBOOKS
        if workbook and "places.csv" not in names:
            raise ReferenceDataError(
                f"{path.name}: a workbook is not read as reference data. Save its sheet as "
                "places.csv (in Excel: Save As, CSV UTF-8), and take the workbook out."
            )


def _rank(path: Path) -> int:
    name = path.name.lower()
    return OWN if name == "places.csv" else MAP_POINTS if name == POINTS_FILE else LISTED


def _placed(sources: Sequence[Source], postcodes: pd.DataFrame) -> list[Source]:
    """Fill in points from the other sources; what still has none is left out."""
    ordered = sorted(sources, key=lambda source: (source.rank, source.label))
    filled = []
    for source in ordered:
        places = source.places
        if source.rank in (OWN, LISTED):
            others = [other.places for other in ordered if other is not source]
            together = pd.concat(others, ignore_index=True)[list(PLACE_COLUMNS)]
            places = with_points(places, others=together, postcodes=postcodes)
        filled.append(source._replace(places=places.dropna(subset=["easting", "northing"])))
    return filled


def _together(tables: list[pd.DataFrame], columns: tuple[str, ...]) -> pd.DataFrame:
    kinds = {c: "float64" if c in ("easting", "northing") else "str" for c in columns}
    kinds |= {c: "bool" for c in columns if c == "centroid"}
    whole = pd.concat([pd.DataFrame(columns=list(columns)).astype(kinds), *tables])
    return whole[list(columns)].astype(kinds).reset_index(drop=True)
