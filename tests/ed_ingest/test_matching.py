from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ed_ingest.matching import assign, marginals

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=8, unique=True)


def exact_marginals(left, right, odds):
    """Enumerate every one-to-one set of pairs."""
    total, holding = 0.0, np.zeros(len(odds))
    for chosen in product([False, True], repeat=len(odds)):
        inside = np.array(chosen, dtype=bool)
        if len(set(left[inside])) == inside.sum() == len(set(right[inside])):
            weight = np.prod(odds[inside])
            total += weight
            holding[inside] += weight
    return holding / total


def has_loop(left, right):
    graph = coo_array((np.ones(len(left)), (left, right + 5)), shape=(10, 10))
    # A forest on 10 records has 10 pairs fewer one for each of its trees.
    return len(left) > 10 - connected_components(graph, directed=False)[0]


def arrays(pairs):
    return np.array([i for i, _ in pairs], dtype=int), np.array([j for _, j in pairs], dtype=int)


def test_the_probability_of_a_lone_pair_follows_from_its_odds():
    # Odds of 3 to 1 are a probability of 3/4.
    assert marginals(*arrays([(0, 0)]), np.array([3.0])) == pytest.approx([0.75])


def test_two_crimes_for_one_assault_share_the_probability():
    # Sets: none (1), the first (2), the second (1): 2/4 and 1/4.
    found = marginals(*arrays([(0, 0), (0, 1)]), np.array([2.0, 1.0]))

    assert found == pytest.approx([0.5, 0.25])


def test_a_rival_for_the_crime_lowers_the_probability():
    # Chain a-c, b-c, b-d, each with odds 1; sets: none, ac, bc, bd, ac with bd.
    found = marginals(*arrays([(0, 0), (1, 0), (1, 1)]), np.ones(3))

    assert found == pytest.approx([2 / 5, 1 / 5, 2 / 5])


@settings(max_examples=25, deadline=None)
@given(PAIRS, st.randoms(use_true_random=False))
def test_probabilities_agree_with_enumeration_and_never_exceed_one(pairs, random):
    left, right = arrays(pairs)
    odds = np.array([random.choice([0.01, 0.5, 1.0, 20.0]) for _ in pairs])

    found = marginals(left, right, odds)

    near = 0.2 if has_loop(left, right) else 1e-6
    assert np.bincount(left, found, minlength=1).max() <= 1 + 1e-6
    assert np.bincount(right, found, minlength=1).max() <= 1 + 1e-6
    if pairs:
        assert found == pytest.approx(exact_marginals(left, right, odds), abs=near)


def test_no_pairs_have_no_probabilities():
    assert marginals(*arrays([]), np.empty(0)).size == 0
    assert assign(*arrays([]), np.empty(0)).size == 0


def test_the_assignment_beats_the_greedy_choice():
    # Greedy takes 0.9 and is left with 0.0; 0.8 and 0.7 together are worth more.
    left, right = arrays([(0, 0), (0, 1), (1, 0)])

    assert list(assign(left, right, np.array([0.9, 0.8, 0.7]))) == [False, True, True]


def test_a_worthless_pair_is_never_chosen():
    assert list(assign(*arrays([(0, 0), (1, 1)]), np.array([0.0, 0.2]))) == [False, True]


@settings(max_examples=40, deadline=None)
@given(PAIRS, st.randoms(use_true_random=False))
def test_solving_by_component_equals_solving_the_whole(pairs, random):
    left, right = arrays(pairs)
    gain = np.array([random.random() for _ in pairs])
    table = np.zeros((5, 5))
    table[left, right] = gain

    chosen = assign(left, right, gain)

    assert gain[chosen].sum() == pytest.approx(
        table[linear_sum_assignment(table, maximize=True)].sum()
    )
    assert len(set(left[chosen])) == chosen.sum() == len(set(right[chosen]))
