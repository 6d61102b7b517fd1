import math

import numpy as np
import pytest

from ed_ingest.local_rate import local_rate
from tests.ed_ingest.contract_rows import EAST, assault_at, assaults, crime_at, crimes, later

WEEK = 7 * 1440


def test_crimes_are_counted_in_both_circles():
    theirs = crimes(*({"easting": EAST + off} for off in (0, 100, 300, 900)))

    around = local_rate(assaults({}), theirs)

    assert (around.near.item(), around.wide.item()) == (2, 3)


def test_the_rate_is_that_of_the_circles_without_the_pairs_own_crime():
    theirs = crimes(*[crime_at(later(0), committed_to=later(90), easting=EAST + 100)] * 5)
    around = local_rate(assaults({}), theirs)

    # 4 others, steadied by 2 of the wide circle, over the near circle and that of 2 more, over the
    # least cover of four weeks. Long crimes have no hour of the week.
    wide = 4.5 / (math.pi * 500**2)
    wanted = (4 + 2) / (math.pi * 150**2 + 2 / wide) / (4 * WEEK)
    assert around.at(np.array([0]), np.ones(1), np.ones(1)).item() == pytest.approx(wanted)


def test_a_busy_hour_of_the_week_earns_a_higher_rate_than_a_quiet_one():
    busy = [crime_at(later(WEEK * week)) for week in range(60)]
    ours = assaults({}, assault_at(later(12 * 60)))

    rate = local_rate(ours, crimes(*busy))

    assert rate.busy[0] > 3 * rate.busy[1]


def test_the_hours_of_one_place_are_not_those_of_another():
    here = [crime_at(later(WEEK * week)) for week in range(400)]
    there = [crime_at(later(WEEK * w + 720), easting=EAST + 9000) for w in range(400)]
    ours = assaults({}, {"easting": EAST + 9000})

    rate = local_rate(ours, crimes(*here, *there))

    assert rate.busy[0] > 2 * rate.busy[1]


def test_without_crimes_there_is_still_a_rate():
    around = local_rate(assaults({}), crimes({}).iloc[:0])

    assert around.at(np.array([0]), np.zeros(1), np.zeros(1)).item() > 0
