"""Patches of classes that reach over the edges of tiles: told as if the raster were one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse.csgraph import connected_components

from hotspots.drawable import EIGHT_NEIGHBOURS, is_small_patch

Ints = NDArray[np.int64]
_Facing = tuple[Ints, Ints]


class TilePatches(NamedTuple):
    """Patches of one tile, numbered from 1 in it; 0 is no patch.

    Attributes
    ----------
    n_cells, highest
        Cells and highest class of each patch, from number 1 on.
    south, north, west, east
        Patch of each cell along the tile's edges, from west to east or from south to north.
    """

    n_cells: Ints
    highest: NDArray[np.int8]
    south: Ints
    north: Ints
    west: Ints
    east: Ints


def patches_of(classes: NDArray[np.int8]) -> tuple[Ints, TilePatches]:
    """Number the patches of a tile: the number of each cell, and what the neighbours need.

    Parameters
    ----------
    classes
        0 not drawn, 1 lowest to 8 highest; rows from south to north.
    """
    patch, n = ndimage.label(classes > 0, structure=EIGHT_NEIGHBOURS)
    numbers = np.arange(1, n + 1)
    highest = np.asarray(ndimage.maximum(classes, patch, numbers), dtype=np.int8).reshape(n)
    n_cells = np.bincount(patch.ravel(), minlength=n + 1)[1:]
    edges = (patch[0], patch[-1], patch[:, 0], patch[:, -1])
    return patch.astype(np.int64), TilePatches(
        n_cells, highest, *(edge.astype(np.int64) for edge in edges)
    )


def small_patches_of_tiles(
    tiles: Mapping[tuple[int, int], TilePatches], *, cell_m: float, bandwidth_m: float
) -> dict[tuple[int, int], NDArray[np.bool_]]:
    """Which patches are not drawn, as `drawable.drawable_density` would say of the whole.

    Parameters
    ----------
    tiles
        By row and column of the tile, rows counted from the north.
    cell_m, bandwidth_m
        Side of a cell; radius of the kernel; metres.

    Returns
    -------
    dict
        For each tile, by number of the patch, with False for number 0.
    """
    starts, n = {}, 0
    for place, tile in tiles.items():
        starts[place], n = n, n + len(tile.n_cells)
    pairs = [_touching(tiles, starts, place) for place in tiles]
    one, other = np.concatenate([np.empty((2, 0), dtype=np.int64), *pairs], axis=1)
    graph = sparse.coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(n, n))
    n_wholes, whole = connected_components(graph, directed=False)
    n_cells, highest = np.zeros(n_wholes, dtype=np.int64), np.zeros(n_wholes, dtype=np.int8)
    for place, tile in tiles.items():
        own = whole[starts[place] : starts[place] + len(tile.n_cells)]
        np.add.at(n_cells, own, tile.n_cells)
        np.maximum.at(highest, own, tile.highest)
    small = is_small_patch(n_cells, highest, cell_m=cell_m, bandwidth_m=bandwidth_m)
    return {
        place: np.append(False, small[whole[starts[place] : starts[place] + len(tile.n_cells)]])
        for place, tile in tiles.items()
    }


def _touching(
    tiles: Mapping[tuple[int, int], TilePatches],
    starts: Mapping[tuple[int, int], int],
    place: tuple[int, int],
) -> Ints:
    """Pairs of patches of a tile and of its neighbours to the east and south that touch."""
    row, column = place
    mine = tiles[place]
    found = [np.empty((2, 0), dtype=np.int64)]
    for step in ((0, 1), (1, 0), (1, 1), (1, -1)):
        neighbour = (row + step[0], column + step[1])
        if neighbour not in tiles:
            continue
        for a, b in _facing(mine, tiles[neighbour], step):
            both = (a > 0) & (b > 0)
            found.append(np.stack([a[both] - 1 + starts[place], b[both] - 1 + starts[neighbour]]))
    return np.concatenate(found, axis=1)


def _facing(mine: TilePatches, other: TilePatches, step: tuple[int, int]) -> list[_Facing]:
    """Patches of cells that touch across a shared edge or corner."""
    if step == (0, 1):
        return _along(mine.east, other.west)
    if step == (1, 0):
        return _along(mine.south, other.north)
    if step == (1, 1):
        return [(mine.south[-1:], other.north[:1])]
    return [(mine.south[:1], other.north[-1:])]


def _along(mine: Ints, other: Ints) -> list[_Facing]:
    """Cells that touch across a shared edge, by a side or a corner."""
    return [(mine, other), (mine[1:], other[:-1]), (mine[:-1], other[1:])]
