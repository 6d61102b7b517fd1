import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.spelling import corrections, edit_distance, is_ordinary_misspelt, spellings_of


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


@pytest.mark.parametrize("wrong", ["castel", "cstle", "casttle", "cestle"])
def test_a_word_with_one_letter_wrong_is_put_right(wrong):
    assert corrections(wrong, spellings_of(["castle", "lane", "harbour"])) == ["castle"]


@pytest.mark.parametrize("word", ["castle", "cstl", "xyz", ""])
def test_what_is_right_or_too_far_off_has_no_correction(word):
    assert corrections(word, spellings_of(["castle"])) == []


def test_a_word_longer_than_any_name_has_no_correction_and_takes_no_room():
    name = "castle" * 20_000

    assert corrections(name[:99], spellings_of([name[:100]])) == [name[:100]]
    tracemalloc.start()
    assert corrections(name[1:], spellings_of([name])) == []
    # With each letter left out it would be 120,000 spellings of 120,000 letters.
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_an_ordinary_word_misspelt_is_known_as_one():
    assert is_ordinary_misspelt("botle")
    assert not is_ordinary_misspelt("zyxwv")
