"""A made-up country: areas that share borders, their size, town, hospitals and force.

Everything of an area follows from the seed and its number alone: area 17 is the same whether the
country has 20 areas or 340. Places follow each other like an ox ploughs (along the first row
eastwards, along the next one back), so that each area borders on the one before.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry import LineString, Polygon

from hotspots.simulated.network import BUILT_M, Floats
from hotspots.simulated.streets import CRS
from hotspots.simulated.victims import HOSPITALS

# England and Wales: 340 areas of 21 km by 21 km are 150,000 square km, in 43 police forces.
ENGLAND_AND_WALES = 340
ASSAULTS_AN_AREA = 300_000 / ENGLAND_AND_WALES
AREAS_A_ROW, SIDE_M, ORIGIN = 18, 21_000.0, (150_000.0, 50_000.0)
MOST_AREAS = 1_000  # as many have room on the national grid
AREAS_A_FORCE = 8
# Of each twenty areas one is a city, two are large towns, twelve are small; their mean is 1.
SIZES = (5.0, 2.2, 2.2, *[1.0] * 5, *[5.6 / 12] * 12)
# How far corners lie from a square's, and how far borders swing about the straight line; metres.
CORNER_M, SWING_M, BORDER_POINTS = 1_200.0, 330.0, 24
# Every fourth town lies astride the border with the area before; every fourth just within it.
ASTRIDE, WITHIN = 1, 3
TOWN_SCALE = (0.75, 1.45)
# Parts of the seed's streams.
_CORNER, _BORDER, _SIZE, _TOWN, AREA_STREAM = range(5)
_FIRST = ("Al", "Bar", "Cold", "Dun", "East", "Fern", "Glen", "Hart", "Ives", "Kirk", "Lang",
          "Mill", "Nor", "Oak", "Pen", "Red", "Stan", "Thorn", "Up", "Wal")  # fmt: skip
_SECOND = ("borough", "bridge", "bury", "by", "combe", "dale", "don", "field", "ford", "gate",
           "ham", "ley", "mouth", "port", "stead", "ton", "worth")  # fmt: skip


@dataclass(frozen=True)
class Area:
    """What is planned of an area before anything happens in it.

    Attributes
    ----------
    number
        0 for the first.
    size
        Its assaults relative to the mean of all areas.
    assaults
        Victims of assaults in its town.
    centre
        Of its town; EPSG:27700, whole metres.
    scale
        Its town's width relative to the one town that `invent_town` makes.
    layouts
        Its hospitals, by the layouts of `HOSPITALS` that they keep their records in.
    """

    number: int
    size: float
    assaults: int
    centre: tuple[float, float]
    scale: float
    layouts: tuple[str, ...]

    @property
    def code(self) -> str:
        """Made up: no code of the Office for National Statistics begins with X."""
        return area_code(self.number)

    @property
    def name(self) -> str:
        """Name of the area and of its town."""
        turn, first = divmod(self.number, len(_FIRST))
        nth, second = divmod(turn, len(_SECOND))
        return _FIRST[first] + _SECOND[second] + (f" {nth + 1}" if nth else "")

    @property
    def force(self) -> str:
        """Provider id of its police force."""
        return force_of(self.number)


def area_code(number: int) -> str:
    """Code of an area by its number."""
    return f"X99{number + 1:06}"


def force_of(number: int) -> str:
    """Provider id of the police force of an area by its number."""
    return f"force-{number // AREAS_A_FORCE + 1:02}"


def hospital_id(number: int, layout: str) -> str:
    """Provider id of the hospital of an area that keeps its records in this layout."""
    return f"a{number + 1:03}-{layout}"


def plan_areas(n: int, *, assaults: int | None, seed: int) -> list[Area]:
    """Plan the first `n` areas of a country.

    Parameters
    ----------
    n
        1 to `MOST_AREAS`.
    assaults
        Of all areas together; None for as many an area as England and Wales have.
    seed
        Of the country.
    """
    sizes = np.concatenate([_sizes(seed, twenty) for twenty in range(-(-n // len(SIZES)))])[:n]
    whole = np.append(0, sizes.cumsum())
    each = ASSAULTS_AN_AREA if assaults is None else assaults / whole[-1]
    counts = np.diff(np.floor(whole * each + 0.5)).astype(int)
    return [_area(seed, k, float(sizes[k]), int(counts[k])) for k in range(n)]


def _sizes(seed: int, twenty: int) -> Floats:
    rng = stream(seed, _SIZE, twenty)
    sizes = rng.permutation(np.array(SIZES)) * rng.lognormal(0, 0.2, len(SIZES))
    return np.asarray(sizes * len(SIZES) / sizes.sum())


def _area(seed: int, number: int, size: float, assaults: int) -> Area:
    scale = float(np.clip(size**0.3, *TOWN_SCALE).round(3))
    hospitals = 1 if size < 0.7 else 2 if size < 2 else 3
    centre = _town_centre(seed, number, BUILT_M * scale)
    return Area(number, size, assaults, centre, scale, HOSPITALS[:hospitals])


def _town_centre(seed: int, number: int, reach_m: float) -> tuple[float, float]:
    """In the middle of the area, or on or near the middle of the border with the one before."""
    middle = shapely.get_coordinates(outline(seed, number).centroid)[0]
    at = middle + stream(seed, _TOWN, number).uniform(-1_500, 1_500, 2)
    if number and number % 4 in (ASTRIDE, WITHIN):
        border = LineString(_border_with_the_one_before(seed, number))
        at = shapely.get_coordinates(border.interpolate(0.5, normalized=True))[0]
        inward = (middle - at) / np.hypot(*(middle - at))
        at = at + inward * (0.5 * reach_m if number % 4 == WITHIN else 0)
    east, north = at.round().tolist()
    return east, north


def outline(seed: int, number: int) -> Polygon:
    """An area's polygon, EPSG:27700; neighbours have the very points of their border in common."""
    column, row = _cell(number)
    south = _border(seed, (column, row), (column + 1, row))
    east = _border(seed, (column + 1, row), (column + 1, row + 1))
    north = _border(seed, (column, row + 1), (column + 1, row + 1))
    west = _border(seed, (column, row), (column, row + 1))
    return Polygon([*south[:-1], *east[:-1], *north[:0:-1], *west[:0:-1]])


def outlines(areas: list[Area], seed: int) -> gpd.GeoDataFrame:
    """All areas: ``area_code, area_name, geometry``."""
    return gpd.GeoDataFrame(
        {"area_code": [a.code for a in areas], "area_name": [a.name for a in areas]},
        geometry=[outline(seed, a.number) for a in areas],
        crs=CRS,
    )


def _cell(number: int) -> tuple[int, int]:
    row, along = divmod(number, AREAS_A_ROW)
    return (along if row % 2 == 0 else AREAS_A_ROW - 1 - along), row


def _border_with_the_one_before(seed: int, number: int) -> Floats:
    column, row = _cell(number)
    if number % AREAS_A_ROW == 0:
        return _border(seed, (column, row), (column + 1, row))
    side = column + row % 2
    return _border(seed, (side, row), (side, row + 1))


def _border(seed: int, start: tuple[int, int], end: tuple[int, int]) -> Floats:
    """Points from one corner to another; the same for both areas beside it. Whole metres."""
    a, b = _corner(seed, start), _corner(seed, end)
    along = np.linspace(0, 1, BORDER_POINTS)[:, None]
    rng = stream(seed, _BORDER, *start, end[0] - start[0])
    waves = np.arange(1, 6)
    swing = np.sin(np.pi * along * waves) @ (rng.normal(0, SWING_M, len(waves)) / waves)
    across = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a))
    return np.asarray(np.round(a + along * (b - a) + swing[:, None] * across))


def _corner(seed: int, at: tuple[int, int]) -> Floats:
    off = stream(seed, _CORNER, *at).uniform(-CORNER_M, CORNER_M, 2)
    return np.asarray(np.round(np.add(ORIGIN, np.multiply(at, SIDE_M)) + off))


def stream(seed: int, *of: int) -> np.random.Generator:
    """Random numbers that depend on the seed and on what they are for, on nothing else."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=of))
