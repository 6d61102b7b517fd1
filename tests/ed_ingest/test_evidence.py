import math

import pandas as pd
import pytest

from ed_ingest.candidates import candidate_pairs
from ed_ingest.evidence import Features, features
from tests.ed_ingest.contract_rows import EAST, assault_at, assaults, crime_at, crimes, later


def compared(ours: pd.DataFrame, theirs: pd.DataFrame) -> Features:
    return features(ours, theirs, candidate_pairs(ours, theirs))


def test_the_chance_of_a_crime_is_that_of_the_crimes_around_the_assault():
    # Five long crimes within 150 m, the pair's own left out: 4, steadied by 2 of the wide circle,
    # over the near circle and that of 2 more, over the least cover of four weeks.
    theirs = crimes(*[crime_at(later(0), committed_to=later(90), easting=EAST + 100)] * 5)
    wide = 4.5 / (math.pi * 500**2)
    wanted = (4 + 2) / (math.pi * 150**2 + 2 / wide) / (4 * 7 * 1440)

    assert compared(assaults({}), theirs).chance == pytest.approx([wanted] * 5)


def test_chance_is_greater_at_a_busy_hour_of_the_week():
    busy = [crime_at(later(7 * 1440 * week)) for week in range(6)]
    quiet = [crime_at(later(7 * 1440 * 8 + 12 * 60))]
    ours = assaults({}, assault_at(later(7 * 1440 * 8 + 12 * 60)))

    chance = compared(ours, crimes(*busy, *quiet)).chance

    # Seven against two: each hour counts one more than was seen. Around both lie the same crimes.
    assert chance[0] / chance[1] == pytest.approx(7 / 2)


def test_rounded_times_are_told_apart():
    hour = pd.Timestamp("2026-03-14 22:00")
    times = [assault_at(hour + pd.Timedelta(minutes=m)) for m in (0, 30, 10)]
    words = {"assault_from": hour, "assault_to": later(0), "time_precision": "part_of_day"}

    found = compared(assaults(*times, words), crimes(crime_at(hour)))

    assert found.kind.tolist() == [0, 1, 2, 3]


def test_codes_of_both_sides_are_paired():
    ours = assaults({"assault_method": "sharp_object"}, {"assault_method": "glass"})
    found = compared(ours, crimes({"knife": "yes"}))

    weapon = found.codes[1]
    # Sharp object with a knife is the first of nine combinations; another method with one the 7th.
    assert weapon.tolist() == [0, 6]
    assert all(chance.sum() == pytest.approx(1) for chance in found.code_chance)


def test_no_pairs_have_no_evidence():
    assert compared(assaults({}), crimes(crime_at(later(9999)))).chance.size == 0
