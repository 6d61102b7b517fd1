import re

from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.name_index import index_names
from ed_ingest.redaction import only_known_words, redact_texts
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def redacted(text):
    return redact_texts([text], INDEX)[0]


def test_one_mark_stands_for_a_whole_name():
    assert redacted("hit by Tomasz Kowalczyk, Golden Lamb") == "hit by […] , Golden Lamb"


def test_of_a_home_nothing_of_its_address_is_left():
    left = redacted("at home, 49 Castle Street, partner; child Bethan")

    assert "Castle" not in left
    assert "49" not in left
    assert "home" in left


def test_only_safe_words_and_those_of_the_place_are_left():
    kept = only_known_words("o/s Golden Lamb, Zyxwv hit Bexterling", frozenset({"golden", "lamb"}))

    assert kept == "o/s Golden Lamb, […] hit […]"


def test_nothing_is_left_of_words_that_are_all_unknown():
    assert only_known_words("Zyxwv Bexterling", frozenset()) == ""


@given(st.text(max_size=60))
def test_redacting_again_brings_no_word_back(text):
    once = redacted(text)
    again = redacted(once)

    assert set(re.findall(r"\w+", again)) <= set(re.findall(r"\w+", once))
