"""Ordnance Survey grid references ("ST 183 765") -> eastings and northings."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

_LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"  # I is left out
_WRITTEN = re.compile(r"\s*([A-HJ-Z])\s*([A-HJ-Z])\s*(\d[\d\s]*)", re.IGNORECASE)
_FEWEST_DIGITS = 6  # two or four name a square of 1 km or more: no place of an assault


def grid_points(texts: pd.Series) -> pd.DataFrame:
    """Read grid references of 100 m or finer.

    A reference names the south-west corner of a square, so the point is half a square further:
    "ST183765" is the square of 100 m whose middle is 318350, 176550.

    Parameters
    ----------
    texts
        Cells as text; may be missing.

    Returns
    -------
    DataFrame
        ``easting, northing`` in metres, EPSG:27700, on the index of `texts`; missing where the
        cell is no reference of six to ten figures.
    """
    found = [_point(text) if isinstance(text, str) else (np.nan, np.nan) for text in texts]
    return pd.DataFrame(found, columns=["easting", "northing"], index=texts.index, dtype="float64")


def _point(text: str) -> tuple[float, float]:
    match = _WRITTEN.fullmatch(text)
    digits = re.sub(r"\s", "", match[3]) if match else ""
    if not match or len(digits) % 2 or not _FEWEST_DIGITS <= len(digits) <= 10:
        return np.nan, np.nan
    east, north = _corner(match[1].upper(), match[2].upper())
    half = len(digits) // 2
    square = 10 ** (5 - half)
    middle = square / 2 if square > 1 else 0.0
    return (
        east + int(digits[:half]) * square + middle,
        north + int(digits[half:]) * square + middle,
    )


def _corner(first: str, second: str) -> tuple[int, int]:
    """South-west corner of a square of 100 km: letters run from west to east, north to south."""
    large, small = _LETTERS.index(first), _LETTERS.index(second)
    # The false origin lies in square S: two columns east and one row north of the letters' own.
    east = (large % 5 - 2) * 5 + small % 5
    north = (3 - large // 5) * 5 + (4 - small // 5)
    return east * 100_000, north * 100_000
