import pytest

from ed_ingest.homes import kind_of_home, says_home
from ed_ingest.known_places import known_spans
from ed_ingest.name_index import index_names
from ed_ingest.places import is_home
from ed_ingest.words import normal_word, tokens
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def home(text):
    words = [normal_word(m.group()) for m in tokens(text)]
    return is_home(words, known_spans(words, INDEX), INDEX)


@pytest.mark.parametrize(
    "text",
    [
        "at home",
        "home address",
        "own house",
        "in own garden",
        "at mums",
        "at a friends, Marford",
        "at mums Northside",
        "nan's house",
        "his flat",
        "flat 3 Tudor Court",
        "house party",
        "a house in Northside",
        "friend's place",
        "in bed at home",
        "at Jones's flat",
        "Zubair's house",
        "gartref",
        "outside own front door",
        "private address",
        "12 Llanbedr Gardens",
        "at 7 Nowhere Crescent",
        "hostel, pt lives there",
        "boyfriends 39 Mill Lane",
        "home, 23 Castle Street",
        "halls of residence",
        "student halls Room 4, Block C",
        "in back garden of 71 Nowhere Street",
        "ADDR 5 Nowhere",
        "where pt is living, 35 Mill Lane",
        "Mill Lane, 71",
        "72nd Mill Lane",
        "eighty three Mill Lane",
        "at Murphy's flat",
        "at Murphs flat",  # a venue is called so too
        "inside own tent",
        "ty ffrind yn Northside",
        "yn nhy mam",
    ],
)
def test_words_that_say_a_home(text):
    assert home(text)


@pytest.mark.parametrize(
    "text",
    [
        "on way home, Castle Street",
        "home end of the stadium",
        "walking home from Golden Lamb",
        "public house",
        "Coffee House",
        "care home",
        "outside Home Bargains",
        "fell flat on face",
        "beer garden",
        "Golden Lamb, 12 Llanbedr Gardens",
        "on Mill Lane 2330",
        "chip shop Mill Lane, 71",
        "Burger Barn Castle Street, 20",
        "after leaving house party, Mill Lane",
        "three men on Mill Lane",
        "12 Castle Street",
        "o/s 26 Castle Street",
        "opposite 4 Mill Lane",
        "3 males Castle Street",
        "platform 2 Marford Central",
        "Golden Lamb",
        "",
        "work",
        "23.30 Mill Lane",
        "level 3 Mill Lane",
        "LOC 1 min Mill Lane",
        "14/9, Mill Lane",
        "Mill Lane by student halls",
        "found Dumfries Place",
    ],
)
def test_words_that_say_none(text):
    assert not home(text)


def test_the_number_of_a_known_business_is_no_home():
    words = ["9", "st", "anne", "st"]

    assert not says_home(words, [False] * 4, venue=False, business_addresses={"9 st anne"})
    assert says_home(words, [False] * 4, venue=False, business_addresses=set())


def test_whose_home_it_is():
    assert kind_of_home(["at", "home"]) == "own_home"
    assert kind_of_home(["at", "mums"]) == "other_home"
    assert kind_of_home(["house", "party"]) == "other_home"
