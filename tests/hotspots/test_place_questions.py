import pandas as pd
import pytest

from hotspots.place_questions import meaning
from tests.ed_ingest.gazetteer_builder import town

# A list of the partnership's own may number its places: here the ids are 2 and 1.
NUMBERED = town(
    [
        ("2", "Zanadu", "", "premises", 318000, 176000, "", None),
        ("1", "Burger Barn", "", "premises", 318100, 176000, "", None),
        ("3", "Burger Barn", "", "premises", 318900, 176000, "", None),
    ]
)
CHOICES = pd.DataFrame({"place_id": ["2", "1"]})


@pytest.mark.parametrize(
    ("answer", "meant"),
    [("1", "2"), ("2", "1"), ("3", "3"), ("N", "not_a_place"), ("zanadu", "2"), ("7", "")],
)
def test_an_answer_is_a_number_shown_before_an_id_before_a_name(answer, meant):
    assert meaning(answer, CHOICES, NUMBERED)[0] == meant


def test_a_name_that_two_places_share_is_asked_again_with_both():
    meant, choices = meaning("Burger Barn", CHOICES, NUMBERED)

    assert meant == ""
    assert set(choices["place_id"]) == {"1", "3"}
