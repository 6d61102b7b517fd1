import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.places import find_places, locate
from ed_ingest.tables import Redacted
from tests.ed_ingest.gazetteer_builder import town

EXAMPLES = Path(__file__).parents[2].parent / "shared" / "examples"
COLUMNS = [
    "place_id", "place_name", "location_level", "easting", "northing", "location_uncertainty_m",
    "match_score",
]  # fmt: skip


def texts(*values, index=None):
    return pd.Series(list(values), index=index, dtype="str")


def record(**changes):
    row = {"location_type": "street", "location_text": "Castle Street"} | changes
    table = pd.DataFrame([row], index=pd.Index([2], name="row"))
    return Redacted(table.astype({"location_type": "str", "location_text": "str"}))


def located(**changes):
    return locate(record(**changes), gazetteer=town()).loc[2]


def test_places_come_back_on_the_index_of_the_texts():
    found = find_places(
        texts("Golden Lamb", None, "Golden Lamb", index=[8, 5, 1]), gazetteer=town()
    )

    assert list(found) == COLUMNS
    assert found.index.tolist() == [8, 5, 1]
    assert found["place_name"].tolist()[::2] == ["The Golden Lamb"] * 2
    assert found.loc[5, "location_level"] == "none"
    assert found.loc[5, ["place_id", "easting", "match_score"]].isna().all()


def test_every_score_and_uncertainty_is_in_its_range():
    words = texts(
        "Golden Lamb", "castle st", "northside", "marford", "castle st / st anne st", "ZE1 1AD"
    )

    found = find_places(words, gazetteer=town())

    assert found["match_score"].between(0, 1).all()
    assert (found["location_uncertainty_m"] > 0).all()
    assert found["location_level"].tolist() == [
        "premises", "street", "locality", "area", "junction", "postcode",
    ]  # fmt: skip


def test_a_home_is_withheld_by_its_words_or_by_its_type():
    context = pd.DataFrame({"location_type": ["unknown", "own_home"]})

    found = find_places(texts("at home", "Castle Street"), gazetteer=town(), context=context)

    assert found["location_level"].tolist() == ["withheld", "withheld"]
    assert found.drop(columns="location_level").isna().all(axis=None)


def test_no_texts_give_no_places():
    assert find_places(texts(), gazetteer=town()).empty


def test_a_found_place_has_the_small_area_of_its_point():
    assert located()["lsoa"] == "W01000001"
    assert located(location_text="St Anne Street")["lsoa"] == "W01000002"


def test_a_locality_is_too_large_for_a_small_area():
    assert pd.isna(located(location_text="City Centre")["lsoa"])


def test_a_delivered_point_comes_before_the_words():
    row = located(easting=318300.0, northing=176100.0)

    # 316 m from Castle Street's point: nearer than that the place named would be kept.
    assert (row["easting"], row["northing"]) == (318300.0, 176100.0)
    assert row["location_level"] == "coordinates"
    assert row["location_uncertainty_m"] == 50
    assert pd.isna(row["place_id"])


def test_a_place_named_near_the_delivered_point_is_kept():
    assert located(easting=318010.0, northing=176010.0)["place_id"] == "s1"


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (-5.0, 3.0), (900_000.0, 5.0)])
def test_a_delivered_point_outside_great_britain_is_ignored(x, y):
    row = located(easting=x, northing=y)

    assert row["location_level"] == "street"
    assert row["easting"] == 318000.0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"location_type": "own_home"}, "own_home"),
        ({"location_text": "at home"}, "street"),
        ({"location_text": "at home", "location_type": "unknown"}, "own_home"),
        ({"location_text": "at mums", "location_type": "unknown"}, "other_home"),
    ],
)
def test_a_home_has_no_place_but_the_small_area_of_its_point(changes, told):
    row = located(**changes, easting=318010.0, northing=176010.0)

    assert row["location_level"] == "withheld"
    assert row[["place_id", "place_name", "easting", "northing", "place_words"]].isna().all()
    assert row["lsoa"] == "W01000001"
    assert row["location_type"] == told


@pytest.mark.parametrize(
    "hint",
    [
        {"domestic_abuse": "yes"},
        {"relationship": "partner_or_ex"},
        {"relationship": "family"},
        {"type_unread": True},
    ],
)
@pytest.mark.parametrize("words", [None, "behind the door", "City Centre"])
def test_a_delivered_point_that_may_be_a_home_s_is_withheld(hint, words):
    point = {"location_type": "unknown", "easting": 318010.0, "northing": 176010.0}
    row = located(**hint, **point, location_text=words)

    assert row[["location_level", "location_type", "lsoa"]].tolist() == [
        "withheld", "unknown", "W01000001",
    ]  # fmt: skip
    assert row[["place_id", "easting", "northing", "location_uncertainty_m"]].isna().all()


@pytest.mark.parametrize(
    "told",
    [
        {"domestic_abuse": "no", "relationship": "stranger", "type_unread": False},
        {"domestic_abuse": "yes", "location_type": "street"},
        {"domestic_abuse": "yes", "location_text": "Castle Street"},
    ],
)
def test_a_delivered_point_with_nothing_of_a_home_about_it_stays(told):
    point = {"location_type": "unknown", "easting": 318010.0, "northing": 176010.0}

    assert located(**{**point, "location_text": None, **told})["location_level"] == "coordinates"


def test_a_delivered_small_area_serves_where_there_is_no_point():
    assert located(location_text=None, lsoa="W01000009")["lsoa"] == "W01000009"


def test_the_labelled_examples_of_places(tmp_path):
    if not EXAMPLES.is_dir():
        pytest.skip("the labelled examples are not beside the repository")
    (tmp_path / "places.csv").write_bytes((EXAMPLES / "places" / "places.csv").read_bytes())
    words = pd.read_csv(EXAMPLES / "places" / "texts.csv", dtype=str, index_col="id")["text"]

    found = find_places(words, gazetteer=load_gazetteer(tmp_path))

    found.to_csv(tmp_path / "found.csv", index_label="id", encoding="utf-8")
    score = subprocess.run(
        [sys.executable, str(EXAMPLES / "check_places.py"), str(tmp_path / "found.csv"),
         "--accuracy", "0.95", "--false-confident", "0.01", "--show", "0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert score.returncode == 0, score.stdout
