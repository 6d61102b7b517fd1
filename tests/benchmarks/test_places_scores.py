"""Scores of places found: right, false, merely coarser; errors, calibration, coverage."""

from __future__ import annotations

import csv
import math
import os
import re
import subprocess
import sys

import pandas as pd
import pytest

from benchmarks.evaluation import sets
from benchmarks.evaluation.places_scores import (
    calibration_error,
    error_at,
    places_named,
    reliability,
    score,
)


def label(truth, *, ok="", level="none", x="", y="", within=""):
    return {
        "set": "tune", "truth_place_id": truth, "acceptable_place_ids": ok, "truth_level": level,
        "easting": x, "northing": y, "max_error_m": within,
    }  # fmt: skip


def answer(place=None, level="none", x=None, y=None, *, radius=None, sure=None):
    return {
        "place_id": place, "location_level": level, "easting": x, "northing": y,
        "location_uncertainty_m": radius, "match_score": sure,
    }  # fmt: skip


def scored(*pairs):
    truths, answers = zip(*pairs, strict=True)
    return score(pd.DataFrame(truths), pd.DataFrame(answers))


PUB = label("P1", ok="P1", level="premises", x="1000", y="2000", within="120")
STREET = label("S1", ok="S1", level="street", x="1000", y="2000", within="300")
JUNCTION = label("junction: S1|S2", ok="S1|S2", level="junction", x="1000", y="2000", within="150")
POSTCODE = label("postcode", level="postcode", x="1000", y="2000", within="200")
ONLY_STREET = label("street-level only", ok="S1", level="street", x="1000", y="2000", within="300")
LOCALITY = label("L1", ok="L1", level="locality", x="1000", y="2000", within="1800")
LANDMARK = label("M1", ok="M1", level="premises", x="1000", y="2000", within="200")
NONE = label("none")
HOME = label("home", level="withheld")
TWINS = label("ambiguous: P1|P2")
BRANCHES = label("ambiguous: P1|P2", ok="P1|P2", level="premises", x="1000", y="2000", within="100")


def test_perfect_answers_are_right_and_none_is_false():
    table = scored(
        (PUB, answer("P1", "premises", 1000, 2000)),
        (STREET, answer("S1", "street", 1000, 2000)),
        (JUNCTION, answer(None, "junction", 1030, 2040)),
        (POSTCODE, answer(None, "postcode", 1000, 2000)),
        (ONLY_STREET, answer("S1", "street", 1000, 2000)),
        (LOCALITY, answer("L1", "locality", 1000, 2000)),
        (LANDMARK, answer("M1", "locality", 1000, 2000)),
        (NONE, answer()),
        (HOME, answer(level="withheld")),
        (TWINS, answer()),
        (BRANCHES, answer("P2", "premises", 5000, 5000)),
    )

    assert table["right"].all()
    assert not table["false"].any()
    # The junction is off by 30 and 40 metres.
    assert table["error_m"].max() == pytest.approx(math.hypot(4000, 3000))
    assert table.loc[2, "error_m"] == pytest.approx(50)


def test_answers_of_nothing_are_right_only_where_nothing_is_meant():
    table = scored(*((t, answer()) for t in (PUB, STREET, JUNCTION, POSTCODE, NONE, HOME, TWINS)))

    assert list(table["right"]) == [False, False, False, False, True, False, True]
    assert not table["false"].any()
    assert error_at(table, 0.5) == math.inf
    assert math.isnan(calibration_error(table))


@pytest.mark.parametrize(
    ("truth", "found"),
    [
        (PUB, answer("P2", "premises", 1000, 2000)),  # another place, be it next door
        (PUB, answer("P1", "premises")),  # without its point
        (JUNCTION, answer("S1|S3", "street", 5000, 2000)),
        (NONE, answer("P1", "premises", 1000, 2000)),
        (NONE, answer(None, "street", 1000, 2000)),
        (BRANCHES, answer("S1", "street", 1460, 2000)),
        (TWINS, answer("P1", "premises", 1000, 2000)),
        (HOME, answer("S1", "street", 1000, 2000)),
        (BRANCHES, answer("P3", "premises", 1000, 2000)),
    ],
)
def test_a_specific_answer_that_is_not_right_is_false(truth, found):
    table = scored((truth, found))

    assert not table["right"].any()
    assert table["false"].all()


@pytest.mark.parametrize(
    ("found", "right", "false"),
    [
        (answer("S1", "street", 1350, 2000), False, False),  # 350 m: near, only coarser
        (answer("S1", "street", 1450, 2000), False, True),
        (answer(None, "coordinates", 1100, 2000), True, False),  # a point within the bound
        (answer(None, "coordinates", 1130, 2000), False, True),
        (answer("P1", "street", 1000, 2000), True, False),  # the place, told as its street
    ],
)
def test_the_street_of_a_place_is_coarser_and_not_false(found, right, false):
    table = scored((PUB, found))

    assert (table.loc[0, "right"], table.loc[0, "false"]) == (right, false)


def test_the_street_of_one_of_several_branches_is_right():
    table = scored((BRANCHES, answer("S1", "street", 1440, 2000)))

    assert table["right"].all()


def test_a_place_without_a_level_is_not_nothing():
    table = scored((NONE, answer("P1", "none")), (NONE, answer(None, "area")))

    assert list(table["right"]) == [False, True]


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (answer(level="withheld"), True),
        (answer(level="none"), False),
        (answer("P1", "withheld"), False),
        (answer(None, "withheld", 1.0, 2.0), False),
    ],
)
def test_a_home_is_withheld_with_neither_place_nor_point(found, right):
    table = scored((HOME, found))

    assert table.loc[0, "right"] == right


def test_homes_that_have_a_place_or_point_are_told_apart():
    table = scored((HOME, answer("P1", "withheld")), (HOME, answer(level="none")))

    assert list(table["told"]) == [True, False]


def test_errors_are_of_specific_answers_with_a_true_point():
    table = scored(
        (PUB, answer("P1", "premises", 1000, 2000)),
        (PUB, answer("P2", "premises", 1300, 2400)),
        (LOCALITY, answer("L1", "locality", 1000, 3000)),
        (NONE, answer("P1", "premises", 0, 0)),
    )

    assert list(table["error_m"].dropna()) == [0, 500]
    assert (error_at(table, 0.5), error_at(table, 0.95)) == (500, 500)
    assert len(places_named(table)) == 3


def test_calibration_error_by_hand():
    # 0.9–1.0: 0.95, 0.95 both right; 0.5–0.6: 0.55, 0.55 one right.
    # (2 × |0.95 − 1| + 2 × |0.55 − 0.5|) / 4 = 0.05
    good, bad = (answer(p, "premises", 1000, 2000) for p in ("P1", "P2"))
    table = scored(
        (PUB, good | {"match_score": 0.95}),
        (PUB, good | {"match_score": 0.95}),
        (PUB, good | {"match_score": 0.55}),
        (PUB, bad | {"match_score": 0.55}),
        (PUB, answer(sure=0.2)),  # nothing was answered: not counted
    )

    assert calibration_error(table) == pytest.approx(0.05)
    assert list(reliability(table)["n"]) == [2, 2]
    assert list(reliability(table)["right"]) == [0.5, 1.0]


def test_a_score_of_one_is_in_the_last_tenth():
    table = scored((PUB, answer("P1", "premises", 1000, 2000, sure=1.0)))

    assert list(reliability(table)["low"]) == [0.9]
    assert calibration_error(table) == 0


def test_coverage_compares_the_error_with_the_radius_told():
    table = scored(
        (PUB, answer("P1", "premises", 1050, 2000, radius=50)),
        (PUB, answer("P1", "premises", 1051, 2000, radius=50)),
        (PUB, answer("P1", "premises", 1000, 2000)),
        (NONE, answer("P1", "premises", 1000, 2000, radius=50)),
    )

    assert list(table["within_uncertainty"].dropna()) == [True, False]


@pytest.fixture(scope="module")
def examples():
    gazetteer = sets.cardiff_gazetteer()
    if gazetteer is None or not (gazetteer.parents[1] / "check_places.py").is_file():
        pytest.skip("the shared examples are not beside the project")
    table = sets.labelled_texts("places", gazetteer)
    table = table[table["set"] == "examples"].reset_index(drop=True)
    return table, gazetteer, gazetteer.parents[1] / "check_places.py"


def mangled(table, gazetteer):
    """Answers of every quality: the truth, nothing, a place of another text, the next street."""
    places = pd.read_csv(gazetteer, dtype=str, keep_default_na=False)
    streets = places[places["kind"] == "street"]
    levels = ("premises", "street", "none", "withheld", "locality", "junction", "coordinates")
    for number, row in enumerate(table.itertuples()):
        first = row.acceptable_place_ids.split("|")[0]
        x, y = (float(c) if c else None for c in (row.easting, row.northing))
        street = streets.iloc[number]
        off = None if x is None else x + 25.0 * (number % 20)
        yield (
            answer(first or None, row.truth_level, x, y),
            answer(None, levels[number // 7 % 7], off, y),
            answer(first or None, levels[number // 7 % 7], off, y),
            answer(street.place_id, "street", float(street.easting), float(street.northing)),
            answer(level="withheld"),
            answer(first or None, "premises", None, None),
            answer(),
        )[number % 7]


def test_the_examples_own_checker_finds_the_same(examples, tmp_path):
    table, gazetteer, checker = examples
    found = pd.DataFrame(list(mangled(table, gazetteer))).astype(
        {"easting": "float64", "northing": "float64"}
    )
    result = tmp_path / "found.csv"
    columns = ["place_id", "location_level", "easting", "northing"]
    found.assign(id=table["id"])[["id", *columns]].to_csv(
        result, index=False, quoting=csv.QUOTE_MINIMAL
    )

    run = subprocess.run(
        [sys.executable, checker, result, "--show", "0"],
        capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    told = {
        name.strip(): float(share)
        for name, share in re.findall(r"^(?:PASS|FAIL)  (.{30}) ([\d.]+)", run.stdout, re.MULTILINE)
    }
    ours = score(table, found)
    named = places_named(ours)

    assert told["accuracy"] == pytest.approx(ours["right"].mean(), abs=1e-3)
    assert told["false-confident rate (of all)"] == pytest.approx(ours["false"].mean(), abs=1e-3)
    assert told["median error m"] == pytest.approx(error_at(ours, 0.5), abs=1e-3)
    assert told["95 % error m"] == pytest.approx(error_at(ours, 0.95), abs=1e-3)
    homes = ours[ours["kind"] == "home"]
    assert told["homes with a place or point"] == homes["told"].sum()
    assert f"rows right: {named['right'].sum()}/{len(named)} " in run.stdout
    assert f"claimed on {ours['claimed'].sum()}/{len(ours)};" in run.stdout
