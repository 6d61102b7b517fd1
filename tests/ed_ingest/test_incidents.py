import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ed_ingest.incidents import flag_transfers, group_incidents
from tests.ed_ingest.contract_rows import EAST, assault_at, assaults, later


def together(*changes: dict) -> list[str]:
    return group_incidents(assaults(*changes)).tolist()


def companion(minutes: float, **changes) -> dict:
    """The same assault, arriving so many minutes later at the same department."""
    return {"arrived_at": later(50 + minutes), **changes}


def told(minutes: float) -> dict:
    """Another memory of the time of the assault."""
    return {"assault_from": later(minutes), "assault_to": later(minutes)}


def other_hospital(minutes: float, **changes) -> dict:
    """The same assault, arriving so many minutes later at another department."""
    return {"provider": "st-teilo", "arrived_at": later(50 + minutes), **changes}


def test_patients_at_the_same_place_and_time_are_one_incident_named_by_the_smallest_id():
    assert together({}, {"arrived_at": later(55)}) == ["i-a0", "i-a0"]


@pytest.mark.parametrize(
    "change",
    [
        # The joint uncertainty of two times 60 m is 85 m; the same name reaches 250 m.
        {"easting": EAST + 86, "place_name": "Quay Street"},
        {"easting": EAST + 86, "place_name": None},
        {"easting": EAST + 251},
        companion(16, **told(0), easting=EAST + 86),
        companion(15, **told(61)),
        companion(16, **told(16)),
        companion(121),
        other_hospital(60, **told(16)),
        other_hospital(60, easting=EAST + 31),
        other_hospital(60, time_precision="part_of_day"),
        other_hospital(12 * 60 + 1),
        {"time_precision": "arrival"},
        {"location_level": "locality"},
        {"location_type": "own_home"},
        {"source": "ambulance", "provider": "ambulance"},
    ],
)
def test_one_difference_too_many_makes_two_incidents(change):
    assert together({}, change) == ["i-a0", "i-a1"]


@pytest.mark.parametrize(
    "change",
    [
        companion(15, **told(60)),
        companion(120, **told(15)),
        companion(5, easting=EAST + 84),
        companion(5, time_precision="part_of_day"),
        other_hospital(12 * 60, easting=EAST + 30, **told(15)),
    ],
)
def test_differences_within_the_uncertainties_keep_one_incident(change):
    assert together({}, change) == ["i-a0", "i-a0"]


def test_without_an_arrival_both_times_must_be_exact():
    assert together({"arrived_at": pd.NaT}, {}) == ["i-a0", "i-a0"]
    assert together({"arrived_at": pd.NaT}, {"time_precision": "date"}) == ["i-a0", "i-a1"]


def test_a_busy_street_is_not_chained_into_one_incident():
    # Each is 10 minutes from the next: the first and the third do not belong together.
    chain = [assault_at(later(10 * i)) for i in range(4)]

    assert together(*chain) == ["i-a0", "i-a0", "i-a2", "i-a2"]


def test_every_row_has_an_incident_also_without_place_or_time():
    nothing = {"easting": None, "northing": None, "location_level": "none"}

    assert together(nothing, nothing) == ["i-a0", "i-a1"]
    assert group_incidents(assaults({}).iloc[:0]).empty


def test_many_equal_rows_are_one_incident():
    assert set(together(*[{}] * 50)) == {"i-a0"}


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 240)), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_row_order_does_not_change_the_incidents(places, random):
    table = assaults(*(assault_at(later(t), easting=EAST + x) for x, t in places))
    shuffled = table.sample(frac=1, random_state=random.randint(0, 99))

    pd.testing.assert_series_equal(group_incidents(table), group_incidents(shuffled).sort_index())


def flagged(*changes: dict) -> list[str]:
    table = assaults(*changes)
    return flag_transfers(table.assign(incident_id=group_incidents(table))).tolist()


def test_the_later_of_two_attendances_at_two_hospitals_is_a_transfer():
    assert flagged({}, other_hospital(95)) == ["no", "yes"]
    assert flagged(other_hospital(95), {}) == ["yes", "no"]


@pytest.mark.parametrize(
    "second",
    [
        {"arrived_at": later(60)},  # the same department: a companion
        other_hospital(95, assault_method="glass"),
        other_hospital(95, sex="female"),
        other_hospital(95, age_band="65+"),
        other_hospital(95, assault_method="unknown"),
        other_hospital(12 * 60 + 1),
        other_hospital(13 * 60),
        other_hospital(29),  # nobody is seen and moved in half an hour
        other_hospital(95, easting=EAST + 300),
    ],
)
def test_one_difference_makes_it_another_patient(second):
    assert flagged({}, second) == ["no", "no"]


def test_two_methods_that_are_not_known_are_not_the_same():
    unknown = {"assault_method": "unknown"}

    assert flagged(unknown, other_hospital(95, **unknown)) == ["no", "no"]


@pytest.mark.parametrize("minutes", [30, 12 * 60])
def test_a_transfer_takes_from_half_an_hour_to_twelve_hours(minutes):
    assert flagged({}, other_hospital(minutes)) == ["no", "yes"]


def test_an_ambulance_record_or_one_without_arrival_is_no_transfer():
    assert flagged({}, other_hospital(95, source="ambulance")) == ["no", "no"]
    assert flagged({}, other_hospital(95, arrived_at=pd.NaT)) == ["no", "no"]


def test_a_patient_moved_twice_is_counted_once():
    third = other_hospital(300, provider="st-david")

    assert flagged({}, other_hospital(95), third) == ["no", "yes", "yes"]


def test_a_third_attendance_at_the_first_department_is_another_victim():
    assert flagged({}, other_hospital(95), {"arrived_at": later(250)}) == ["no", "yes", "no"]


def test_an_unknown_sex_or_age_is_not_at_odds():
    assert flagged({}, other_hospital(95, sex="unknown", age_band="unknown")) == ["no", "yes"]


def test_one_attendance_explains_only_one_transfer():
    assert flagged({}, other_hospital(90), other_hospital(95)) == ["no", "yes", "no"]


def test_no_rows_have_no_transfers():
    table = assaults({}).iloc[:0]

    assert flag_transfers(table.assign(incident_id=group_incidents(table))).empty
