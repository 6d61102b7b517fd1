"""XmR charts, held against examples that others published with their limits and marks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotspots.xmr import process_limits, xmr_chart

# Wheeler, Making Sense of Data (SPC Press, 2003), p. 382: data for verifying software.
WHEELER = [5045, 4350, 4350, 3975, 4290, 4430, 4485, 4285, 3980, 3925, 3645, 3760, 3300, 3685, 3463,
           5200]  # fmt: skip
# The same, p. 130, figure 9.9: peak flow rates; table 8.1: per cent of seniors who smoke daily;
# table 9.1: accidents by month in two years.
PEAK_FLOW = [120, 140, 100, 150, 260, 150, 100, 120, 300, 300, 275, 300, 140, 170, 150, 150, 190,
             180]  # fmt: skip
SMOKERS = [21.3, 20.2, 20.9, 21.0, 18.8, 19.6, 18.7, 18.6, 18.1, 18.9, 19.2, 18.2, 17.3, 19.0]
ACCIDENTS_A = [43, 40, 37, 33, 30, 33, 34, 35, 29, 33, 31, 39]
ACCIDENTS_B = [35, 37, 33, 32, 27, 29, 31, 22, 25, 30, 24, 19]
# NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: flow rate of ten batches.
FLOW_RATE = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
# NHSRplotthedots (NHS-R Community), vignette "Deviations from Excel defaults".
SCREENED = [1, 2, 1, 2, 10, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]


def marks(values, rule=None, **options) -> list[int]:
    points = xmr_chart(values, **{"baseline": None, "screened": False, **options})
    return [i for i, p in enumerate(points) if (rule in p.rules if rule else p.rules)]


def test_wheelers_data_for_verifying_software():
    found = process_limits(WHEELER, screened=False)

    assert [round(n, 2) for n in found] == [4135.50, 3188.72, 5082.28, 355.93]
    assert marks(WHEELER, "beyond") == [15]


def test_the_individuals_chart_of_the_nist_handbook():
    # The handbook takes 3 / 1.128, which is 2.6596; 2.66 differs in the fourth figure.
    mean, lower, upper, mean_range = process_limits(FLOW_RATE)

    assert (mean, mean_range) == (pytest.approx(50.81), pytest.approx(1.8778, abs=5e-5))
    assert (lower, upper) == (pytest.approx(45.8159, abs=1e-3), pytest.approx(55.8041, abs=1e-3))
    assert marks(FLOW_RATE) == []


def test_wheelers_peak_flow_rates():
    # The book rounds the mean range first: 183.1 ± 2.66 · 52.4 = 43.7 and 322.5.
    mean, lower, upper, mean_range = process_limits(PEAK_FLOW, screened=False)

    assert (round(mean, 1), round(mean_range, 1)) == (183.1, 52.4)
    assert (lower, upper) == (pytest.approx(43.7, abs=0.2), pytest.approx(322.5, abs=0.2))
    assert marks(PEAK_FLOW, "beyond") == []


def test_wheelers_smokers_show_a_run_below_the_mean():
    # The book's run is of eight; the NHS needs seven of them.
    assert marks(SMOKERS, "run") == list(range(6, 14))


def test_wheelers_accidents_each_year_beside_the_limits_of_the_other():
    first, second = process_limits(ACCIDENTS_A, screened=False), process_limits(ACCIDENTS_B)

    assert (round(first.lower, 1), round(first.upper, 1)) == (25.6, 43.9)
    assert (round(second.lower, 1), round(second.upper, 1)) == (18.0, 39.3)
    # Limits fixed on the first year mark four months of the second; taken anew, none.
    assert marks(ACCIDENTS_A + ACCIDENTS_B, "beyond", baseline=12) == [19, 20, 22, 23]
    assert marks(ACCIDENTS_A + ACCIDENTS_B, "beyond", baseline=12, starts=[12]) == []


def test_screening_as_in_nhsrplotthedots():
    # Published: screened 4.6, 1.94, −0.72, and only the fifth point is a special cause.
    found = process_limits(SCREENED)

    assert [round(n, 2) for n in found[:3]] == [1.94, -0.72, 4.6]
    assert marks(SCREENED, screened=True) == [4]
    # Moving ranges 1, 1, 1, 8, 9 and twelve of 1: mean 32 / 17; 1.944 + 2.66 · 1.882 = 6.95.
    assert process_limits(SCREENED, screened=False).upper == pytest.approx(6.95, abs=0.01)


@pytest.mark.parametrize(
    ("values", "mean", "lower", "upper"),
    [
        # NHS Python Community, nhspy-plotthedots, tests of `limits_calculations`.
        ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 5.5, 2.84, 8.16),
        ([1, 2, 3, 4, 5, 4, 3, 2, 1, 2], 2.7, 0.04, 5.36),
        ([3, 1, 4, 1, 5, 9, 2], 3.571429, -6.625238, 13.768095),
        ([-1, -2, -3, -2, -1, -2, -3, -4, -5, -6, -7, -4, -3, -2, -1, -2], -3, -6.014667, 0.014667),
    ],
)
def test_limits_of_the_nhs_python_community(values, mean, lower, upper):
    found = process_limits(values, screened=False)

    assert found[:3] == pytest.approx((mean, lower, upper), abs=1e-6)


@pytest.mark.parametrize(
    ("values", "marked"),
    [
        # NHSRplotthedots, tests of `ptd_seven_point_trend`: seven rising points, not six.
        (list(range(1, 7)), []),
        ([1, 2, 3, 3, 4, 5, 6], []),
        (list(range(1, 8)), list(range(7))),
        ([2, *range(1, 8), 3], list(range(1, 8))),
        ([2, *range(7, 0, -1), 3], list(range(1, 8))),
    ],
)
def test_trends_of_seven_points(values, marked):
    assert marks(values, "trend") == marked


def test_seven_on_one_side_and_not_six():
    # Mean 0: six high and six low in a row mark nothing, seven of each do.
    assert marks([1] * 6 + [-1] * 6, "run") == []
    assert marks([1] * 7 + [-1] * 7, "run") == list(range(14))


def test_two_of_three_near_a_limit_count_on_one_side_only():
    # NHSRplotthedots, test of `ptd_spc`: 5.5 and −5.5 lie near opposite limits.
    usual = [1.0, -1.0] * 7
    assert marks([*usual, 5.5, -5.5], "near", screened=True) == []
    # Mean 0, limits ± 3 (of ± 0.5 steps with a mean range of 1.128): 2.5 lies in the outer third.
    points = xmr_chart([*[0.5, -0.5] * 6, 2.2, 0.1, 2.2], baseline=12)
    assert [i for i, p in enumerate(points) if "near" in p.rules] == [12, 14]


def test_a_rising_trend_and_a_high_point_tell_of_improvement_a_low_one_of_concern():
    sides = {i: p.side for i, p in enumerate(xmr_chart([5, 6] * 6 + [9, 1], baseline=12))}

    assert (sides[0], sides[12], sides[13]) == (0, 1, -1)


def test_no_range_and_no_run_spans_a_missing_month():
    assert process_limits([1, 2, None, 9, 10]).mean_range == 1
    assert marks([1, 1, 1, None, 1, 1, 1, 1, -3, -3, -3, -2], "run") == []


def test_too_few_values_have_no_limits():
    points = xmr_chart([0.5, 0.6, None, 0.4, 0.5, 0.6])

    assert all(p.limits is None and not p.rules for p in points)
    assert points[2].value is None


def test_limits_of_few_values_are_on_trial():
    assert xmr_chart([0.5, 0.6] * 5)[0].trial
    assert not xmr_chart([0.5, 0.6] * 6)[0].trial


@pytest.mark.parametrize("values", [[], [None], [None] * 8, [0.5] * 8])
def test_nothing_and_equal_values_are_no_special_cause(values):
    assert all(not p.rules for p in xmr_chart(values))


shares = st.lists(st.floats(0, 1) | st.none(), max_size=30)


@given(shares, st.sampled_from([-3.0, 0.25, 7.0]))
def test_adding_a_constant_moves_the_limits_and_no_limit_is_crossed_the_wrong_way(values, constant):
    moved = [None if v is None else v + constant for v in values]
    before, after = xmr_chart(values), xmr_chart(moved)

    for one, two in zip(before, after, strict=True):
        if one.limits and two.limits:
            assert two.limits.mean == pytest.approx(one.limits.mean + constant, abs=1e-9)
            assert one.limits.lower <= one.limits.mean <= one.limits.upper


@given(shares)
def test_turned_upside_down_each_mark_is_on_the_other_side(values):
    turned = [None if v is None else -v for v in values]

    sides = [p.side for p in xmr_chart(values)]
    assert [-p.side for p in xmr_chart(turned)] == sides


@given(st.lists(st.floats(0, 1), min_size=6, max_size=30))
def test_runs_agree_with_a_plain_count(values):
    points = xmr_chart(values, baseline=None, screened=False)
    side = np.sign(np.array(values) - points[0].limits.mean)
    for i, point in enumerate(points):
        first, last = i, i
        while first > 0 and side[first - 1] == side[i]:
            first -= 1
        while last < len(side) - 1 and side[last + 1] == side[i]:
            last += 1
        assert ("run" in point.rules) == (side[i] != 0 and last - first >= 6)
