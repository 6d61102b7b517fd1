"""Names of streets and buildings alone in a police location, beside words that say a home."""

from __future__ import annotations

import pandas as pd
import pytest

from ed_ingest.names_alone import building_names_taken_out, street_names_taken_out


def left_of(taken_out, text):
    return taken_out(pd.Series([text], index=[7], dtype="str")).loc[7]


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Burges Place", "Place"),
        ("BURGES PLACE", "PLACE"),
        ("St Andrew'S Place", "Place"),
        ("St. Margaret's Place", "Place"),
        ("Four Elms Road", "Road"),
        ("Five Mile Lane", "Lane"),
        ("Burges Place, Ely, Cardiff", "Place, Ely, Cardiff"),
        ("Burges Place / Four Elms Road", "Place / Road"),
    ],
)
def test_of_a_street_s_name_alone_the_word_for_the_street_is_left(written, left):
    assert left_of(street_names_taken_out, written) == left


@pytest.mark.parametrize(
    "written",
    [
        "12 Burges Place",
        "Flat 2 Burges Place",
        "Twelve Mill Lane",  # could be the house with that number
        "Four Mill Lane",
        "Twenty Mill Lane",
        "Mums Place",
        "Her Place",
        "Friends Place",
        "Richard's Place",
        "burges place",  # written as a clerk's words, not as a name
        "at Burges Place",
        "Place",
        "Noble House",
    ],
)
def test_what_may_be_a_home_stays_as_written(written):
    assert left_of(street_names_taken_out, written) == written


@pytest.mark.parametrize(
    ("written", "left"),
    [("Noble House", ""), ("NOBLE HOUSE", ""), ("Noble House, Burges Place", ", Burges Place")],
)
def test_a_building_s_name_alone_is_taken_out(written, left):
    assert left_of(building_names_taken_out, written) == left


@pytest.mark.parametrize(
    "written",
    ["House", "Mums House", "Edna's House", "Flat 3 Noble House", "noble house", "Four House"],
)
def test_a_house_that_may_be_somebody_s_stays(written):
    assert left_of(building_names_taken_out, written) == written


@pytest.mark.parametrize("taken_out", [street_names_taken_out, building_names_taken_out])
def test_missing_and_empty_names_stay(taken_out):
    names = pd.Series([None, "", ", /"], dtype="str")

    pd.testing.assert_series_equal(taken_out(names), names)
    assert taken_out(names.iloc[:0]).empty
