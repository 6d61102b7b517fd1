"""The bare network of a made-up town: junctions and stretches of street.

Its edges come from a Voronoi diagram whose seeds (one a block of houses) are dense in the centre,
lie in rows in the terraces and are sparse in the estates: such a network is connected and never
crosses itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Voronoi, cKDTree
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

CENTRE = np.array([421_300.0, 309_700.0])  # open country on the real map
CENTRE_M, TERRACE_M, BUILT_M = 430.0, 1_300.0, 2_650.0  # reach of each kind of quarter
N_RADIALS = 7
RING_M = 1_320.0

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Network(NamedTuple):
    """Junctions and the stretches of street between them.

    ``xy`` junctions, metres, EPSG:27700; ``ends`` the two junctions of each stretch; ``main`` the
    number of its main road (``N_RADIALS`` is the ring road), or -1.
    """

    xy: Floats
    ends: Ints
    main: Ints


def make_network(rng: np.random.Generator, *, built: BaseGeometry, water: BaseGeometry) -> Network:
    """Make the network of a built-up area; only main roads cross the water."""
    headings = np.arange(N_RADIALS) * 2 * np.pi / N_RADIALS + rng.uniform(-0.25, 0.25, N_RADIALS)
    network = _voronoi(_seeds(rng, headings), built)
    network = _mark_main_roads(rng, network, headings, water)
    return _thin(rng, network, water)


def unit(angle: Floats) -> Floats:
    """Vectors of length one, angles counter-clockwise from east."""
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1)


def from_centre(points: Floats) -> Floats:
    """Distance from the market place in metres."""
    return np.asarray(np.hypot(*(points - CENTRE).T))


def segments(network: Network) -> NDArray[np.object_]:
    """Each stretch as a straight line."""
    return np.asarray(shapely.linestrings(network.xy[network.ends]))


def _seeds(rng: np.random.Generator, headings: Floats) -> Floats:
    old = _rows(rng, 82, 82, turn=0.4, jitter=0.34, reach_m=CENTRE_M)
    estates = _rows(rng, 300, 300, turn=1.1, jitter=0.36, reach_m=BUILT_M + 1_500)
    parts = [old, estates[from_centre(estates) >= TERRACE_M]]
    for k, heading in enumerate(headings):
        rows = _rows(rng, 185, 96, turn=heading, jitter=0.09, reach_m=TERRACE_M - 40)
        parts.append(rows[(from_centre(rows) >= CENTRE_M + 30) & (_sector(rows, headings) == k)])
    return np.concatenate(parts)


def _rows(
    rng: np.random.Generator,
    along_m: float,
    across_m: float,
    *,
    turn: float,
    jitter: float,
    reach_m: float,
) -> Floats:
    """Points in staggered rows at an angle; `jitter` is a share of the spacing."""
    n, m = int(reach_m * 1.5 / along_m), int(reach_m * 1.5 / across_m)
    column, row = np.meshgrid(np.arange(-n, n + 1), np.arange(-m, m + 1))
    grid = np.stack([column.ravel() + 0.5 * (row.ravel() % 2), row.ravel()], axis=1).astype(float)
    grid += rng.uniform(-jitter, jitter, grid.shape)
    axes = unit(np.array([turn, turn + np.pi / 2]))
    points: Floats = CENTRE + (grid * [along_m, across_m]) @ axes
    return points[from_centre(points) < reach_m]


def _sector(points: Floats, headings: Floats) -> Ints:
    """Which main road's direction is nearest."""
    angle = np.arctan2(*(points - CENTRE).T[::-1])
    turn = np.angle(np.exp(1j * (angle[:, None] - headings)))
    return np.asarray(np.abs(turn).argmin(axis=1))


def _voronoi(seeds: Floats, built: BaseGeometry) -> Network:
    """Edges of the diagram in the built-up area; junctions within 14 m of each other are one."""
    diagram = Voronoi(seeds)
    ridges = np.asarray(diagram.ridge_vertices)
    ridges = ridges[(ridges >= 0).all(axis=1)]
    xy = diagram.vertices
    short = np.hypot(*(xy[ridges[:, 0]] - xy[ridges[:, 1]]).T) < 14
    n, group = connected_components(_graph(len(xy), ridges[short]), directed=False)
    size = np.bincount(group, minlength=n)
    xy = np.stack([np.bincount(group, axis, n) / size for axis in xy.T], axis=1)
    ends = np.unique(np.sort(group[ridges], axis=1), axis=0).astype(np.int64)
    inside = np.asarray(shapely.contains_xy(built, xy))
    ends = ends[(ends[:, 0] != ends[:, 1]) & inside[ends].all(axis=1)]
    return _largest_part(Network(xy, ends, np.full(len(ends), -1)))


def _graph(n: int, ends: Ints, weight: Floats | None = None) -> coo_array:
    weight = np.ones(len(ends)) if weight is None else weight
    return coo_array((weight, (ends[:, 0], ends[:, 1])), shape=(n, n))


def _largest_part(network: Network) -> Network:
    """Keep the largest connected part, and only junctions in use."""
    graph = _graph(len(network.xy), network.ends)
    _, part = connected_components(graph, directed=False)
    kept = part[network.ends[:, 0]] == np.bincount(part[network.ends[:, 0]]).argmax()
    used, ends = np.unique(network.ends[kept], return_inverse=True)
    return Network(network.xy[used], ends.reshape(-1, 2).astype(np.int64), network.main[kept])


def _mark_main_roads(
    rng: np.random.Generator, network: Network, headings: Floats, water: BaseGeometry
) -> Network:
    """Route the radials and the ring along the network, near a bending ideal line."""
    routes = [_radial(rng, heading) for heading in headings]
    angle = np.linspace(0, 2 * np.pi, 13) + headings[0]
    reach = RING_M * rng.uniform(0.9, 1.1, 12)
    ring = CENTRE + np.append(reach, reach[0])[:, None] * unit(angle)
    routes += [ring[k : k + 2] for k in range(12)]
    wet = shapely.intersects(segments(network), water)
    main = network.main.copy()
    for number, route in enumerate(routes):
        edges = _follow(network, route, wet)
        main[edges[main[edges] < 0]] = min(number, N_RADIALS)
    return network._replace(main=main)


def _radial(rng: np.random.Generator, heading: float) -> Floats:
    """Points every 150 m from the market place outwards, wandering."""
    steps = np.arange(0, BUILT_M + 450, 150)
    bend = np.cumsum(rng.normal(0, 0.035, len(steps)))
    return np.asarray(CENTRE + steps[:, None] * unit(heading + bend))


def _follow(network: Network, route: Floats, wet: NDArray[np.bool_]) -> Ints:
    """Stretches of the cheapest way from a route's start to its end, dear when far from it."""
    length = np.hypot(*(network.xy[network.ends[:, 0]] - network.xy[network.ends[:, 1]]).T)
    off = shapely.distance(segments(network), LineString(route))
    cost = length * (1 + (off / 45) ** 2) * np.where(wet, 4, 1)
    graph = _graph(len(network.xy), network.ends, cost).tocsr()
    start, stop = np.asarray(cKDTree(network.xy).query(route[[0, -1]])[1]).tolist()
    _, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
    way = [stop]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
    return np.flatnonzero(_among(network.ends, np.array([way[1:], way[:-1]]).T))


def _among(ends: Ints, others: Ints) -> NDArray[np.bool_]:
    """Which stretches are among others, in either direction."""
    low, high = np.sort(ends, axis=1).T
    known_low, known_high = np.sort(others, axis=1).T
    n = int(max(high.max(), known_high.max())) + 1
    return np.isin(low * n + high, known_low * n + known_high)


def _thin(rng: np.random.Generator, network: Network, water: BaseGeometry) -> Network:
    """Take out what crosses the water without being a main road, and some of the loops.

    A random spanning tree stays, so that all stays connected; the loose ends that arise among the
    estates are cul-de-sacs.
    """
    wet = shapely.intersects(segments(network), water)
    network = _select(network, ~wet | (network.main >= 0))
    weight = np.where(network.main >= 0, 0.01, rng.uniform(1, 2, len(network.ends)))
    graph = _graph(len(network.xy), network.ends, weight)
    tree = minimum_spanning_tree(graph.tocsr()).tocoo()
    in_tree = _among(network.ends, np.stack([tree.row, tree.col], axis=1))
    away = from_centre(network.xy[network.ends].mean(axis=1))
    loss = np.select([away < CENTRE_M, away < TERRACE_M], [0.12, 0.2], 0.42)
    return _select(network, in_tree | (network.main >= 0) | (rng.random(len(loss)) > loss))


def _select(network: Network, kept: NDArray[np.bool_]) -> Network:
    return _largest_part(Network(network.xy, network.ends[kept], network.main[kept]))
