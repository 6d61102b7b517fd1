import pytest

from ed_ingest.place_phrases import (
    asked_form,
    names_a_town_elsewhere,
    phrases_of,
    strange_words,
)


@pytest.mark.parametrize(
    ("text", "known", "phrases"),
    [
        ("o/s Zanadoo club", "", ["zanadoo"]),
        ("in the Zanadoo, glassed by male", "", ["zanadoo"]),
        # A street and an open place keep the word for their kind; a venue does not.
        ("in Quenby Park", "", ["quenby park"]),
        ("Quenby Street", "", ["quenby st"]),
        # Words of known places and marks part what nobody knows.
        ("Zanadoo, Harbour Road", "harbour road", ["zanadoo"]),
        ("Zanadoo […] Floppys", "", ["zanadoo", "floppys"]),
        ("Zanadoo, Floppys", "", ["zanadoo", "floppys"]),
        ("Zanadoo - Floppys (Quenby)", "", ["zanadoo", "floppys", "quenby"]),
        # Nothing strange: the known name that left open which is meant.
        ("outside the Burger Barn", "the burger barn", ["burger barn"]),
        # Nothing known either: ordinary words that name a kind of place.
        ("by the bus station", "", ["bus station"]),
        ("outside", "", []),
        ("pub", "", []),
        ("punched in a pub by two unknown males after a match", "", []),
        ("", "", []),
        ("[…]", "", []),
    ],
)
def test_the_words_that_name_the_place_are_asked_about(text, known, phrases):
    assert phrases_of(text, known.split()) == phrases


def test_a_town_says_where_a_place_is_and_is_none_of_its_name():
    known = ["burger", "barn", "marford"]
    assert phrases_of("Burger Barn, Marford", known, towns=["marford"]) == ["burger barn"]
    assert phrases_of("Marford", ["marford"], towns=["marford"], level="area") == []


def test_a_district_alone_is_understood():
    assert phrases_of("in Northside", ["northside"], level="locality") == []
    assert phrases_of("Zanadoo, Northside", ["northside"], level="locality") == ["zanadoo"]


@pytest.mark.parametrize(
    ("text", "form"),
    [("outside The Zanadoo", "zanadoo"), ("Zanadoo's", "zanadoos"), ("the", "the"), ("…", "")],
)
def test_answers_are_compared_in_the_form_that_is_asked(text, form):
    assert asked_form(text) == form


def test_every_phrase_is_in_the_form_in_which_it_is_answered():
    for text in ("at the Zanadoo", "the Burger Barn", "by the bus station"):
        for phrase in phrases_of(text, ["the", "burger", "barn"]):
            assert asked_form(phrase) == phrase


def test_safe_words_numbers_and_known_words_are_not_strange():
    assert strange_words("Zanadoo bar 2330 outside Alchemist", ["alchemist"]) == ["zanadoo"]


def test_a_town_of_elsewhere_counts_unless_it_is_part_of_a_known_name():
    elsewhere = {"bristol", "barry island"}
    assert names_a_town_elsewhere("Zanadoo, Bristol", [], elsewhere)
    assert names_a_town_elsewhere("at Barry Island", [], elsewhere)
    assert not names_a_town_elsewhere("The Bristol Arms", ["bristol", "arms"], elsewhere)
    assert not names_a_town_elsewhere("Barry", [], elsewhere)
