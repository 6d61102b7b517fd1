"""The partnership's own answers beside the survey of 2009."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.national_survey import load_survey
from hotspots.self_assessment import AGENCIES, ARRANGEMENTS, RATED, assess, effectiveness

SURVEY = load_survey()


def assessed(arrangements=None, agencies=None):
    return assess(arrangements or {}, agencies or {}, SURVEY)


def there(**answers) -> dict[str, object]:
    return {"in_place": True, **answers}


def row(table: pd.DataFrame, name: str) -> pd.Series:
    return table.set_index("name").loc[name]


def test_effectiveness_is_the_number_in_place_times_the_mean_score_of_use():
    # Four in place; (4 + 5 + 3) / 3 = 4 of those scored; 4 × 4 = 16.
    found = assessed(
        {
            "marac": there(used=4),
            "mappa": there(used=5),
            "ppo": there(),
            "safeguarding_children": there(used=3),
        }
    ).effectiveness

    assert (found.n_in_place, found.mean_used, found.value) == (4, 4.0, 16.0)


def test_youth_offending_counts_in_the_number_and_not_in_the_mean():
    # The survey asked whether it is in place and did not rate it: 2 × 4, not 2 × 2.5.
    found = assessed({"marac": there(used=4), "youth_offending": there(used=1)}).effectiveness

    assert found.value == 8.0
    assert "youth_offending" not in RATED


def test_how_well_it_works_or_how_easy_it_was_does_not_count():
    assert assessed({"marac": there(working=5, ease=5)}).effectiveness.value is None


def test_what_is_not_in_place_counts_in_neither():
    found = assessed({"marac": there(used=4), "mappa": {"in_place": False, "used": 1}})

    assert found.effectiveness.value == 4.0


def test_without_answers_there_is_no_figure():
    found = assessed().effectiveness

    assert (found.n_in_place, found.value) == (0, None)


def test_the_most_is_thirty():
    full = {name: there(used=5) for name in ARRANGEMENTS}

    assert assessed(full).effectiveness.value == 30.0


def test_the_national_figure_is_that_of_the_surveys_totals():
    # Table 1: (168 + 162 + 172 + 144 + 121 + 147) / 178 = 914 / 178 = 5.135 in place.
    # Table C15, scores × counts: 645 + 532 + 622 + 356 + 298 = 2,453 of 612 answers: 4.008.
    found = assessed().national_effectiveness

    assert found.n_in_place == pytest.approx(914 / 178)
    assert found.mean_used == pytest.approx(2453 / 612)
    assert found.value == pytest.approx(20.58, abs=0.01)


def test_the_later_question_has_fewer_missing_answers():
    # The reason that the survey gives for its choice: so its Q23 is Table C15, and Q21 Table C14.
    answers = SURVEY[SURVEY["row"] != "ED"].groupby("table")["count"].sum()

    assert (answers["C14"], answers["C15"]) == (512, 612)


def test_each_arrangement_stands_beside_the_share_and_means_of_2009():
    marac = row(assessed({"marac": there(ease=3)}).arrangements, "marac")

    assert marac["ease"] == 3
    assert marac["national_in_place"] == pytest.approx(168 / 178)
    assert marac["national_data_shared"] == pytest.approx(163 / 178)
    # Table C13: (10 + 2×22 + 3×43 + 4×31 + 5×15) / 121.
    assert marac["national_ease"] == pytest.approx(382 / 121)
    assert marac["national_used"] == pytest.approx(645 / 155)


def test_each_agency_stands_beside_its_share_and_hospitals_beside_their_scores():
    found = assessed({}, {"ambulance": there()}).agencies

    assert row(found, "ambulance")["national_in_place"] == pytest.approx(85 / 177)
    assert pd.isna(row(found, "ambulance")["national_used"])
    # Table C14: (21 + 2×21 + 3×17 + 4×11 + 5×6) / 76.
    assert row(found, "emergency_departments")["national_working"] == pytest.approx(188 / 76)


def test_all_that_the_survey_asked_about_is_shown_in_its_order():
    found = assessed()
    printed = SURVEY[SURVEY["table"] == "3"]["row"].tolist()

    assert [row for _, row, _ in AGENCIES.values()] == printed
    assert len(found.arrangements) == 6
    assert len(found.agencies) == 18
    assert found.agencies["in_place"].isna().all()


ANSWERS = st.lists(
    st.tuples(st.booleans() | st.none(), st.integers(1, 5) | st.none()), min_size=6, max_size=6
)


def table(answers) -> pd.DataFrame:
    """As `assess` hands it on: all six, answered or not."""
    rows = [(name, *answer) for name, answer in zip(ARRANGEMENTS, answers, strict=True)]
    frame = pd.DataFrame(rows, columns=["name", "in_place", "used"])
    return frame.astype({"in_place": "boolean", "used": "Int64"})


@settings(max_examples=60)
@given(ANSWERS)
def test_effectiveness_lies_between_the_number_and_five_times_it(answers):
    found = effectiveness(table(answers))

    if found.value is not None:
        assert found.n_in_place <= found.value <= 5 * found.n_in_place <= 30


@settings(max_examples=60)
@given(ANSWERS)
def test_effectiveness_is_that_of_a_plain_loop(answers):
    used = [
        score
        for name, (in_place, score) in zip(ARRANGEMENTS, answers, strict=True)
        if in_place and score and name != "youth_offending"
    ]
    n = sum(bool(in_place) for in_place, _ in answers)

    expected = n * sum(used) / len(used) if used else None
    assert effectiveness(table(answers)).value == pytest.approx(expected)
