"""Export a table of the store to CSV, Parquet or GeoPackage, with the contract's columns."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from ed_ingest.errors import EdHotspotsError, StoreError
from ed_ingest.schema import load_spec
from ed_ingest.store import TABLES, Store
from hotspots.geofiles import without_formulas

# Rows that tie hospital facts to a victim whom the police can name.
ON_RELEASE_ONLY = ("crimes", "links")
SUFFIXES = (".csv", ".parquet", ".gpkg")


def export_table(store: Store, table: str, out: Path, *, release: str | None) -> int:
    """Write one table of the store to a file; the export is audited.

    Parameters
    ----------
    store
        An open store.
    table
        ``assaults``, ``crimes``, ``links``, ``issues``, ``batches`` or ``assault_counts``.
    out
        ``.csv`` (UTF-8 with byte order mark), ``.parquet`` or ``.gpkg`` (EPSG:27700). Written
        beside its place first, so that a failure leaves no half file.
    release
        The sharing agreement's reference under which crimes or links leave the store.

    Returns
    -------
    int
        Rows written.

    Raises
    ------
    StoreError
        If there is no such table.
    EdHotspotsError
        If the kind of file is not known, or crimes or links are asked for without `release`.
    """
    if table not in TABLES:
        raise StoreError(f"There is no table of that name. Choose from: {', '.join(TABLES)}.")
    if out.suffix.lower() not in SUFFIXES:
        raise EdHotspotsError(f"{out.name}: end the file's name in {', '.join(SUFFIXES)}.")
    release = (release or "").strip()
    if table in ON_RELEASE_ONLY and not release:
        raise EdHotspotsError(
            f"{table} tie hospital records to people whom the police can name: they leave the "
            "store only under a sharing agreement. Add --release with the agreement's reference."
        )
    if not out.parent.is_dir():
        raise EdHotspotsError(f"{out.parent}: no such folder. Make it first.")
    rows = store.read(table)
    unfinished = out.with_name(f".{out.stem}.unfinished{out.suffix}")
    try:
        _write(rows, TABLES[table], unfinished)
        # Noted before the file is there: an export that is cut off may have left, too.
        store.audit("export", f"{table} {release}".strip(), {"rows": len(rows)})
        unfinished.replace(out)
    except OSError:
        raise EdHotspotsError(
            f"{out.name}: cannot be written. Close it in other programs, and check your rights."
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return len(rows)


def _write(rows: pd.DataFrame, schema: str, path: Path) -> None:
    if path.suffix.lower() == ".csv":
        plain = without_formulas(_written_times(rows, schema))
        plain.to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    elif path.suffix.lower() == ".parquet":
        rows.to_parquet(path, index=False)
    else:
        frame = gpd.GeoDataFrame(rows, geometry=_points(rows), crs="EPSG:27700")
        frame.to_file(path, driver="GPKG", engine="pyogrio", layer=schema)


def _points(rows: pd.DataFrame) -> gpd.GeoSeries:
    """The rows' points; no geometry for a row or a table without coordinates."""
    if "easting" not in rows.columns:
        return gpd.GeoSeries(pd.Series(None, index=rows.index, dtype="object"))
    points = gpd.GeoSeries(gpd.points_from_xy(rows["easting"], rows["northing"]), index=rows.index)
    return points.where(rows["easting"].notna(), None)


def _written_times(rows: pd.DataFrame, schema: str) -> pd.DataFrame:
    """Times as in the contract: to the minute, dates without time."""
    spec = load_spec(schema)
    written = rows.copy()
    for name in rows.columns:
        kind = spec.fields[name].kind
        if kind in ("date", "datetime"):
            form = "%Y-%m-%d" if kind == "date" else "%Y-%m-%d %H:%M"
            written[name] = rows[name].dt.strftime(form)
    return written
