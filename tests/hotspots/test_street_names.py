from __future__ import annotations

import pandas as pd

from hotspots.points import assault_points, crime_points
from hotspots.street_names import NO_NAME, name_hot_spots, street_of_points
from tests.ed_ingest.contract_rows import assaults, crimes
from tests.hotspots.town import AT_ANCHOR, EAST, NO_STREET, NORTH, PLACES, QUAY, areas, gazetteer


def streets_of(*changes, places=PLACES) -> list:
    known = gazetteer(places)
    streets = street_of_points(assault_points(assaults(*changes), known), known)
    return [None if pd.isna(street) else street for street in streets]


def named(streets, members, lsoas=None, places=None) -> dict:
    index = range(len(streets))
    return name_hot_spots(
        pd.Series(streets, index=index, dtype="str"),
        pd.Series(lsoas or [None] * len(streets), index=index, dtype="str"),
        pd.Series(members, index=index, dtype="str"),
        places or gazetteer(),
    ).to_dict()


def test_the_street_in_the_record_comes_first():
    assert streets_of({"place_name": "Castle Street", "easting": QUAY}) == ["Castle Street"]


def test_a_second_name_becomes_the_usual_one():
    assert streets_of({"place_name": "Heol y Castell"}) == ["Castle Street"]


def test_premises_lie_in_the_street_of_their_address():
    rail = {**AT_ANCHOR, "place_id": "p10", "place_name": "Rail Taproom"}
    far_away = {"northing": NORTH + 1000}

    assert streets_of({**AT_ANCHOR, **far_away}, {**rail, **far_away}) == [
        "Castle Street",
        "Quay Parade",
    ]


def test_a_street_of_the_same_name_in_another_part_of_town_is_not_the_addresss():
    # "51 St Mary Street" ends like Mary Street, which lies 3 km off; Castle Street is the nearest.
    places = [
        *PLACES,
        ("p20", "Mary Street", "", "street", EAST, NORTH + 3000, ""),
        ("p21", "The Tap", "", "premises", EAST + 20, NORTH, "51 St Mary Street, Marford"),
    ]
    tap = {**AT_ANCHOR, "place_id": "p21", "place_name": "The Tap", "easting": EAST + 20}

    assert streets_of(tap, places=places) == ["Castle Street"]


def test_else_the_nearest_street_within_150_metres():
    assert streets_of(
        {**NO_STREET, "easting": EAST + 149}, {**NO_STREET, "easting": EAST + 151}
    ) == ["Castle Street", None]


def test_a_name_of_premises_is_never_taken_for_a_streets():
    # A record of the level street that bears a pub's name, far from any street.
    assert streets_of({"place_name": "The Anchor", "northing": NORTH + 1000}) == [None]
    assert streets_of({"place_name": "anchor inn", "northing": NORTH + 1000}) == [None]


def test_a_street_that_shares_its_name_with_a_pub_stays_a_street():
    places = [*PLACES, ("p20", "Castle Street", "", "premises", QUAY, NORTH, "")]

    assert streets_of({}, places=places) == ["Castle Street"]


def test_a_forces_own_words_name_no_street_but_its_points_do():
    points = crime_points(crimes({"place_name": "The Anchor"}))

    assert list(street_of_points(points, gazetteer())) == ["Castle Street"]


def test_without_a_gazetteer_the_records_name_their_streets():
    assert streets_of({}, NO_STREET, places=[]) == ["Castle Street", None]


def test_a_hot_spot_is_named_after_the_most_frequent_street():
    streets = ["Castle Street", "Quay Parade", "Quay Parade", "Mill Lane"]

    assert named(streets, ["H1", "H1", "H1", None]) == {"H1": "Quay Parade"}


def test_equally_frequent_streets_go_by_the_alphabet():
    assert named(["Quay Parade", "Castle Street"], ["H1", "H1"]) == {"H1": "Castle Street"}


def test_two_hot_spots_of_one_street_are_told_apart():
    castle = ["Castle Street"] * 2
    assert named([*castle, "Mill Lane", *castle], ["H1", "H1", "H1", "H2", "H2"]) == {
        "H1": "Castle Street and Mill Lane",
        "H2": "Castle Street",
    }
    assert named([*castle, *castle], ["H1", "H1", "H2", "H2"]) == {
        "H1": "Castle Street",
        "H2": "Castle Street (2)",
    }


def test_without_a_street_the_small_area_gives_the_name():
    places = gazetteer(areas=areas())

    assert named([None, None], ["H1", "H2"], ["W01", "W99"], places) == {
        "H1": "Marford 001A",
        "H2": NO_NAME,
    }
