"""What an alias changes, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from ed_ingest.answered_places import HOME, LOCALITY, NOT_A_PLACE, homes_named, with_alias_names
from ed_ingest.deidentify import redact
from ed_ingest.place_names import names_of_places
from ed_ingest.places import find_places
from tests.ed_ingest.gazetteer_builder import PLACES, places_table, town


def with_aliases(**aliases):
    """The town with aliases; `the_zed=…` is written with a space."""
    words = {alias.replace("_", " "): answer for alias, answer in aliases.items()}
    places = places_table()
    names = with_alias_names(names_of_places(places), words, places)
    return replace(town(), names=names, aliases=words)


def place(text, **aliases):
    return find_places(pd.Series([text]), gazetteer=with_aliases(**aliases)).iloc[0]


def test_an_alias_is_a_name_of_its_place_wherever_it_stands():
    row = place("assaulted in Zanadoo, Castle Street", zanadoo="p1")
    assert (row["place_id"], row["location_level"]) == ("p1", "premises")
    assert (row["easting"], row["northing"]) == (318020, 176010)


def test_words_of_an_alias_are_protected_though_they_are_a_persons():
    texts = pd.Series(["at Dorothy's Gaff", "with Dorothy"])
    assert redact(texts, places=town()).tolist() == ["at […] private address", "with […]"]
    kept = redact(texts, places=with_aliases(dorothys_gaff="p5"))
    assert kept.tolist() == ["at Dorothy's Gaff", "with […]"]


@pytest.mark.parametrize(
    ("text", "place_id"),
    [
        ("Burger Barn", "p4"),
        ("outside burger barn", "p4"),
        ("Burger Barn, Marford", "p4"),
        # Something else tells: the alias is not asked.
        ("Burger Barn, Castle Street", "p3"),
        ("Burger Barn, Harbour Road", "p4"),
    ],
)
def test_a_shared_name_goes_by_the_alias_only_where_nothing_else_tells(text, place_id):
    assert place(text, burger_barn="p4")["place_id"] == place_id


def test_ordinary_words_may_mean_a_place_but_not_one_far_from_the_street_named():
    aliases = {"bus_station": "t1"}
    row = place("by the bus station", **aliases)
    assert (row["place_id"], row["location_level"]) == ("t1", "premises")
    assert row["location_uncertainty_m"] == 100
    assert place("bus station, Llanbedr Gardens", **aliases)["place_id"] == "s6"


@pytest.mark.parametrize(
    ("answer", "level", "uncertainty_m"),
    [("s1", "street", 250), ("l2", "locality", 1000), ("k1", "premises", 250)],
)
def test_each_kind_of_place_gives_its_own_level(answer, level, uncertainty_m):
    row = place("in the bus depot", bus_depot=answer)
    assert (row["location_level"], row["location_uncertainty_m"]) == (level, uncertainty_m)
    assert row["place_id"] == answer
    assert 0 < row["match_score"] <= 1


def test_a_district_that_is_not_in_the_gazetteer_has_no_point():
    row = place("in Llanzed", llanzed=LOCALITY)
    assert row["location_level"] == "locality"
    assert row[["place_id", "easting", "northing", "match_score"]].isna().all()
    # A district that is known says more.
    assert place("Llanzed, Northside", llanzed=LOCALITY)["place_id"] == "l2"


def test_a_town_of_elsewhere_stays_elsewhere():
    assert place("bus station, Bristol", bus_station="t1")["location_level"] == "none"
    assert place("o/s Zanadoo, Bristol", zanadoo="p1")["location_level"] == "none"


def test_what_is_no_place_gets_none():
    assert place("o/s Zanadoo", zanadoo=NOT_A_PLACE)["location_level"] == "none"


def test_an_alias_of_a_home_takes_all_words_of_the_text():
    texts = pd.Series(["12 o/s Llanzed Towers by Zed", "Llanzed", None])
    told = homes_named(texts, {"llanzed": HOME})
    assert told.tolist()[:2] == ["at home"] * 2
    assert pd.isna(told[2])
    assert find_places(told, gazetteer=town())["location_level"].iloc[0] == "withheld"
    homes = with_aliases(llanzed=HOME)
    assert redact(texts, places=homes).tolist()[:2] == ["[…] at home"] * 2
    # Whole words only.
    assert homes_named(pd.Series(["Llanzedville"]), {"llanzed": HOME})[0] == "Llanzedville"


def test_without_aliases_nothing_changes():
    texts = pd.Series(["Burger Barn", "The Golden Lamb", "o/s Zanadoo", None])
    before = find_places(texts, gazetteer=town())
    pd.testing.assert_frame_equal(find_places(texts, gazetteer=with_aliases()), before)
    changed = find_places(texts, gazetteer=with_aliases(zed="p1"))
    pd.testing.assert_frame_equal(changed, before)


def test_texts_without_rows_are_no_fault():
    empty = pd.Series([], dtype="str")
    assert find_places(empty, gazetteer=with_aliases(zanadoo="p1")).empty


def test_a_district_is_told_though_a_place_has_that_word_for_its_id():
    rows = [*PLACES, ("locality", "Quokka", "", "premises", 318000, 176000, "", None)]
    places = places_table(rows)
    gazetteer = replace(town(rows), names=names_of_places(places), aliases={"zanadoo": LOCALITY})

    row = find_places(pd.Series(["Zanadoo"]), gazetteer=gazetteer).iloc[0]

    assert (row["location_level"], row.isna()["place_id"]) == ("locality", True)
