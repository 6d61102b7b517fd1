"""Points in groups of enough incidents; and what can be worked back from a surface of them."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.density import incident_support, kernel_density
from hotspots.drawable import drawable_density
from hotspots.gathered import PARTS, gather, gathered_density
from hotspots.grid import make_grid
from hotspots.small_numbers import round_count
from hotspots.tables import Surface

REACHES = [200 * part for part in PARTS]
POINTS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 30)), max_size=60
)
# Four doors of one street corner, at most 150 m apart, and cells of 25 m around them.
DOORS = np.array([[300.0, 300.0], [360.0, 310.0], [330.0, 370.0], [420.0, 340.0]])
AXIS = np.arange(12.5, 750, 25)
FAR = [np.hypot(*np.meshgrid(AXIS - x, AXIS - y)) for x, y in DOORS]
KERNELS = [
    np.where(d < 200, 3e6 / (math.pi * 200**2) * (1 - (d / 200) ** 2) ** 2, 0.0) for d in FAR
]
# Six at one door, two at the next: who could be at which?
TRUTH = (0, 0, 2, 4)


def gathered(x, y, incident=None, least=5, wide=None):
    n = len(x)
    return gather(
        x,
        y,
        np.arange(n) if incident is None else incident,
        np.full(n, 25.0) if wide is None else wide,
        least=least,
        reaches_m=REACHES,
    )


def test_a_few_next_door_are_drawn_where_most_are():
    found = gathered([0.0] * 6 + [60.0] * 2, [0.0] * 8)

    assert set(found.x) == {0.0}
    # Eight become ten, so many at most as one more would make.
    assert found.weight.sum() == pytest.approx(10)
    assert set(found.around_m) == {100.0}


def test_two_places_of_enough_stay_apart():
    found = gathered([0.0] * 6 + [60.0] * 5, [0.0] * 11)

    assert found.x.tolist() == [0.0] * 6 + [60.0] * 5


def test_few_incidents_are_drawn_nowhere():
    brawl = gathered([0.0] * 9, [0.0] * 9, incident=[1] * 9)
    apart = gathered([0.0, 0, 0, 0, 500], [0.0] * 5)

    for found in (brawl, apart):
        assert np.isinf(found.around_m).all()
        assert not found.weight.any()


def test_the_median_uncertainty_of_a_group_is_that_of_all_its_rows():
    found = gathered([0.0] * 5, [0.0] * 5, wide=[25.0, 25, 25, 25, 300])

    assert set(found.uncertainty_m) == {25.0}


@given(points=POINTS, least=st.sampled_from([5, 10]))
@settings(max_examples=60, deadline=None)
def test_every_group_holds_enough_incidents_within_what_it_says(points, least):
    rows = np.array(points, dtype=float).reshape(-1, 3)
    x, y, incident = rows[:, 0] * 30, rows[:, 1] * 30, rows[:, 2].astype(int)
    found = gathered(x, y, incident, least)
    drawn = np.isfinite(found.around_m)

    for place in {*zip(found.x[drawn], found.y[drawn], strict=True)}:
        own = drawn & (found.x == place[0]) & (found.y == place[1])
        near = np.hypot(x - place[0], y - place[1]) <= found.around_m[own].min()
        assert len(np.unique(incident[near])) >= least
        assert found.weight[own].sum() % least == pytest.approx(0, abs=1e-9) or least == 5


@given(points=POINTS, seed=st.integers(0, 9))
@settings(max_examples=20, deadline=None)
def test_the_order_of_the_rows_changes_nothing(points, seed):
    rows = np.array(points, dtype=float).reshape(-1, 3)
    shuffled = np.random.default_rng(seed).permutation(len(rows))
    there, here = (
        gathered(r[:, 0] * 30, r[:, 1] * 30, r[:, 2].astype(int)) for r in (rows, rows[shuffled])
    )

    drawn = np.isfinite(there.around_m)[shuffled]
    assert (drawn == np.isfinite(here.around_m)).all()
    assert np.allclose(there.x[shuffled][drawn], here.x[drawn])


def test_where_it_is_drawn_enough_incidents_lie_within_the_bandwidth():
    rng = np.random.default_rng(1)
    points = pd.DataFrame(
        {
            "easting": rng.choice([100.0, 150, 400, 900, 940, 1500], 90) + rng.normal(0, 30, 90),
            "northing": rng.choice([100.0, 150, 400], 90) + rng.normal(0, 30, 90),
            "incident": np.arange(90),
            "uncertainty_m": 25.0,
        }
    )
    grid = make_grid((-300, -300, 1900, 800), cell_m=25)
    surface, support = gathered_density(points, grid=grid, bandwidth_m=200, least=5)
    exact = kernel_density(
        points["easting"], points["northing"], grid=grid, bandwidth_m=200, uncertainty_m=[25.0] * 90
    )
    true = incident_support(
        points["easting"], points["northing"], points["incident"], grid=grid, bandwidth_m=200
    )

    assert true[support >= 5].min() >= 5
    assert surface.n_beyond == 0
    alike = np.corrcoef([np.ravel(each.values) for each in (surface, exact)])
    assert alike[0, 1] > 0.97


def drawn_as_they_lie(counts):
    """Classes of a surface of the records themselves: what the gate must not show."""
    support = np.tensordot(counts, [d <= 200 for d in FAR], 1)
    values = np.tensordot(counts, KERNELS, 1)
    return drawable_density(
        Surface(values, AXIS, AXIS, 25.0, 200.0, "quartic"), support, threshold=5
    )


def drawn_as_gathered(counts):
    where = np.repeat(DOORS, counts, axis=0)
    found = gathered(where[:, 0], where[:, 1])
    values, support = np.zeros(FAR[0].shape), np.zeros(FAR[0].shape, dtype=int)
    for (x, y), kernel, far in zip(DOORS, KERNELS, FAR, strict=True):
        at = (found.x == x) & (found.y == y)
        values += round(found.weight[at].sum()) * kernel
        for reach in REACHES:
            own = int((at & (found.around_m == reach)).sum())
            support = np.maximum(support, own * (far <= 200 - reach))
    return drawable_density(
        Surface(values, AXIS, AXIS, 25.0, 200.0, "quartic"), support, threshold=5
    )


def worked_back(draw, most: int) -> list[tuple[tuple[int, ...], int]]:
    """Small counts at a door that only one number explains, by an attacker who knows the doors.

    Every way to put up to `most` incidents at the doors is drawn; the ways that give one picture
    are all that its reader can think of. Pictures that more than `most` could explain are left out.
    """
    pictures = defaultdict(list)
    for counts in itertools.product(range(most + 1), repeat=len(DOORS)):
        if sum(counts) <= most:
            density = draw(np.array(counts))
            if density is not None:
                pictures[density.classes.tobytes()].append(counts)
    found = []
    for ways in map(np.array, pictures.values()):
        if ways.sum(axis=1).max() < most:
            low, high = ways.min(axis=0), ways.max(axis=0)
            sure = (low == high) & (low >= 1) & (low <= 4)
            found += [(tuple(ways[0]), int(door)) for door in np.flatnonzero(sure)]
    return found


def test_a_surface_of_the_records_themselves_gives_every_small_count_away():
    assert ((0, 0, 2, 4), 2) in worked_back(drawn_as_they_lie, 7)


def test_no_small_count_can_be_worked_back_from_the_surface_of_groups():
    assert worked_back(drawn_as_gathered, 8) == []


@pytest.mark.long
def test_nor_of_more_incidents():
    assert worked_back(drawn_as_gathered, 14) == []


def told_by_two(most: int, added: range) -> float:
    """Of all ways to add so many incidents, none taken out, the share that two surfaces tell of.

    A way is told of where all that lead from the one surface to the other, with the same rounded
    totals, have one number of 1 to 4 at some door. Totals up to `most`, a multiple of 5 and two.
    """
    numbers: dict[tuple, int] = {}
    layouts = [c for c in itertools.product(range(most + 1), repeat=4) if sum(c) <= most]
    seen = np.full((most + 1,) * len(DOORS), -1)
    for counts in layouts:
        density = drawn_as_gathered(np.array(counts))
        picture = None if density is None else density.classes.tobytes()
        key = (picture, round_count(sum(counts), threshold=5))
        seen[counts] = numbers.setdefault(key, len(numbers))
    cells, n = np.array(layouts), len(numbers)
    low, high = np.full((n, n, 4), most), np.full((n, n, 4), -1)
    ways = np.zeros((n, n), dtype=int)
    for more in itertools.product(range(max(added) + 1), repeat=4):
        if sum(more) in added:
            fits = cells.sum(axis=1) + sum(more) <= most
            pair = seen[tuple(cells[fits].T)], seen[tuple((cells[fits] + more).T)]
            np.minimum.at(low, pair, np.array(more))
            np.maximum.at(high, pair, np.array(more))
            np.add.at(ways, pair, 1)
    sure = ((low == high) & (low >= 1) & (low <= 4)).any(axis=2)
    return float(ways[sure].sum() / ways.sum())


@pytest.mark.long
def test_two_surfaces_seldom_tell_what_came_between_them():
    # As docs/methods/disclosure.md says; and whoever knows that it was one learns most.
    assert told_by_two(12, range(1, 8)) < 0.01
    assert told_by_two(12, range(1, 2)) > 0.01
