"""A made-up town's streets: which stretches carry on as one street, closes, a river, the edge."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry import LineString, MultiLineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.strtree import STRtree

from hotspots.simulated.network import (
    BUILT_M,
    CENTRE,
    CENTRE_M,
    N_RADIALS,
    TERRACE_M,
    Ints,
    Network,
    from_centre,
    make_network,
    segments,
    unit,
)

CRS = "EPSG:27700"
RIVER_WIDTH_M = 46.0
N_CLOSES = 90
# A street's name changes about this often.
MAIN_ROAD_M, SIDE_STREET_M = 1_200.0, 700.0


class Streets(NamedTuple):
    """The town's lines on the map, EPSG:27700.

    ``lines`` has a row a street: ``main`` (number of its main road or -1), ``quarter`` (``centre``,
    ``terrace``, ``estate``, ``close``) and the geometry.
    """

    lines: gpd.GeoDataFrame
    water: BaseGeometry
    boundary: Polygon


def lay_streets(rng: np.random.Generator) -> Streets:
    """Lay out a town: every street touches another and lies inside the boundary."""
    boundary = _outline(rng, radius_m=BUILT_M + 450)
    built = boundary.buffer(-330)
    water = _river(rng, boundary)
    network = make_network(rng, built=built, water=water)
    onward = _carry_on(network)
    lines, main = _ways(_smooth(network, onward), onward)
    lines = _to_the_edge([_curve(line) for line in lines], main, boundary)
    closes = _closes(rng, lines, built.difference(water.buffer(15)))
    frame = gpd.GeoDataFrame({"main": main + [-1] * len(closes)}, geometry=lines + closes, crs=CRS)
    return Streets(frame.assign(quarter=_quarter(frame, len(lines))), water, boundary)


def _outline(rng: np.random.Generator, *, radius_m: float) -> Polygon:
    """An irregular closed line round the centre."""
    angle = np.linspace(0, 2 * np.pi, 90, endpoint=False)
    wave = np.zeros(90)
    for k in range(2, 9):
        wave += rng.normal(0, 0.05 / k**0.7) * np.cos(k * angle + rng.uniform(0, 2 * np.pi))
    return Polygon(np.round(CENTRE + (radius_m * (1 + wave))[:, None] * unit(angle), 1))


def _river(rng: np.random.Generator, boundary: Polygon) -> BaseGeometry:
    """A river that bends past the south of the centre."""
    along = np.linspace(-4_500, 4_500, 90)
    across = -540 + 260 * np.sin(along / 900 + rng.uniform(0, 6)) * np.tanh(np.abs(along) / 1_200)
    turn = rng.uniform(0.1, 0.5)
    axes = unit(np.array([turn, turn + np.pi / 2]))
    middle = LineString(CENTRE + np.stack([along, across], axis=1) @ axes)
    return middle.buffer(RIVER_WIDTH_M / 2).intersection(boundary)


def _carry_on(network: Network) -> Ints:
    """Pairs of stretches that are one street: the straightest way on at each junction.

    Columns: junction, stretch, stretch. A main road carries on as itself, whatever its bend.
    """
    at: dict[int, list[int]] = {}
    for edge, ends in enumerate(network.ends):
        for node in ends:
            at.setdefault(int(node), []).append(edge)
    pairs = []
    for node, edges in at.items():
        free = set(edges)
        for _, a, b in sorted(_bends(network, node, edges)):
            if a in free and b in free:
                free -= {a, b}
                pairs.append((node, a, b))
    return np.array(pairs, dtype=np.int64)


def _bends(network: Network, node: int, edges: list[int]) -> list[tuple[float, int, int]]:
    """Turning angle in radians of each pair that may be one street; negative for main roads."""
    other = network.ends[edges].sum(axis=1) - node
    angle = np.arctan2(*(network.xy[other] - network.xy[node]).T[::-1])
    main = network.main[edges]
    bends = []
    for i in range(len(edges)):
        for j in range(i):
            bend = abs(np.pi - abs((angle[i] - angle[j]) % (2 * np.pi)))
            if main[i] == main[j] and (main[i] >= 0 or bend < 1.15):
                bends.append((bend - 9 * (main[i] >= 0), edges[i], edges[j]))
    return bends


def _smooth(network: Network, onward: Ints, *, rounds: int = 6) -> Network:
    """Pull each junction towards the middle of the street that passes through it."""
    node, a, b = onward.T
    left = network.ends[a].sum(axis=1) - node
    right = network.ends[b].sum(axis=1) - node
    weight = np.bincount(node, minlength=len(network.xy))[:, None]
    xy = network.xy.copy()
    for _ in range(rounds):
        pull = np.zeros_like(xy)
        np.add.at(pull, node, (xy[left] + xy[right]) / 2 - xy[node])
        xy += 0.35 * pull / np.maximum(weight, 1)
    return network._replace(xy=np.round(xy, 1))


def _ways(network: Network, onward: Ints) -> tuple[list[LineString], list[int]]:
    """Join what carries on; a street's name changes where it grows too long."""
    n = len(network.ends)
    graph = coo_array((np.ones(len(onward)), (onward[:, 1], onward[:, 2])), shape=(n, n))
    n_ways, way = connected_components(graph, directed=False)
    stretches = segments(network)
    lines: list[LineString] = []
    mains: list[int] = []
    for k in range(n_ways):
        mine = np.flatnonzero(way == k)
        main = int(network.main[mine[0]])
        for line in shapely.get_parts(shapely.line_merge(MultiLineString(list(stretches[mine])))):
            parts = _cut(line, MAIN_ROAD_M if main >= 0 else SIDE_STREET_M)
            lines += parts
            mains += [main] * len(parts)
    return lines, mains


def _cut(line: LineString, length_m: float) -> list[LineString]:
    """Equal parts of about this length, cut at junctions."""
    xy = shapely.get_coordinates(line)
    run = np.append(0, np.cumsum(np.hypot(*np.diff(xy, axis=0).T)))
    n = max(1, round(run[-1] / length_m))
    cuts = np.unique(np.searchsorted(run, np.linspace(0, run[-1], n + 1)[1:-1]))
    at = [0, *cuts[(cuts > 0) & (cuts < len(xy) - 1)], len(xy) - 1]
    return [LineString(xy[a : b + 1]) for a, b in pairwise(at)]


def _curve(line: LineString) -> LineString:
    """Rounded corners (Catmull-Rom) that still pass through every junction."""
    xy = shapely.get_coordinates(line)
    if len(xy) < 3:
        return line
    a, b, c, d = (np.concatenate([xy[:1], xy, xy[-1:]])[k : k + len(xy) - 1] for k in range(4))
    curve = [xy[:-1]]
    for t in (0.25, 0.5, 0.75):
        bend = (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
        curve.append(np.round(b + ((c - a) * t + bend) / 2, 1))
    return LineString(np.concatenate([np.stack(curve, axis=1).reshape(-1, 2), xy[-1:]]))


def _to_the_edge(lines: list[LineString], mains: list[int], boundary: Polygon) -> list[LineString]:
    """Take each radial on to just inside the boundary."""
    lines = list(lines)
    for radial in range(N_RADIALS):
        mine = [k for k, main in enumerate(mains) if main == radial]
        reach = [from_centre(shapely.get_coordinates(lines[k])[[0, -1]]) for k in mine]
        last = mine[int(np.argmax([r.max() for r in reach]))]
        xy = shapely.get_coordinates(lines[last])
        if from_centre(xy[:1])[0] > from_centre(xy[-1:])[0]:
            xy = xy[::-1]
        outward = LineString([xy[-1], CENTRE + 2 * (xy[-1] - CENTRE)])
        rest = shapely.intersection(outward, boundary).length
        end = xy[-1] + (rest - 15) * (xy[-1] - CENTRE) / from_centre(xy[-1:])
        lines[last] = LineString(np.round([*xy, end], 1))
    return lines


def _closes(
    rng: np.random.Generator, lines: list[LineString], free: BaseGeometry
) -> list[LineString]:
    """Cul-de-sacs off side streets, where there is room."""
    closes: list[LineString] = []
    away = [from_centre(shapely.get_coordinates(line.centroid))[0] for line in lines]
    estates = [line for line, a in zip(lines, away, strict=True) if a > TERRACE_M]
    for parent in rng.choice(np.array(estates, dtype=object), 6 * N_CLOSES):
        xy = shapely.get_coordinates(parent)
        if len(xy) < 3 or len(closes) == N_CLOSES:
            continue
        k = int(rng.integers(1, len(xy) - 1))
        ahead = xy[k + 1] - xy[k - 1]
        heading = np.arctan2(ahead[1], ahead[0]) + rng.choice([-1, 1]) * np.pi / 2
        turns = heading + np.cumsum(rng.normal(0, 0.3, 4))
        steps = xy[k] + np.cumsum(rng.uniform(18, 42) * unit(turns), axis=0)
        close = LineString(np.round([xy[k], *steps], 1))
        beyond = LineString(close.coords[1:])
        near = STRtree([*lines, *closes]).query(beyond, "dwithin", 14)
        if free.contains(close) and not near.size:
            closes.append(close)
    return closes


def _quarter(frame: gpd.GeoDataFrame, n_through: int) -> NDArray[np.str_]:
    away = from_centre(shapely.get_coordinates(frame.centroid))
    close = np.arange(len(frame)) >= n_through
    kinds = [close, away < CENTRE_M, away < TERRACE_M]
    return np.select(kinds, ["close", "centre", "terrace"], "estate")
