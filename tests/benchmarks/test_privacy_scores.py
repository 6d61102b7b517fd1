"""Scores of redacted texts: what counts as left, what as lost."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys

import pandas as pd
import pytest

from benchmarks.evaluation import sets
from benchmarks.evaluation.privacy_scores import DIRECT, characters_left, leaked, score


def labels(text, *, vanish=(), kinds=(), survive=(), sorts=(), home="no"):
    row = {
        "set": "tune",
        "text": text,
        "must_vanish": json.dumps(vanish),
        "kinds": json.dumps(kinds),
        "must_survive": json.dumps(survive),
        "survive_kinds": json.dumps(sorts),
        "home": home,
    }
    return pd.DataFrame([row])


def fates(table, after):
    """Whether all is good, by what is measured."""
    marks = score(table, pd.Series([after], dtype="object"))
    return marks.groupby("measure")["good"].all().to_dict()


FIGHT = labels(
    "Jane Poe 07700 900123 glassed at the Red Lion",
    vanish=["Jane", "Poe", "07700 900123"],
    kinds=["name", "name", "phone"],
    survive=["Red Lion", "glassed"],
    sorts=["place", "detail"],
)
HOME = labels(
    "at home, flat 3, 12 Elm Street",
    vanish=["12 Elm Street", "Elm Street"],
    kinds=["addr", "addr_street"],
    home="yes",
)


def test_a_perfect_answer_is_good_throughout():
    marks = score(FIGHT, pd.Series(["[…] glassed at the Red Lion"]))

    assert marks["good"].all()
    assert marks["left"].sum() == 0
    # Jane, Poe and eleven digits.
    assert marks["characters"].sum() == 4 + 3 + 11


def test_an_empty_answer_hides_all_and_keeps_nothing():
    found = fates(FIGHT, "")

    assert found == {"identifier": True, "clean": True, "place": False, "detail": False}


def test_a_missing_answer_leaks_all_and_loses_all():
    marks = score(FIGHT, pd.Series([None], dtype="object"))

    assert not marks["good"].any()
    assert marks["left"].sum() == marks["characters"].sum() == 18


def test_an_unredacted_text_leaks_all_its_letters():
    marks = score(FIGHT, FIGHT["text"])

    assert not marks.loc[marks["measure"].isin(["identifier", "clean"]), "good"].any()
    assert marks["left"].sum() == marks["characters"].sum()


@pytest.mark.parametrize(
    ("after", "leak"),
    [
        ("rang 900 12 44", False),  # five of the digits in a row
        ("rang 7700 90", True),  # six
        ("rang (0)7700-90", True),  # whatever stands between them
        ("rang +44 7700 900123", True),
        ("rang […]", False),
    ],
)
def test_six_digits_in_a_row_of_a_long_number_are_a_leak(after, leak):
    assert leaked("07700 900123", "phone", after) == leak


@pytest.mark.parametrize(
    ("label", "kind", "after", "leak"),
    [
        ("CF99 9ZZ", "postcode", "near cf999zz", True),
        ("CF99 9ZZ", "postcode", "near CF99", False),
        ("j.poe@example.com", "email", "mail J.Poe at home", True),
        ("j.poe@example.com", "email", "mail to example.com", False),
        ("@poe99", "handle", "insta poe99", True),
        ("Poe", "name", "by POE, again", True),
        ("Poe", "name", "by Poet, again", False),
        ("St Peter", "name", "saint peter did it", True),
        ("26.6.79", "dob", "born 26/6/79", True),
    ],
)
def test_each_kind_of_identifier_has_its_own_rule(label, kind, after, leak):
    assert leaked(label, kind, after) == leak


def test_a_possessive_names_the_person_unless_it_is_a_venues():
    assert leaked("Charlie", "name", "at Charlie's")
    assert not leaked("Charlie", "name", "at Charlie's Bar", ["charlies", "bar"])
    assert leaked("Charlie", "name", "Charlie hit him at Charlie's Bar", ["charlies", "bar"])


@pytest.mark.parametrize(
    ("after", "emptied"),
    [
        ("at home, flat […]", True),
        ("", True),
        ("at home, elm […]", True),  # three letters tell nothing
        ("at home, […] Elm Street", False),
        ("at home, […] Elm St", False),
    ],
)
def test_a_home_is_emptied_when_no_word_of_its_address_is_left(after, emptied):
    assert fates(HOME, after)["home"] == emptied


def test_one_word_of_a_homes_street_is_too_much():
    home = labels("at home, 12 Habershon Street", vanish=["12 Habershon Street"], kinds=["addr"],
                  home="yes")  # fmt: skip

    found = fates(home, "at home, habershon")

    assert found == {"identifier": True, "clean": True, "home": False}


def test_a_name_survives_in_whichever_of_its_forms():
    table = labels("x", survive=["St Mary Street"], sorts=["place"])

    assert fates(table, "o/s SAINT MARY ST.")["place"]
    assert not fates(table, "o/s mary street")["place"]


def test_letters_are_counted_in_the_identifiers_own_place():
    text = "Rhys hit Dan near the Rhymney"

    assert characters_left("Rhys", "name", text, "[…] hit Dan near the Rhymney", []) == (4, 0)
    assert characters_left("Dan", "name", text, "[…] hit Dan near", []) == (3, 3)


def test_a_run_of_three_letters_is_a_trace_and_a_letter_by_chance_is_none():
    # "R94" of R946941 stands; then "h" of Habershon only in another word.
    assert characters_left("R946941", "mrn", "MRN R946941 fell", "MRN R94[…] fell", []) == (7, 3)
    assert characters_left("Zeb", "name", "by Zeb", "by an eb", []) == (3, 0)


def test_the_name_of_a_venue_is_not_counted_as_the_persons():
    text = "punched by Charlie outside Charlie's Bar"
    after = "punched by […] outside Charlie's Bar"

    assert characters_left("Charlie", "name", text, after, ["Charlie's Bar"]) == (7, 0)


def test_words_that_every_address_has_tell_nothing():
    text = "flat 15, Gwyn Avenue"

    assert characters_left("flat 15, Gwyn Avenue", "addr", text, "flat […] avenue", []) == (6, 0)


@pytest.fixture(scope="module")
def examples():
    gazetteer = sets.cardiff_gazetteer()
    if gazetteer is None or not (gazetteer.parents[1] / "check_privacy.py").is_file():
        pytest.skip("the shared examples are not beside the project")
    table = sets.labelled_texts("privacy", gazetteer)
    return table[table["set"] == "examples"], gazetteer.parents[1] / "check_privacy.py"


def mangled(table):
    """Answers of every quality: perfect, nothing, everything, half of it, none."""
    for number, (text, gone) in enumerate(zip(table["text"], table["must_vanish"], strict=True)):
        clean = text
        for label in json.loads(gone):
            clean = re.sub(re.escape(label), "[…]", clean, flags=re.IGNORECASE)
        half = text[: len(text) // 2]
        yield (clean, "", text, half, clean.upper(), text.replace(" ", "-"), None)[number % 7]


def test_the_examples_own_checker_finds_the_same(examples, tmp_path):
    table, checker = examples
    after = pd.Series(list(mangled(table)), index=table.index, dtype="object")
    answers = tmp_path / "after.csv"
    with answers.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text_after"])
        writer.writerows((i, a) for i, a in zip(table["id"], after, strict=True) if a is not None)

    run = subprocess.run(
        [sys.executable, checker, answers, "--show", "0"],
        capture_output=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}, check=False,
    )  # fmt: skip
    told = {
        name.strip(): float(share)
        for name, share in re.findall(r"^(?:PASS|FAIL)  (.{26}) ([\d.]+)", run.stdout, re.MULTILINE)
    }
    marks = score(table, after)
    share = marks.groupby("measure")["good"].mean()
    direct = marks[(marks["measure"] == "identifier") & marks["kind"].isin(DIRECT)]

    assert told["identifier recall"] == pytest.approx(share["identifier"], abs=1e-4)
    assert told["direct identifier recall"] == pytest.approx(direct["good"].mean(), abs=1e-4)
    assert told["homes emptied of address"] == pytest.approx(share["home"], abs=1e-4)
    assert told["place words survive"] == pytest.approx(share["place"], abs=1e-4)
    assert told["details survive"] == pytest.approx(share["detail"], abs=1e-4)
    clean = marks[marks["measure"] == "clean"]["good"]
    assert f"fully clean: {clean.sum()}/{len(clean)}" in run.stdout
