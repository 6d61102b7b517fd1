import numpy as np
import pandas as pd
import pytest

from ed_ingest.candidates import candidate_pairs, reach_m
from ed_ingest.reach import _least, widening
from ed_ingest.weighed_pairs import weigh_pairs
from tests.ed_ingest.contract_rows import EAST, NORTH, assault_at, assaults, crime_at, crimes

START = pd.Timestamp("2026-01-01")


def apart(off_m: np.ndarray, *, seed: int = 5) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Assaults with a crime of their own so many metres to the east, in a wide country."""
    random = np.random.default_rng(seed)
    when = [START + pd.Timedelta(minutes=int(m)) for m in random.integers(0, 90 * 1440, len(off_m))]
    where = np.array([EAST, NORTH]) + random.uniform(-9000, 9000, (len(off_m), 2))
    pairs = list(zip(when, where, off_m, strict=True))
    return (
        assaults(*(assault_at(t, easting=p[0], northing=p[1]) for t, p, _ in pairs)),
        crimes(*(crime_at(t, easting=p[0] + d, northing=p[1]) for t, p, d in pairs)),
    )


def test_points_as_certain_as_declared_need_no_wider_reach():
    assert widening(*apart(np.linspace(0, 190, 150))) == 1.0


@pytest.mark.parametrize(("metres", "factor"), [(290, 1.5), (390, 2.0), (590, 3.0)])
def test_own_crimes_beyond_the_reach_are_reached(metres, factor):
    # Declared uncertainty 60 m: the reach is 200 m, and every fifth crime lies further off.
    ours, theirs = apart(np.tile([20.0, 40, 60, 80, metres], 30))

    assert widening(ours, theirs) == factor
    assert len(candidate_pairs(ours, theirs)) == pytest.approx(120, abs=3)
    assert weigh_pairs(ours, theirs).model.share > 0.95


def test_a_crowded_date_is_no_reason_to_reach_further():
    # Twice as many at every distance, the outermost ring too.
    seen, chance = np.array([900.0, 200, 200, 200, 200]), np.full(5, 100.0)

    assert _least(seen, chance) == 1.0
    seen[1] += 150
    assert _least(seen, chance) == 1.5


def test_nothing_to_compare_needs_no_wider_reach():
    ours, theirs = assaults({}), crimes({})

    assert widening(ours.iloc[:0], theirs) == 1.0
    assert widening(ours, theirs.iloc[:0]) == 1.0
    assert widening(ours, theirs) == 1.0


def test_no_reach_is_wider_than_a_kilometre():
    ours = assaults({"location_uncertainty_m": 300.0}, {"location_uncertainty_m": 60.0})

    assert reach_m(ours, wider=3.0).tolist() == [1000.0, 600.0]
