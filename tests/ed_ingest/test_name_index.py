from ed_ingest.name_index import index_names
from tests.ed_ingest.gazetteer_builder import PLACES, town

INDEX = index_names(town())


def test_premises_are_known_to_lie_on_the_street_of_their_address():
    assert {INDEX.ids[r] for r in INDEX.on_street["castle st"]} == {"p1", "p3"}
    assert "12 castle st" in INDEX.business_addresses


def test_the_town_itself_is_told_from_its_parts():
    assert {INDEX.ids[r] for r in INDEX.whole_town} == {"l1"}


def test_towns_of_elsewhere_are_not_the_partnerships_own():
    assert "swansea" in INDEX.elsewhere
    assert "marford" not in INDEX.elsewhere


def test_a_postcode_without_published_centroid_lies_amid_its_premises():
    # The Golden Lamb (318 020, 176 010) and Burger Barn (318 030, 175 990).
    assert INDEX.postcodes["ZE11AA"] == (318025.0, 176000.0)
    assert INDEX.postcodes["ZE11AD"] == (318050.0, 176050.0)


def test_the_short_name_of_a_venue_yields_to_a_street_called_so():
    venue = ("x", "St Anne Street Bar", "", "premises", 1.0, 1.0, "9 Mill Lane, Marford", None)

    index = index_names(town([*PLACES, venue]))

    assert {index.ids[r] for r in index.exact["st anne st"]} == {"s2"}


def test_places_need_no_address():
    index = index_names(town([("x", "Quokka", None, "premises", 1.0, 1.0, None, None)]))

    assert {index.ids[r] for r in index.exact["quokka"]} == {"x"}
    assert index.whole_town == frozenset()


def test_a_place_lies_on_the_street_that_its_address_ends_in():
    address = "Castle Street Arcade Mill Lane, Centre"
    shop = ("x", "Quokka Noodles", "", "premises", 318100.0, 176200.0, address, "")

    index = index_names(town([*PLACES, shop]))

    row = index.ids.index("x")
    assert row in index.on_street["mill lane"]
    assert row not in index.on_street["castle st"]
