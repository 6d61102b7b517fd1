import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.stats import norm

from ed_ingest.evidence import overlap
from ed_ingest.weighed_pairs import weigh_pairs
from tests.ed_ingest.contract_rows import assaults, crimes
from tests.ed_ingest.test_linkage import town


def one(value: float) -> np.ndarray:
    return np.array([value], dtype=float)


@pytest.mark.parametrize(
    ("assault", "crime", "spread"),
    [((0, 1), (10, 11), 20), ((0, 360), (300, 400), 15), ((0, 1439), (1500, 1501), 25)],
)
def test_the_density_of_time_agrees_with_numerical_integration(assault, crime, spread):
    density, _ = dblquad(lambda t, s: norm.pdf(t - s, scale=spread), *assault, *crime, epsabs=1e-9)
    wanted = density / (assault[1] - assault[0]) / (crime[1] - crime[0])

    found = overlap(*map(one, (*assault, *crime)), spread)

    assert found == pytest.approx(one(wanted), rel=1e-5)


def test_equal_intervals_without_error_have_the_density_of_their_length():
    # Anywhere in the same hour: one in sixty minutes.
    assert overlap(*map(one, (0, 60, 0, 60)), 0.001) == pytest.approx(one(1 / 60), rel=1e-3)


def test_the_density_of_time_is_the_same_from_either_side():
    assert overlap(*map(one, (0, 30, 50, 90)), 20) == pytest.approx(
        overlap(*map(one, (50, 90, 0, 30)), 20)
    )


def test_the_share_with_a_crime_of_their_own_is_learnt():
    weighed = weigh_pairs(*by_id(*town(known=120, unknown=180, others=600)))

    # 120 of 300.
    assert weighed.model.share == pytest.approx(0.4, abs=0.03)
    assert weighed.pairs["own"].sum() == pytest.approx(120, abs=8)


def test_nearer_is_never_less_likely():
    model = weigh_pairs(*by_id(*town(known=120, unknown=180, others=600))).model

    assert (np.diff(model.rings.reshape(3, -1), axis=1) <= 1e-15).all()


def test_moved_assaults_are_next_to_never_known():
    weighed = weigh_pairs(*by_id(*town(known=120, unknown=180, others=2000)))

    assert weighed.chance_pairs["own"].sum() / weighed.looks.sum() < 0.03


def test_without_candidates_nobody_has_a_crime():
    far = crimes({"easting": 900_000.0})

    weighed = weigh_pairs(assaults({}), far)

    assert weighed.model.share == pytest.approx(1e-4)
    assert weighed.pairs.empty


def by_id(ours, theirs):
    return (
        ours.sort_values("event_id", ignore_index=True),
        theirs.sort_values("crime_id", ignore_index=True),
    )
