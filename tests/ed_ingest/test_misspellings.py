import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.known_places import index_names, known_spans
from ed_ingest.misspellings import edit_distance, misspelt_spans
from ed_ingest.words import normal_text
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def found(text):
    words = normal_text(text).split()
    spans = misspelt_spans([words], [known_spans(words, INDEX)], INDEX)[0]
    return [(" ".join(words[s.start : s.end]), {INDEX.ids[r] for r in s.rows}) for s in spans]


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("hit on Castel Street", "castel st", {"s1"}),
        ("Hrbour Rd nk", "hrbour road", {"s5"}),
        ("in Goldn Lamb", "goldn lamb", {"p1"}),
        ("the alchamist st anne street", "alchamist", {"p5"}),
        ("Llanbeder Gardens", "llanbeder gardens", {"s6"}),
    ],
)
def test_a_name_with_a_wrong_letter_is_found(text, words, places):
    assert found(text) == [(words, places)]


@pytest.mark.parametrize(
    "text",
    [
        "Castel Road",  # another kind of street
        "hit with botle",  # an ordinary word misspelt
        "Zyxwv Qqqqq",
        "hit by unknown male",
        "Castle Street",  # known already
        "",
    ],
)
def test_what_is_not_near_enough_is_left_alone(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("clare", "claer", 1), ("abc", "abc", 0), ("", "abc", 3), ("kitten", "sitting", 3)],
)
def test_edits_between_spellings(one, other, edits):
    assert edit_distance(one, other) == edits


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_edits_are_the_same_both_ways_and_no_more_than_letters(one, other):
    d = edit_distance(one, other)

    assert d == edit_distance(other, one) <= max(len(one), len(other))
