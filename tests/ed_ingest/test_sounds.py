import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.sounds import sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("flewt", "flute"),
        ("gasy", "gassy"),
        ("jacs", "jacks"),
        ("minskies", "minskys"),
        ("filharmonic", "philharmonic"),
        ("womanbee", "womanby"),
    ],
)
def test_words_that_sound_alike_have_one_form(one, other):
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("castle", "cattle"), ("mill", "mall"), ("bar", "barn")]
)
def test_words_that_do_not_sound_alike_stay_apart(one, other):
    assert sound(one) != sound(other)


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=12))
def test_a_word_sounds_like_itself_and_no_longer_than_twice_its_letters(word):
    assert sound(word) == sound(word)
    assert len(sound(word)) <= 2 * len(word)
