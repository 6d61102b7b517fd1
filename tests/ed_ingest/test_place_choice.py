import pytest

from ed_ingest.known_places import known_spans
from ed_ingest.mentions import is_elsewhere
from ed_ingest.name_index import index_names
from ed_ingest.place_choice import NOWHERE, choose_place
from ed_ingest.words import breaks_before, normal_words, tokens
from tests.ed_ingest.gazetteer_builder import PLACES, town

INDEX = index_names(town())


def choose(text, index=INDEX, postcode=None):
    written = tokens(text)
    words = normal_words([written])[0]
    breaks = breaks_before(text, written)
    found = choose_place(words, breaks, known_spans(words, index), index, postcode)
    return (index.ids[found.row] if found.row >= 0 else None), found.level


@pytest.mark.parametrize(
    ("text", "place", "level"),
    [
        ("o/s Golden Lamb", "p1", "premises"),
        ("Burger Barn Castle St", "p3", "premises"),
        ("Burger Barn, Harbour Rd", "p4", "premises"),
        ("Burger Barn harbourside", "p4", "premises"),
        ("Burger Barn", None, "none"),
        ("Burger Barn marford", "l1", "area"),
        ("Mill Lane", None, "none"),
        ("Mill Lane Northside", "s4", "street"),
        ("Mill Lane, town", "s3", "street"),
        ("Mill Lane by Castle Street", None, "junction"),
        ("castle st", "s1", "street"),
        ("heol y castell", "s1", "street"),
        ("Victoria Green", "k1", "premises"),
        ("Marford Central", "t1", "premises"),
        ("northside", "l2", "locality"),
        ("in town somewhere", "l3", "locality"),
        ("Marford, not sure where", "l1", "area"),
        ("St Anne Street, Swansea", None, "none"),
        ("Golden Lamb, man from Swansea", "p1", "premises"),
        ("started in Golden Lamb, hit in Burger Barn Castle St", "p3", "premises"),
        ("after leaving Golden Lamb", "p1", "premises"),
        ("not known", None, "none"),
        # On the way there, or before: it happened at the other.
        ("walking from Golden Lamb to Marford Central, jumped on Mill Lane, town", "s3", "street"),
        ("left Golden Lamb, punched outside Jack Murphys", "p2", "premises"),
        ("drank in Golden Lamb earlier, assaulted at Jack Murphys", "p2", "premises"),
        ("punched in Golden Lamb then walked to Jack Murphys", "p1", "premises"),
        # The address tells which branch, the street which of two that share a word.
        ("Burger Barn castle st marford", "p3", "premises"),
        ("Jack Murphys, Castle Street", "p2", "premises"),
        ("corner of castle and mill, town", None, "junction"),
        ("castle st x mill lane", None, "junction"),
    ],
)
def test_the_place_that_the_words_mean(text, place, level):
    assert choose(text) == (place, level)


def test_a_junction_lies_midway_between_the_nearest_known_points():
    words = ["castle", "st", "/", "st", "anne", "st"]
    found = choose_place(words, [False] * 6, known_spans(words, INDEX), INDEX)

    # Known points of Castle Street: its own and two premises; of St Anne Street: its own and two.
    # The nearest pair is Burger Barn (318 030, 175 990) and the Gate Keeper (318 250, 176 030),
    # sqrt(220² + 40²) = 223.6 m apart; their middle is (318 140, 176 010).
    assert (found.x, found.y) == (318140.0, 176010.0)
    assert found.level == "junction"


def test_streets_that_do_not_meet_make_no_junction():
    assert choose("corner of Castle Street and Harbour Road")[1] == "street"


def test_a_branch_elsewhere_is_not_taken_for_the_one_on_the_street_named():
    assert choose("Golden Lamb, Harbour Road") == ("s5", "street")


def test_a_postcode_is_finer_than_its_street():
    found = choose("castle st", postcode="ZE11AD")

    assert found == (None, "postcode")
    assert choose("castle st", postcode="ZE99ZZ") == ("s1", "street")


def test_of_several_streets_far_the_busiest_is_meant():
    busy = [
        (
            f"b{i}",
            f"Quokka {i}",
            "",
            "premises",
            318100 + i,
            176200,
            f"{i} Mill Lane, Marford",
            None,
        )
        for i in range(20)
    ]

    assert choose("Mill Lane", index_names(town([*PLACES, *busy])))[0] == "s3"


MORE = [
    *PLACES,
    ("q1", "Quokka Noodles", "", "premises", 318120, 176220,
     "Zirconium Centre, 5 Mill Lane, Marford", None),
    ("q2", "Wombat Grove School", "", "education", 318400, 176400, "St Anne Street, Marford", None),
    ("q5", "Wombat Quoll School", "", "education", 318700, 176400, "St Anne Street, Marford", None),
    ("q3", "Marford Bay Police Station", "", "custody", 318600, 175900, "Marford", None),
    ("q4", "Numbat Juice Bar", "", "premises", 318320, 176020, "9 St Anne Street, Marford", None),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "place", "level"),
    [
        # The building gives the point; which of its tenants is meant nobody said.
        ("in Zirconium Centre", None, "premises"),
        ("in Quokka Noodles", "q1", "premises"),
        ("Wombat Grove school", "q2", "premises"),
        # No hostel is a school, and another police station is not this one.
        ("Wombat Quoll", "q5", "premises"),
        ("Wombat Quoll hostel", None, "none"),
        # The school is called after the grove, not the grove after the school.
        ("Wombat Grove", None, "none"),
        ("central police station", None, "none"),
        # A part of a name beside another street: some other juice bar.
        ("Numbat Juice Bar St Anne Street", "q4", "premises"),
        ("the juice bar, Castle Street", "s1", "street"),
    ],
)
def test_a_part_of_a_name_claims_no_more_than_it_says(text, place, level):
    assert choose(text, index_names(town(MORE))) == (place, level)


def test_elsewhere_is_a_town_outside_the_names_of_our_places():
    words = ["swansea"]

    assert is_elsewhere(words, [], INDEX)
    assert not is_elsewhere(["from", "swansea"], [], INDEX)
    assert choose_place([], [], [], INDEX) == NOWHERE


def test_a_road_is_called_by_its_number_and_no_shop_by_half_a_postcode():
    road = ("r", "A48", "", "street", 318000, 179000, "Northside, Marford", None)
    shop = ("x", "ZE1", "", "premises", 318000, 179000, "9 Mill Lane, Marford", None)
    index = index_names(town([*PLACES, road, shop]))

    assert choose("on the A48", index) == ("r", "street")
    assert choose("ZE1", index) == (None, "none")


def test_a_list_of_places_is_no_place():
    assert choose("Golden Lamb, " * 100) == ("p1", "premises")
    assert choose("Golden Lamb, " * 101) == (None, "none")
