import pandas as pd
import pytest

from ed_ingest.offences import offence_codes, offence_groups


@pytest.mark.parametrize(
    ("text", "code"),
    [("8N", "8N"), ("8n", "8N"), ("008N", "8N"), ("8 N", "8N"), ("105A", "105A"), ("4.1", "4/1"),
     ("4/1", "4/1"), ("004/01", "4/1"), ("4.10", "4/10"), ("1", "1"), ("37/1", "37/1"),
     # Class and sub-code, glued or not, as police systems write them; 806 lost its noughts.
     ("008/06", "8/6"), ("00806", "8/6"), ("806", "8/6"), ("8-06", "8/6"), ("105/01", "105/1"),
     ("10501", "105/1"), ("105", "105"), ("803", "8/3"), ("03401", "34/1"),
     # Before the offence in words, and behind what they are.
     ("8N Assault with injury", "8N"), ("8N - ASSAULT", "8N"), ("104/23 Assault PC", "104/23"),
     ("HO 8N", "8N"), ("HO code: 008/06", "8/6")],
)  # fmt: skip
def test_home_office_codes_have_one_spelling(text, code):
    assert offence_codes(pd.Series([text])).iloc[0] == code


@pytest.mark.parametrize("text", [None, "", "ABH", "2500000001", "8N-12", "S47"])
def test_what_is_no_code_is_missing(text):
    assert offence_codes(pd.Series([text], dtype="str")).isna().all()


def groups(values=None, **cells):
    return offence_groups(pd.DataFrame(cells, dtype="str"), values or {})


def test_the_code_tells_the_group_before_the_words():
    found, unread = groups(
        offence_code=["8N", "4.1", "105A", "34B", "20A", "10D", "9A", "58C"], offence=["Murder"] * 8
    )

    assert found.tolist() == [
        "violence_with_injury", "homicide", "violence_without_injury", "robbery", "sexual",
        "weapons", "public_order", "homicide",
    ]  # fmt: skip
    assert unread.isna().all()


def test_words_and_categories_tell_it_where_the_code_does_not():
    found, _ = groups(
        offence_code=[None, "zz", None],
        offence=["Common assault and battery", None, None],
        crime_type=["Robbery", "Violence and sexual offences", "Bicycle theft"],
    )

    assert found.tolist() == ["violence_without_injury", "violence_and_sexual", "other"]


def test_what_tells_nothing_is_other_and_handed_on():
    found, unread = groups(offence=["zzgl", None])

    assert found.tolist() == ["other", "other"]
    assert unread.iloc[0] == "zzgl"
    assert pd.isna(unread.iloc[1])


def test_the_force_s_own_words_come_first():
    found, _ = groups(values={"offence": {"V1": "robbery"}}, offence=["V1"])

    assert found.tolist() == ["robbery"]
