"""Records of many areas become record files, one police force and its hospitals at a time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from ed_ingest.schema import load_spec
from hotspots.record_files import write_records
from hotspots.simulated.country import AREAS_A_FORCE, force_of, hospital_id
from hotspots.simulated.victims import HOSPITALS

# Days after the month's end on which a month is delivered.
DELAY_DAYS = 9
AGREEMENT = "SIM-ISA"
_COUNTS = ("n_replaced", "n_withdrawn", "n_superseded", "n_outdated", "n_held_back",
           "n_not_assault", "n_duplicate")  # fmt: skip


def write_force(force: int, *, n_areas: int, parts: Path, address: str) -> int:
    """Write the records of a police force and of the hospitals of its areas.

    Parameters
    ----------
    force
        0 for the first.
    n_areas
        Of the country.
    parts
        Folder with the tables of `one_area.make_area`.
    address
        Folder of the record files.

    Returns
    -------
    int
        Rows of all tables.
    """
    first = force * AREAS_A_FORCE
    own = range(first, min(first + AREAS_A_FORCE, n_areas))
    # The area that follows has patients and crimes in the one before.
    near = range(first, min(first + AREAS_A_FORCE + 1, n_areas))
    hospitals = [hospital_id(k, layout) for k in own for layout in HOSPITALS]
    assaults = _read(parts, near, "assaults", hospitals)
    crimes = _read(parts, near, "crimes", [force_of(first)])
    links = _read(parts, near, "links")
    tables = {
        "assaults": _in_batches(assaults, assaults["arrived_at"].fillna(assaults["assault_from"])),
        "crimes": _in_batches(crimes, crimes["committed_from"]),
        "links": links[links["event_id"].isin(assaults["event_id"])].reset_index(drop=True),
    }
    tables["batches"] = _batches(tables["assaults"], tables["crimes"])
    write_records(tables, address)
    return sum(len(table) for table in tables.values())


def _read(
    parts: Path, areas: range, table: str, providers: list[str] | None = None
) -> pd.DataFrame:
    filters = None if providers is None else [("provider", "in", providers)]
    found = [
        pd.read_parquet(parts / f"{number:05}-{table}.parquet", filters=filters) for number in areas
    ]
    return pd.concat(found, ignore_index=True)


def _in_batches(rows: pd.DataFrame, when: pd.Series) -> pd.DataFrame:
    """Name the delivery of each row: its provider's of its month."""
    month = when.to_numpy().astype("M8[M]")
    code, whose = pd.factorize(rows["provider"])
    key = code * 10_000 + month.astype(int)
    back, distinct = pd.factorize(key)
    names = [
        _batch_id(str(whose[k // 10_000]), np.datetime64(int(k % 10_000), "M")) for k in distinct
    ]
    ids = pd.Series(np.array([*names, ""], dtype=object)[back], index=rows.index, dtype="str")
    return rows.assign(batch_id=ids)


def _batch_id(provider: str, month: np.datetime64) -> str:
    named = hashlib.sha256(f"{provider} {month}".encode()).hexdigest()[:8]
    return f"{_received(month).item():%Y%m%d}-{named}"


def _received(month: np.datetime64) -> np.datetime64:
    received: np.datetime64 = (month + 1).astype("M8[D]") + np.timedelta64(DELAY_DAYS - 1, "D")
    return received


def _batches(assaults: pd.DataFrame, crimes: pd.DataFrame) -> pd.DataFrame:
    """One row a delivery, with what is told of it in the store."""
    kinds = (
        ("ed", assaults, assaults["arrived_at"].fillna(assaults["assault_from"])),
        ("police", crimes, crimes["committed_from"]),
    )
    told = []
    for kind, rows, when in kinds:
        nowhere = rows["location_level"].eq("none")
        each = rows.assign(day=when.dt.floor("D"), nowhere=nowhere).groupby("batch_id")
        table = each.agg(
            provider=("provider", "first"),
            period_from=("day", "min"),
            period_to=("day", "max"),
            n_read=("provider", "size"),
            n_no_place=("nowhere", "sum"),
        ).reset_index()
        told.append(table.assign(kind=kind))
    table = pd.concat(told, ignore_index=True)
    received = pd.to_datetime(table["batch_id"].str[:8], format="%Y%m%d") + pd.Timedelta(hours=9)
    hashes = [hashlib.sha256(name.encode()).hexdigest() for name in table["batch_id"]]
    table = table.assign(
        received_at=received.astype("M8[s]"),
        file_hash=hashes,
        file_name=table["provider"] + "-" + table["period_to"].dt.strftime("%Y-%m") + ".csv",
        agreement=AGREEMENT,
        n_stored=table["n_read"],
        **dict.fromkeys(_COUNTS, 0),
    )
    return table[load_spec("batches").contract]
