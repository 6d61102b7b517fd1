"""Patches across tiles are those of the whole."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from hotspots.drawable import EIGHT_NEIGHBOURS
from hotspots.tile_patches import patches_of, small_patches_of_tiles

# Half the bandwidth, 2.3 cells, is a circle of 16.6 cells.
CELL_M, BANDWIDTH_M = 10.0, 46.0


def parted(classes, size):
    """Tiles by row and column, rows of tiles from the north; rows of cells from the south."""
    high, wide = classes.shape
    return {
        (row, column): classes[max(high - (row + 1) * size, 0) : high - row * size][
            :, column * size : (column + 1) * size
        ]
        for row in range(-(-high // size))
        for column in range(-(-wide // size))
    }


def kept_of_whole(classes):
    """The referee: one labelling, cell by cell."""
    patch, n = ndimage.label(classes > 0, structure=EIGHT_NEIGHBOURS)
    kept = classes.copy()
    for number in range(1, n + 1):
        mine = patch == number
        if mine.sum() * 100 < np.pi * 23**2 or classes[mine].max() < 2:
            kept[mine] = 0
    return kept


def kept_of_tiles(classes, size):
    tiles = parted(classes, size)
    found = {place: patches_of(tile) for place, tile in tiles.items()}
    small = small_patches_of_tiles(
        {place: edges for place, (_, edges) in found.items()},
        cell_m=CELL_M,
        bandwidth_m=BANDWIDTH_M,
    )
    kept = {p: np.where(small[p][found[p][0]], 0, tile) for p, tile in tiles.items()}
    rows = sorted({row for row, _ in tiles}, reverse=True)
    return np.vstack(
        [np.hstack([kept[row, c] for c in sorted(c for r, c in tiles if r == row)]) for row in rows]
    )


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    size=st.sampled_from([2, 3, 5, 8, 40]),
    share=st.sampled_from([0.25, 0.4, 0.6]),
)
def test_what_is_too_small_is_told_as_of_the_whole(seed, size, share):
    rng = np.random.default_rng(seed)
    drawn = rng.random((17, 23)) < share
    classes = np.where(drawn, rng.choice([1, 1, 1, 1, 1, 2, 8], drawn.shape), 0).astype(np.int8)

    np.testing.assert_array_equal(kept_of_tiles(classes, size), kept_of_whole(classes))


def test_a_patch_that_touches_by_a_corner_alone_is_one():
    # Two squares of 9 cells that meet at the corner of four tiles: 18 cells, more than 16.6.
    classes = np.zeros((6, 6), dtype=np.int8)
    classes[:3, :3] = classes[3:, 3:] = 3

    assert (kept_of_tiles(classes, 3) == classes).all()
    assert (kept_of_tiles(classes[::-1], 3) == classes[::-1]).all()


def test_no_tile_has_no_patch():
    assert small_patches_of_tiles({}, cell_m=CELL_M, bandwidth_m=BANDWIDTH_M) == {}
