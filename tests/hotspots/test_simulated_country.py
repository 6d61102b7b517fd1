"""A made-up country: areas that fit together, and of which none depends on those after it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from hotspots.simulated.country import (
    AREAS_A_ROW,
    ASSAULTS_AN_AREA,
    outline,
    outlines,
    plan_areas,
)

SEED = 4


def test_areas_do_not_overlap_and_leave_no_gap():
    # More than a row, so that the next one, walked backwards, lies on it.
    shapes = outlines(plan_areas(AREAS_A_ROW + 4, assaults=None, seed=SEED), SEED).geometry
    whole = shapes.union_all()

    assert shapes.is_valid.all()
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.area == pytest.approx(shapes.area.sum(), rel=1e-12)


@pytest.mark.parametrize("number", [1, AREAS_A_ROW - 1, AREAS_A_ROW, AREAS_A_ROW + 1, 70])
def test_each_area_borders_on_the_one_before(number):
    common = outline(SEED, number).intersection(outline(SEED, number - 1))

    assert common.length > 15_000
    assert common.area == 0


def test_area_17_is_the_same_whatever_comes_after_it():
    plans = [plan_areas(n, assaults=None, seed=SEED)[17] for n in (20, 340)]

    assert plans[0] == plans[1]
    assert plan_areas(20, assaults=None, seed=SEED + 1)[17] != plans[0]


@pytest.mark.parametrize(("n", "assaults"), [(3, 300), (7, 5_001), (340, 300_000), (1, 50)])
def test_the_assaults_of_all_areas_add_up(n, assaults):
    planned = plan_areas(n, assaults=assaults, seed=SEED)

    assert sum(a.assaults for a in planned) == assaults
    assert min(a.assaults for a in planned) > 0


def test_england_and_wales_have_a_few_cities_and_many_small_districts():
    planned = plan_areas(340, assaults=None, seed=SEED)
    n = np.array([a.assaults for a in planned])

    assert n.sum() == round(340 * ASSAULTS_AN_AREA) == 300_000
    # One in twenty is a city of five times the mean, twelve have less than half of it.
    assert 10 <= (n > 2_500).sum() <= 24
    assert (n < 700).sum() > 170
    assert len({a.force for a in planned}) == 43
    assert len({a.name for a in planned}) == len({a.code for a in planned}) == 340


def test_towns_lie_astride_borders_and_just_within_them():
    planned = plan_areas(12, assaults=None, seed=SEED)
    away = [
        shapely.Point(a.centre).distance(outline(SEED, a.number - 1)) for a in planned if a.number
    ]

    assert all(away[k - 1] < 2 for k in (1, 5, 9))
    assert all(500 < away[k - 1] < 3_000 for k in (3, 7, 11))
    assert all(away[k - 1] > 4_000 for k in (2, 4, 6, 8, 10))
