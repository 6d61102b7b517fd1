"""What both benchmarks share: intervals, varied texts, gazetteers, what is cut out of a text."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from benchmarks.evaluation import sets
from benchmarks.evaluation.counting import share_cell, table, wilson
from benchmarks.evaluation.distinct import misspelt, people_varied, wording_varied
from benchmarks.evaluation.presidio_peer import cut


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # Newcombe (1998), table I: 81 of 263 and 0 of 20.
        (81, 263, 0.2553, 0.3662),
        (0, 20, 0.0, 0.1611),
        (20, 20, 0.8389, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_wilsons_interval_agrees_with_published_ones(right, n, low, high):
    assert wilson(right, n) == pytest.approx((low, high), abs=1e-4)


def test_a_share_is_told_with_its_interval_and_what_it_is_of():
    assert share_cell(20, 20) == "100.0% (83.9%–100.0%) of 20"
    assert share_cell(0, 0) == "none there"


def test_one_miss_in_very_many_is_not_rounded_away():
    assert share_cell(9999, 10_000).startswith("99.9% ")
    assert share_cell(1, 10_000).startswith("0.1% ")


def test_a_table_has_a_header_and_a_line_for_each_row():
    assert table(["a", "b"], [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


TEXTS = pd.DataFrame(
    {
        "text": ["Poe hit at the Red Lion", "nk", "NHS 999 123 4567"],
        "must_vanish": [json.dumps(["Poe"]), "[]", json.dumps(["999 123 4567"])],
        "kinds": [json.dumps(["name"]), "[]", json.dumps(["nhs"])],
    }
)


def test_varied_people_are_distinct_the_same_each_time_and_keep_the_place():
    texts = people_varied(TEXTS, 500)

    assert len(texts) == 500
    assert texts.is_unique
    assert texts.equals(people_varied(TEXTS, 500))
    assert texts.str.contains("Red Lion").any()
    assert not texts.str.contains("Poe").any()


def test_varied_wordings_are_distinct_and_the_same_each_time():
    texts = wording_varied(pd.Series(["Red Lion High Street", "nk where exactly"]), 200)

    assert len(texts) == 200
    assert texts.is_unique
    assert texts.equals(
        wording_varied(pd.Series(["Red Lion High Street", "nk where exactly"]), 200)
    )


def test_short_words_are_not_misspelt():
    assert misspelt("pub", None) == "pub"


@pytest.mark.parametrize(
    ("spans", "left"),
    [
        ([], "Jane Poe at 10"),
        ([(0, 4), (5, 8)], "[…] […] at 10"),
        ([(0, 8), (5, 8)], "[…] at 10"),
        ([(5, 8), (0, 6)], "[…] at 10"),
        ([(12, 14)], "Jane Poe at […]"),
    ],
)
def test_spans_are_cut_out_once_be_they_overlapping_or_not(spans, left):
    assert cut("Jane Poe at 10", spans) == left


def test_without_a_gazetteer_there_is_none(monkeypatch, tmp_path):
    monkeypatch.setenv("ED_HOTSPOTS_CARDIFF", str(tmp_path / "nowhere.csv"))

    assert sets.cardiff_gazetteer() is None


def test_the_variable_names_the_file_or_its_folder(monkeypatch, tmp_path):
    file = tmp_path / "places.csv"
    file.write_text("place_id\n", encoding="utf-8")
    for named in (file, tmp_path):
        monkeypatch.setenv("ED_HOTSPOTS_CARDIFF", str(named))
        assert sets.cardiff_gazetteer() == file.resolve()


def test_a_large_gazetteer_has_as_many_places_as_asked_for_all_distinct(monkeypatch, tmp_path):
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    file = folder / "places.csv"
    file.write_text(
        "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
        "P1,Red Lion,,premises,1000,2000,,\n",
        encoding="utf-8",
    )
    # No list of pubs lies beside the project.
    monkeypatch.setattr(sets, "PROJECT", tmp_path / "project")

    places, origin = sets.large_gazetteer(file, 300)

    assert len(places) == 300
    assert places["place_id"].is_unique
    assert places.loc[0, "name"] == "Red Lion"
    assert "simulated" in origin


def test_examples_are_a_set_of_their_own_beside_the_corpus(monkeypatch, tmp_path):
    for name, place in (("tune", "corpus/privacy.csv"), ("examples", "x/privacy/texts.csv")):
        file = tmp_path / place
        file.parent.mkdir(parents=True)
        file.write_text(f"id,set,text\n1,{name},nk\n", encoding="utf-8")
    (tmp_path / "x" / "places").mkdir()
    monkeypatch.setattr(sets, "CORPUS", tmp_path / "corpus")

    texts = sets.labelled_texts("privacy", tmp_path / "x" / "places" / "places.csv")

    assert list(texts["set"]) == ["tune", "examples"]
    assert sets.sets_of(texts) == ["tune", "examples"]


def test_the_set_kept_aside_is_never_listed():
    assert "aside" not in sets.SHOWN
