"""How words become codes beyond the single word: denials, groups, Welsh, slips of the keys."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.codes import read_codes
from ed_ingest.listed_spelling import perhaps_meant, surely_meant
from ed_ingest.numbers_told import age_bands_told
from ed_ingest.phrases import word_list
from ed_ingest.schema import load_vocabulary


def code(text, vocabulary, **options):
    found = read_codes(pd.Series([text], dtype="str"), vocabulary, **options).iloc[0]
    return None if pd.isna(found) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not knife or bottle, kicked", "body_part"),
        ("no evidence of any stab wound - punched", "body_part"),
        ("knife not used. Punched to face", "body_part"),
        ("knife was not seen, slapped", "body_part"),
        ("denies strangulation, glassed", "glass"),
        ("no weapon, fists only", "body_part"),
        ("not stabbed", None),
        ("punched, no LOC, bottle to head", "glass"),
    ],
)
def test_what_is_denied_does_not_count_and_what_follows_does(text, expected):
    assert code(text, "assault_method") == expected


def test_an_answer_before_a_dash_is_no_denial_of_what_follows():
    assert code("No - discharged", "admitted") == "no"
    assert code("Yes: ward", "admitted") == "yes"
    assert code("not admitted", "admitted") == "no"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mum's house", "other_home"), ("at her nan's", "other_home"),
        ("at home of a friend", "other_home"), ("his house", "own_home"),
        ("in her own kitchen", "own_home"), ("near his home", "street"),
        ("outside his mate's house", "street"), ("in her friend's car", "street"),
    ],
)  # fmt: skip
def test_whose_home_it_was(text, expected):
    assert code(text, "location_type") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("grabbed by the throat", "strangulation"), ("hands round her neck", "strangulation"),
        ("hit by ex's van", "vehicle"), ("punched by taxi driver", "body_part"),
        ("hit by car door", "blunt_object"), ("punched in his car", "body_part"),
        ("glass of water thrown over her", "other"), ("glass thrown at her", "glass"),
        ("punched, glasses broken", "body_part"), ("tea thrown over her", "corrosive_or_burn"),
        ("hit with something unheard of", "blunt_object"), ("firearm", "firearm"),
        ("bitten by his dog", "other"), ("bitten by his dad", "body_part"),
        ("punched walking dog", "body_part"), ("bit of an argument", "unknown"),
    ],
)  # fmt: skip
def test_the_words_around_it_tell_what_was_used(text, expected):
    assert code(text, "assault_method") == expected


@pytest.mark.parametrize("word", ["cyllell", "gyllell", "chyllell", "nghyllell"])
def test_welsh_words_are_known_in_every_mutation(word):
    assert code(f"trywanu â {word}", "assault_method") == "sharp_object"
    assert code(word, "assault_method") == "sharp_object"


@pytest.mark.parametrize(
    ("text", "vocabulary", "expected"),
    [
        ("cael ei ddyrnu", "assault_method", "body_part"),
        ("gyda photel", "assault_method", "glass"),
        ("yn y dafarn", "location_type", "licensed_premises"),
        ("tu allan i'r dafarn", "location_type", "street"),
        ("yn nhŷ ffrind", "location_type", "other_home"),
        ("fy nghartref", "location_type", "own_home"),
    ],
)
def test_welsh_phrases(text, vocabulary, expected):
    assert code(text, vocabulary) == expected


def test_initials_stand_together_as_the_list_has_them():
    for text in ("NFS", "n.f.s.", "N F S"):
        assert code(text, "assault_method") == "strangulation"
    assert code("A&E", "location_type") == code("a/e", "location_type") == "health_or_care"
    assert code("D/C", "admitted") == "no"


def test_a_count_behind_a_word_does_not_hide_it():
    assert code("punchedx3", "assault_method") == "body_part"


@pytest.mark.parametrize(
    ("slip", "word"),
    [
        ("bottel", "bottle"), ("hammmer", "hammer"), ("thown", "thrown"), ("kickeed", "kicked"),
        ("kckd", "kick"), ("btl", "bott"), ("elbwed", "elbowed"),
    ],
)  # fmt: skip
def test_slips_of_the_keys_are_put_right(slip, word):
    assert surely_meant(slip, "assault_method").startswith(word)


@pytest.mark.parametrize(
    ("written", "word"),
    [("nife", "knife"), ("vehical", "vehicle"), ("machetti", "machete"), ("ironbar", "iron bar")],
)
def test_words_written_by_sound_or_in_one_are_guessed(written, word):
    assert surely_meant(written, "assault_method") == written
    assert perhaps_meant(written, "assault_method").startswith(word)


@pytest.mark.parametrize("word", ["orbit", "class", "chin", "from", "form", "knoll", "bark", "hut"])
def test_other_words_are_not_taken_for_misspellings(word):
    assert code(word, "assault_method") is None


def test_a_name_is_no_home_where_nothing_is_to_be_guessed():
    assert code("Tynant", "location_type", guess=False) is None
    assert code("Stubbed toe", "attendance_reason", guess=False) is None
    assert code("assualt", "attendance_reason", guess=False) == "assault"


def test_a_slip_beside_a_word_that_is_known_still_counts():
    assert code("kicked and stabed", "assault_method") == "sharp_object"


@given(st.sampled_from(["assault_method", "location_type", "relationship"]), st.data())
def test_a_listed_word_is_never_respelt(name, data):
    word = data.draw(st.sampled_from(sorted(word_list(name).known)))

    assert perhaps_meant(word, name) == word


def test_groups_named_in_the_lists_exist():
    groups = {f"<{group}>" for group in load_vocabulary("groups")["group"]}
    for name in ("assault_method", "location_type", "relationship"):
        used = load_vocabulary(name)["words"].str.findall(r"<\w+>").explode().dropna()
        assert set(used) <= groups


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("43", "35-44"), ("17 yrs", "16-17"), ("8/12", "0-15"), ("18m", "0-15"),
        ("20-24", "18-24"), ("16 - 24", "unknown"), ("under 16", "0-15"), ("<18", "unknown"),
        (">=65", "65+"), ("65 and over", "65+"), ("75+", "65+"), ("15 and under", "0-15"),
        ("30s", "unknown"), ("34.5", "25-34"), ("150", "unknown"), ("44", "35-44"), ("45", "45-54"),
    ],
)  # fmt: skip
def test_ages_give_the_band_that_holds_them_all(text, expected):
    assert age_bands_told(pd.Series([text], dtype="str")).iloc[0] == expected


def test_words_without_a_number_tell_no_age():
    assert age_bands_told(pd.Series(["adult", None], dtype="str")).isna().all()
