"""What may be held: nothing that one record alone says, no name, no number, nothing of homes."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.held_words import hold_words, words_to_place
from ed_ingest.identifiers import MARK
from ed_ingest.people import is_name, is_safe_word
from ed_ingest.place_phrases import strange_words
from ed_ingest.words import normal_word, tokens
from tests.ed_ingest.gazetteer_builder import town
from tests.effort import few

FRIDAY = pd.Timestamp("2025-03-07")


def texts(*words, place_words="", level="none", nights=None) -> pd.DataFrame:
    """One attendance a text, each of a night of its own unless told."""
    n = len(words)
    return pd.DataFrame(
        {
            "event_id": [f"e{i}" for i in range(n)],
            "words": list(words),
            "place_words": place_words,
            "town_words": "",
            "location_level": level,
            "night_of": nights or [FRIDAY + pd.Timedelta(days=i) for i in range(n)],
        }
    )


def held(*args, min_records=3, answered=(), **kwargs) -> list[str]:
    return list(
        hold_words(texts(*args, **kwargs), min_records=min_records, answered=answered)["words"]
    )


def test_a_word_that_enough_attendances_share_is_held_and_others_are_marked():
    # zanadoo in three texts, floppys in two.
    kept = held("o/s Zanadoo", "o/s Zanadoo, Floppys", "in Zanadoo", "o/s Floppys")
    assert kept == ["o/s Zanadoo", f"o/s Zanadoo, {MARK}", "in Zanadoo"]


def test_a_word_twice_in_one_text_is_one_attendance():
    assert held("Zanadoo Zanadoo Zanadoo", "Zanadoo") == []


@pytest.mark.parametrize(
    ("nights", "n"),
    [
        ([FRIDAY] * 3, 0),
        ([FRIDAY, FRIDAY, FRIDAY + pd.Timedelta(days=1)], 3),
        ([pd.NaT] * 3, 0),
        ([pd.NaT, pd.NaT, FRIDAY], 3),
    ],
)
def test_it_takes_two_nights_and_unknown_ones_count_as_one(nights, n):
    assert len(held(*["o/s Zanadoo"] * 3, nights=nights)) == n


@pytest.mark.parametrize(
    "word", ["Darren", "Darren's", "Patel", "Kelly's", "Zx81q", "Qv", "Rhys's"]
)
def test_names_numbers_and_initials_are_never_held(word):
    assert held(*[f"o/s {word} bus station"] * 5) == [f"o/s {MARK} bus station"] * 5


def test_names_of_known_places_stay_though_they_are_names():
    kept = held("Jack Murphys", place_words="jack murphys")
    assert kept == ["Jack Murphys"]


def test_texts_with_nothing_to_ask_about_or_an_answer_are_not_held():
    assert held("outside", "in town", "fight") == []
    assert held(*["o/s Zanadoo"] * 3, answered=["zanadoo"]) == []


def test_the_phrase_to_ask_is_made_of_what_is_held():
    rows = hold_words(texts(*["o/s Floppys Zanadoo club"] * 3), min_records=3)
    assert rows["phrase"].tolist() == ["floppys zanadoo"] * 3
    assert list(rows) == ["event_id", "place_words", "town_words", "words", "phrase"]


def test_no_texts_give_no_rows():
    assert hold_words(texts(), min_records=3).empty


WORDS = st.sampled_from(
    [
        *("Zanadoo", "Floppys", "Darren", "Kelly's", "Patel", "outside", "the", "bar", "station"),
        *("M4", "Zx81q", "Quillfeather", "Qv", "2330", "[…]"),
    ]
)


@few(15, deadline=None)
@given(
    st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=12), st.integers(2, 4), st.data()
)
def test_whatever_is_held_is_safe_or_shared(words, fewest, data):
    nights = [FRIDAY + pd.Timedelta(days=data.draw(st.integers(0, 2))) for _ in words]
    table = texts(*words, nights=nights)
    kept = hold_words(table, min_records=fewest)
    said = {
        word: {i for i, text in enumerate(words) if word in strange_words(text, [])}
        for text in words
        for word in strange_words(text, [])
    }
    for text in kept["words"]:
        for word in (normal_word(m.group()) for m in tokens(text)):
            if not is_safe_word(word):
                assert not is_name(word)
                assert word.isalpha()
                assert len(said[word]) >= fewest
                assert len({nights[i] for i in said[word]}) >= 2
    # Holding again what is held changes nothing but what is no longer shared.
    again = hold_words(table.assign(words=kept["words"]).dropna(subset="words"), min_records=fewest)
    assert set(again["event_id"]) <= set(kept["event_id"])


# --- which records -------------------------------------------------------------------------------


def located(**changes) -> pd.DataFrame:
    row = {
        "location_text": "o/s Zanadoo",
        "place_words": "",
        "location_level": "none",
        "location_type": "licensed_premises",
        "domestic_abuse": "no",
        "relationship": "stranger",
        "night_of": FRIDAY,
        **changes,
    }
    return pd.DataFrame([row], index=pd.Index([2], name="row"))


@pytest.mark.parametrize(
    ("changes", "n"),
    [
        ({}, 1),
        ({"location_level": "locality", "place_words": "northside"}, 1),
        ({"location_level": "area"}, 1),
        ({"location_level": "street"}, 0),
        ({"location_level": "coordinates"}, 0),
        ({"location_level": "withheld"}, 0),
        ({"location_type": "own_home"}, 0),
        ({"location_type": "other_home"}, 0),
        ({"location_text": None}, 0),
        # May be a home: nothing says where, and it was domestic.
        ({"location_type": "unknown"}, 1),
        ({"location_type": "unknown", "domestic_abuse": "yes"}, 0),
        ({"location_type": "unknown", "relationship": "partner_or_ex"}, 0),
        ({"location_type": "unknown", "relationship": "family"}, 0),
        ({"location_type": "unknown", "type_unread": True}, 0),
        ({"location_type": "street", "domestic_abuse": "yes"}, 1),
        ({"location_text": "Zanadoo, Bristol"}, 0),
    ],
)
def test_only_words_of_records_without_a_place_that_are_no_home_are_taken(changes, n):
    assert len(words_to_place(located(**changes), gazetteer=town())) == n


def test_own_towns_are_told_from_strange_words():
    found = words_to_place(located(location_text="Zanadoo, Marford"), gazetteer=town())
    assert found.loc[2, ["words", "town_words"]].tolist() == ["Zanadoo, Marford", "marford"]


def test_a_delivery_without_words_has_none_to_hold():
    rows = located().drop(columns=["location_text"])
    assert words_to_place(rows, gazetteer=town()).empty
