import pytest

from ed_ingest.name_forms import is_distinctive
from ed_ingest.place_names import (
    FULL,
    PART,
    WEAK,
    names_of_places,
    town_words,
)
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
        ("Marford Quokka Club", "quokka club"),
        ("Quokka Catering Ltd, Quokka Saloon,", "quokka"),
        ("Quokka High School", "quokka high"),
        ("Quokka Conservative Club", "quokka con club"),
        ("10 Feet Quokka", "10ft quokka"),
        ("Zirconium Quokka Memorial Club", "zirconium quokka"),
    ],
)
def test_the_short_name_of_a_venue(name, short):
    assert short in names_of("x", premises(name))


@pytest.mark.parametrize("name", ["Bar 1", "Kitchen Cafe", "Garden Bar"])
def test_a_short_name_that_is_an_ordinary_word_is_weak(name):
    table = names_of_places(places_table(premises(name)))

    assert set(table.loc[table["name"].str.count(" ") == 0, "rank"]) <= {WEAK}


def test_words_of_any_sentence_are_a_name_where_few_places_hold_them():
    # "river" is a kind of place and "plaza" an ordinary word; together they are one hotel.
    hotel = ("h", "River Plaza Marford", "", "premises", 1, 1, "2 High Street, Marford", None)

    ranks = names_of_places(places_table([hotel])).set_index("name")["rank"]

    assert ranks["river plaza"] == PART
    assert "river" not in ranks


def test_a_building_names_the_one_place_in_it():
    address = "The Quokka Centre, 46 High Street, Marford"
    rows = [("x", "Zirconium Pantry", "", "premises", 1, 1, address, None)]
    street = ("s", "High Street", "", "street", 1, 1, "Marford", None)

    assert {"quokka centre", "zirconium pantry"} <= names_of("x", [*rows, street])

    # Nine places in one building: its name is the name of none of them.
    many = [(f"x{i}", f"Venue {i}", "", "premises", 1, 1, address, None) for i in range(9)]
    assert "quokka centre" not in names_of("x1", [*many, street])


def test_a_street_is_known_without_its_end_of_the_compass():
    rows = [("s", "Cowslip Road East", "", "street", 1, 1, "Marford", None)]
    ranks = names_of_places(places_table(rows)).set_index("name")["rank"]

    assert ranks.to_dict() == {
        "cowslip road east": FULL,
        "cowslip road e": FULL,
        "cowslip road": PART,
    }


def test_a_name_of_one_word_must_be_no_word_of_any_sentence():
    assert is_distinctive(["zirconium"])
    assert not is_distinctive(["bottle"])
    assert not is_distinctive(["darren"])
    assert not is_distinctive([])
    assert not is_distinctive(["the", "st"])


def test_the_partnerships_own_towns_come_from_addresses_and_localities():
    assert {"marford", "northside"} <= town_words(places_table())
