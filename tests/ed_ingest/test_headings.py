"""What headings mean: words of one's own, glued, shortened, bilingual, as questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.headings import heading_meanings, heading_words
from tests.effort import few


def meaning(heading: str, lexicon: str = "headings") -> str:
    return str(heading_meanings([heading], lexicon=lexicon).iloc[0].idxmax())


@pytest.mark.parametrize(
    ("heading", "words"),
    [
        ("ArrivalDateTime", "arrival date time"),
        ("AEINCLOCTYPE", "ae incident location type"),
        ("ASSAULTDATE", "assault date"),
        ("LOC_INJURY_DT_TM", "local injury date time"),
        ("Loc Type", "location type"),
        ("Dyddiad yr ymosodiad", "dyddiad ymosodiad"),
    ],
)
def test_headings_are_taken_apart_and_spelt_out(heading, words):
    assert heading_words(heading) == words


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Date of assault", "assault_when"),
        ("INJURY_DT_TM", "assault_when"),
        ("When were you attacked?", "assault_when"),
        ("Der_EC_Arrival_Date_Time", "arrival_when"),
        ("Time booked in", "arrival_when"),
        ("Weapon used", "assault_method"),
        ("EC_Injury_Mechanism_SNOMED_CT", "assault_method"),
        ("Where did the assault take place?", "location_text"),
        ("Type of premises", "location_type"),
        ("Math o leoliad", "location_type"),
        ("Were the police told?", "reported_to_police"),
        ("Nifer yr ymosodwyr / Number of attackers", "assailants"),
        ("AssaultMthd", "assault_method"),
        ("PresentingComplaint", "reason"),
    ],
)
def test_headings_of_unlike_systems_are_understood(heading, expected):
    assert meaning(heading) == expected


@pytest.mark.parametrize(
    ("heading", "trap"),
    [
        ("Where did you have your last drink?", "last_drink"),
        ("Last drink venue", "last_drink"),
        ("Home postcode", "home_postcode"),
        ("LSOA of residence", "home_area"),
        ("Time of triage", "other_when"),
        ("Discharge date", "other_when"),
        ("Gender of attackers", "assailant_person"),
        ("GP practice", "gp"),
        ("Police crime reference", "police_reference"),
    ],
)
def test_what_only_looks_like_an_item_is_told_apart(heading, trap):
    assert meaning(heading) == trap


def test_a_date_under_a_group_takes_the_groups_meaning():
    assert meaning("Attendance / Date") == "arrival_when"
    assert meaning("Assault / Date") == "assault_when"


def test_police_headings_have_phrases_of_their_own():
    assert meaning("Committed From Date", "police_headings") == "committed_from"
    assert meaning("HO Code", "police_headings") == "offence_code"


@few(30)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_any_heading_is_weighed_between_0_and_1(headings):
    table = heading_meanings(headings)

    assert len(table) == len(headings)
    assert table.to_numpy().min() >= 0
    assert table.to_numpy().max() <= 1 + 1e-9
