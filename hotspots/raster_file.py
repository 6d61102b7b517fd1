"""A raster as GeoTIFF, written tile by tile: it is nowhere in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ed_ingest.errors import AnalysisError
from hotspots.tiles import Raster, Tile

# Squares of the file that a program reads at once.
BLOCK_CELLS = 256
CRS = "EPSG:27700"
# GDAL keeps so many MB of blocks; a twentieth of the memory else.
_CACHE_MB = 128
_LEAST_OVERVIEW_CELLS = 256


class RasterFile(NamedTuple):
    """A GeoTIFF that is being written. Make one with `raster_file`."""

    dataset: Any

    def write(self, tile: Tile, values: NDArray[Any]) -> None:
        """Write a tile; rows from south to north, as surfaces have them."""
        from rasterio.windows import Window

        high, wide = values.shape
        flipped = values[::-1].astype(self.dataset.dtypes[0])
        self.dataset.write(flipped, 1, window=Window(tile.left, tile.top, wide, high))


@contextmanager
def raster_file(
    path: Path, raster: Raster, *, dtype: str, nodata: float, tags: Mapping[str, str], average: bool
) -> Iterator[RasterFile]:
    """Write a GeoTIFF: EPSG:27700, in blocks, compressed, with overviews so that QGIS is quick.

    Blocks that nothing is written to take no room and read as `nodata`. The file is at its path
    only when it is whole.

    Parameters
    ----------
    path
        File to write; one that is there is replaced.
    raster
        Its cells.
    dtype, nodata
        ``float32`` or ``uint8``; what stands for nothing.
    tags
        What reads as the file's metadata: unit, period, marking and so on.
    average
        Whether overviews are means of cells; else the value that most of them have.

    Raises
    ------
    AnalysisError
        If rasterio is not installed.
    """
    try:
        import rasterio
    except ImportError:
        raise AnalysisError(
            "Rasters need rasterio. Install it: python -m pip install 'ed-hotspots[cluster]'"
        ) from None
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    west, north = raster.columns.start * raster.cell_m, raster.rows.stop * raster.cell_m
    profile = {
        "driver": "GTiff",
        "width": len(raster.columns),
        "height": len(raster.rows),
        "count": 1,
        "dtype": dtype,
        "nodata": nodata,
        "crs": CRS,
        "transform": rasterio.Affine(raster.cell_m, 0.0, west, 0.0, -raster.cell_m, north),
        "tiled": True,
        "blockxsize": BLOCK_CELLS,
        "blockysize": BLOCK_CELLS,
        "compress": "deflate",
        "predictor": 3 if np.issubdtype(np.dtype(dtype), np.floating) else 1,
        "sparse_ok": True,
        "bigtiff": "if_safer",
    }
    try:
        with rasterio.Env(GDAL_CACHEMAX=_CACHE_MB, SPARSE_OK_OVERVIEW=True):
            with rasterio.open(unfinished, "w", **profile) as dataset:
                dataset.update_tags(**tags)
                yield RasterFile(dataset)
            with rasterio.open(unfinished, "r+") as dataset:
                how = (
                    rasterio.enums.Resampling.average
                    if average
                    else (rasterio.enums.Resampling.mode)
                )
                dataset.build_overviews(_overviews(raster), how)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _overviews(raster: Raster) -> list[int]:
    """Twice, four times … as coarse, until the whole is one block."""
    largest = max(len(raster.columns), len(raster.rows))
    return [2**k for k in range(1, 20) if largest / 2 ** (k - 1) > _LEAST_OVERVIEW_CELLS]
