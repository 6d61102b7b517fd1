"""Coordinates and codes of small areas as delivered -> metres in EPSG:27700, checked codes."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from pyproj import Transformer

from ed_ingest.grid_references import grid_points
from ed_ingest.layout import text_of

# Great Britain in EPSG:27700. No land lies within 5 km of the false origin's axes, where eastings
# in kilometres, and zeros that stand for "not known", would fall. West of 50 km lies only St Kilda,
# where nobody lives, and where the halves of a telephone's number (07700 and 900123) would fall.
EASTING_RANGE = (50_000, 660_000)
NORTHING_RANGE = (5_000, 1_220_000)
# LSOAs of England and Wales, data zones of Scotland and Northern Ireland.
SMALL_AREA_CODE = r"(?:[EWS]01|N2[01])[0-9]{6}"


def points(cells: pd.DataFrame) -> pd.DataFrame:
    """Read the coordinates of each row.

    Parameters
    ----------
    cells
        With any of ``easting``, ``northing`` (metres, EPSG:27700), ``latitude``, ``longitude``
        (degrees, EPSG:4326), as text or numbers, and ``grid_reference``. Eastings and northings
        come first, then degrees.

    Returns
    -------
    DataFrame
        On the index of `cells`: ``easting``, ``northing`` (metres, EPSG:27700; missing unless both
        were delivered and lie in Great Britain) and ``refused``: coordinates were delivered, but
        are no numbers, are swapped, or lie outside Great Britain.
    """
    easting, northing = _numbers(cells, "easting"), _numbers(cells, "northing")
    longitude, latitude = _numbers(cells, "longitude"), _numbers(cells, "latitude")
    degrees = easting.isna() & northing.isna() & longitude.notna() & latitude.notna()
    east, north = to_british_grid(longitude[degrees], latitude[degrees])
    easting[degrees], northing[degrees] = east, north
    if "grid_reference" in cells:
        squares = grid_points(text_of(cells, "grid_reference"))
        neither = easting.isna() & northing.isna()
        easting = easting.where(~neither, squares["easting"])
        northing = northing.where(~neither, squares["northing"])
    inside = _inside(easting, northing)
    names = [n for n in ("easting", "northing", "longitude", "latitude") if n in cells]
    delivered = _delivered(cells[names])
    return pd.DataFrame(
        {
            "easting": easting.where(inside),
            "northing": northing.where(inside),
            "refused": delivered & ~inside,
        }
    )


def point_faults(cells: pd.DataFrame, refused: pd.Series) -> pd.Series:
    """Tell what is wrong with the coordinates of each row.

    Parameters
    ----------
    cells
        As for `points`.
    refused
        What `points` found.

    Returns
    -------
    Series
        ``swapped``, ``kilometres``, ``no sign`` (a longitude that would lie in Great Britain west
        of Greenwich), ``one of two``, ``no number``, ``outside``; ``zero`` where both are noughts
        that stand for none; missing where nothing is wrong.
    """
    faults = pd.Series(None, index=cells.index, dtype="str")
    for x, y in (("longitude", "latitude"), ("easting", "northing")):
        if x in cells and y in cells:
            zero = (_numbers(cells, x) == 0) & (_numbers(cells, y) == 0)
            faults = faults.mask(zero & ~refused, "zero")
    wrong = cells[refused.to_numpy()]
    return faults.fillna(_faults_of_refused(wrong).reindex(cells.index))


def _faults_of_refused(cells: pd.DataFrame) -> pd.Series:
    faults = pd.Series(None, index=cells.index, dtype="str")
    on_grid = pd.Series(False, index=cells.index)
    for x, y in (("easting", "northing"), ("longitude", "latitude")):
        first, last = _numbers(cells, x), _numbers(cells, y)
        sent = [cells[n].notna() if n in cells else pd.Series(False, cells.index) for n in (x, y)]
        # Degrees are looked at only where there is nothing in metres.
        ours = (sent[0] | sent[1]) & ~on_grid
        on_grid |= sent[0] | sent[1]
        found = [("one of two", sent[0] != sent[1]), ("no number", first.isna() | last.isna())]
        if x == "easting":
            found += [
                ("swapped", _inside(last, first)),
                ("kilometres", _inside(first * 1000, last * 1000)),
            ]
        else:
            found += [
                ("swapped", _inside(*to_british_grid(last, first))),
                ("no sign", _inside(*to_british_grid(-first, last))),
            ]
        for fault, here in [*found, ("outside", ours)]:
            faults = faults.mask(ours & here & faults.isna(), fault)
    return faults


def _inside(easting: pd.Series, northing: pd.Series) -> pd.Series:
    return easting.between(*EASTING_RANGE) & northing.between(*NORTHING_RANGE)


def to_british_grid(longitude: pd.Series, latitude: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Turn degrees (EPSG:4326) into eastings and northings (EPSG:27700), to within some 5 m."""
    east, north = _transformer().transform(longitude.to_numpy(), latitude.to_numpy())
    return (
        pd.Series(np.where(np.isfinite(east), east, np.nan), index=longitude.index),
        pd.Series(np.where(np.isfinite(north), north, np.nan), index=longitude.index),
    )


def written_area_codes(texts: pd.Series) -> pd.Series:
    """Codes of small areas (``W01002019``); anything else, such as a postcode, is left out.

    No other statistical code has a place in the contract, and a hospital's own number may be a
    letter and eight figures as well.
    """
    places, distinct = pd.factorize(texts)
    codes = pd.Series(distinct, dtype="str").str.upper()
    kept = codes.where(codes.str.fullmatch(SMALL_AREA_CODE, na=False))
    return kept.reindex(range(len(codes) + 1)).take(places).set_axis(texts.index)


def _numbers(cells: pd.DataFrame, column: str) -> pd.Series:
    if column not in cells:
        return pd.Series(np.nan, index=cells.index)
    values = cells[column]
    if values.dtype != "str":
        return pd.to_numeric(values, errors="coerce").astype("float64")
    places, distinct = pd.factorize(values)
    bare = pd.Series(distinct).str.replace(",", "", regex=False).str.replace(" ", "", regex=False)
    numbers = pd.to_numeric(bare, errors="coerce").astype("float64")
    return pd.Series(np.append(numbers, np.nan)[places], index=values.index)


def _delivered(cells: pd.DataFrame) -> pd.Series:
    """Whether a row has coordinates at all; zeros stand for none."""
    any_value = pd.Series(False, index=cells.index)
    for column in cells:
        any_value |= cells[column].notna() & (_numbers(cells, str(column)) != 0)
    return any_value


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
