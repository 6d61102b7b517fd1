import pytest

from ed_ingest.place_names import is_distinctive, names_of_places, town_words
from tests.ed_ingest.gazetteer_builder import places_table


def names_of(place_id, rows=None):
    table = names_of_places(places_table() if rows is None else places_table(rows))
    return set(table.loc[table["place_id"] == place_id, "name"])


def premises(name, alt_names=""):
    return [("x", name, alt_names, "premises", 1, 1, "1 High Street, Marford", None)]


def test_a_name_is_known_with_and_without_its_article():
    assert names_of("p1") == {"the golden lamb", "golden lamb"}


def test_other_names_are_known_too():
    assert "heol y castell" in names_of("s1")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Zirconium Bar & Club", "zirconium"),
        ("Quokka Catering Ltd", "quokka catering"),
        ("Quokka Foods Ltd t/a The Zirconium", "zirconium"),
        ("Quokka, Unit 14", "quokka"),
        ("J D Wetherspoon", "wetherspoons"),
        ("Quokka Marford", "quokka"),
    ],
)
def test_the_short_name_of_a_venue(name, short):
    assert short in names_of("x", premises(name))


@pytest.mark.parametrize("name", ["The Bar", "Kitchen Cafe", "The Avenue"])
def test_no_short_name_that_is_an_ordinary_word(name):
    found = names_of("x", premises(name))

    assert found == {next(iter(found))}  # the full name alone


def test_a_name_of_one_word_must_be_no_word_of_any_sentence():
    assert is_distinctive(["zirconium"])
    assert not is_distinctive(["bottle"])
    assert not is_distinctive(["darren"])
    assert not is_distinctive([])
    assert not is_distinctive(["the", "st"])


def test_the_partnerships_own_towns_come_from_addresses_and_localities():
    assert {"marford", "northside"} <= town_words(places_table())
