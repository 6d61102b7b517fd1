import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.name_index import index_names
from ed_ingest.places import is_home
from ed_ingest.redaction import redact_texts
from ed_ingest.words import normal_word, tokens
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def redacted(text):
    return redact_texts([text], INDEX)[0]


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("home - 201 Zyxwv Avenue husband x2 punches", "x2 punches"),
        ("at home 14 Zyxwv Road, partner 22:40", "22:40"),
        ("mum's house, Zyxwv, bruise L arm", "bruise L arm"),
        ("at home, 7 Zyxwv Close. kicked 3 times 2/52 ago", "2/52 ago"),
        ("own front door, Zyxwv Street, ex hit her", "own front door"),
    ],
)
def test_what_was_done_at_a_home_stays(text, stays):
    left = redacted(text)

    assert stays in left
    assert "Zyxwv" not in left


@pytest.mark.parametrize(
    "text",
    [
        "Apartment 31, Zyxwv House, own flat",
        "student halls Room 4, Block C, Zyxwv Court",
        "flat 6, ZYXWV STREET - PT'S FLAT",
        "lives Zyxwv Cottage, Zyxwv Lane, hit on doorstep",
        "at ex's, 12b Zyxwv Place",
        "where pt is living, rm 9, 35 Zyxwv Road",
    ],
)
def test_of_an_address_no_word_and_no_number_stays(text):
    left = redacted(text)

    assert not re.search(r"\d|zyxwv|apartment|block|court|cottage|lane|place", left, re.IGNORECASE)


@pytest.mark.parametrize("text", ["flat 3 Castle Street", "12 Zyxwv Gardens", "at mums", "home"])
def test_a_redacted_home_still_says_a_home(text):
    words = [normal_word(m.group()) for m in tokens(redacted(text))]

    assert is_home(words, [], INDEX)


WORDS = st.sampled_from(
    [
        "punched",
        "by",
        "ex",
        "at",
        "2am",
        "x3",
        "bottle",
        "head",
        "in",
        "the",
        "kitchen",
        "and",
        "11",
    ]
)


@given(st.lists(WORDS, max_size=5), st.lists(WORDS, max_size=5), st.sampled_from([" ", ", ", "; "]))
def test_an_address_vanishes_whatever_stands_around_it(before, after, mark):
    text = f"{' '.join(before)}{mark}at home 49 Zyxwv Street{mark}{' '.join(after)}"

    left = redacted(text)

    assert "49" not in left
    assert "Zyxwv" not in left
    assert "Street" not in left
