"""Write the made-up partnership's workspace: reference data, provider files, deliveries, truth."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from ed_ingest.errors import FileError
from ed_ingest.providers import provider_ids
from hotspots.simulated.deliveries import Delivery, Sent, received_on
from hotspots.simulated.files import append_csv, write_csv, write_geojson
from hotspots.simulated.incidents import Period
from hotspots.simulated.police import Recorded
from hotspots.simulated.sites import Sites
from hotspots.simulated.town import Town
from hotspots.simulated.truth import (
    planted_identifiers,
    planted_in_crimes,
    true_assaults,
    true_links,
)
from hotspots.simulated.workbook import write_xlsx

SIMPLIFIED_M = 2.0  # how far lines of the base map may lie from the true ones
PLACE_COLUMNS = [
    "place_id", "name", "alt_names", "kind", "easting", "northing", "address", "postcode",
]  # fmt: skip


def write_providers(workspace: Path) -> None:
    """Write each provider's file and make its inbox."""
    for source in (files("hotspots.simulated") / "providers").iterdir():
        with as_file(source) as path:
            shutil.copyfile(path, workspace / "providers" / source.name)
    for provider in provider_ids(workspace):
        (workspace / "inbox" / provider).mkdir(parents=True, exist_ok=True)


def copy_reference(workspace: Path, reference: Path) -> None:
    """Copy the supplied reference data."""
    shutil.copytree(reference, workspace / "reference", dirs_exist_ok=True)


def write_reference(workspace: Path, town: Town) -> None:
    """Write the made-up town in the contract's formats."""
    folder = workspace / "reference"
    places = town.places[PLACE_COLUMNS].astype({"easting": int, "northing": int})
    write_csv(folder / "places.csv", places)
    boundary = gpd.GeoDataFrame({"name": ["Marford"]}, geometry=[town.boundary], crs=town.areas.crs)
    write_geojson(folder / "boundary.geojson", boundary)
    write_geojson(folder / "areas.geojson", town.areas)
    drawn = town.basemap.assign(geometry=town.basemap.simplify(SIMPLIFIED_M))
    write_geojson(folder / "basemap.geojson", drawn)
    # Code-Point Open: postcode, quality, easting, northing, then seven codes; no header.
    postcodes = town.postcodes.assign(quality=10).round({"easting": 0, "northing": 0})
    columns = postcodes[["postcode", "quality", "easting", "northing"]].astype(
        {"easting": int, "northing": int}
    )
    with (folder / "mf.csv").open("wb") as handle:
        append_csv(handle, columns.assign(**{f"code{k}": "" for k in range(6)}))


def write_deliveries(workspace: Path, deliveries: list[Delivery]) -> None:
    """Write every file as its provider does, several at a time."""
    with ThreadPoolExecutor() as pool:
        list(pool.map(partial(_write_delivery, workspace), deliveries))


def _write_delivery(workspace: Path, delivery: Delivery) -> None:
    path = workspace / "inbox" / delivery.provider / delivery.file
    if path.suffix == ".xlsx":
        write_xlsx(
            path,
            delivery.cells,
            sheet="Assaults",
            titles=delivery.titles,
            author=delivery.author,
        )
    elif delivery.provider == "royal-infirmary":
        write_csv(path, delivery.cells, delimiter=";", encoding="cp1252", line_end="\r\n")
    else:
        write_csv(path, delivery.cells)


def copy_street_files(workspace: Path, folder: Path, period: Period) -> pd.DataFrame:
    """Deliver real police.uk street files instead of made-up ones: their rows of deliveries.csv.

    Raises
    ------
    FileError
        If the folder holds none of the period's months.
    """
    months = tuple(str(month) for month in period.months)
    found = sorted(p for p in folder.rglob("*-street.csv") if p.name.startswith(months))
    if not found:
        raise FileError(
            f"{folder}: no police.uk street files of {months[0]} to {months[-1]} here. "
            "They are named YYYY-MM-force-street.csv."
        )
    rows = []
    for path in found:
        shutil.copyfile(path, workspace / "inbox" / "police-uk" / path.name)
        received = received_on("police-uk", np.datetime64(path.name[:7], "M"))
        with path.open("rb") as handle:
            rows.append(("police-uk", path.name, str(received), sum(1 for _ in handle) - 1))
    return pd.DataFrame(rows, columns=["provider", "file", "received_on", "rows"])


def write_truth(
    folder: Path,
    *,
    town: Town,
    sites: Sites,
    people: pd.DataFrame,
    sent: dict[str, Sent],
    recorded: Recorded,
    force: list[Delivery],
    deliveries: pd.DataFrame,
) -> None:
    """Write what is true beside the deliveries."""
    folder.mkdir()
    assaults = true_assaults(people, town, sent)
    write_csv(folder / "assaults.csv", assaults)
    write_csv(folder / "links.csv", true_links(assaults, recorded))
    write_csv(folder / "trends.csv", sites.trends)
    write_csv(folder / "deliveries.csv", deliveries)
    with (folder / "identifiers.csv").open("wb") as handle:
        handle.write(b"identifier,kind,provider,file,column,row\n")
        for one in sent.values():
            for planted in planted_identifiers(one):
                append_csv(handle, planted)
        for planted in planted_in_crimes(recorded, force):
            append_csv(handle, planted)
