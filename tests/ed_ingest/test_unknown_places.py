import pytest

from ed_ingest.name_index import index_names
from ed_ingest.redaction import redact_texts
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def redacted(text):
    return redact_texts([text], INDEX)[0]


@pytest.mark.parametrize(
    "text",
    [
        "in the Zyxwv, 2 lads",
        "Zyxwv hotel, wedding",
        "nr Zyxwv's Chemist",
        "yn y dafarn - Y Zyxwv",
        "Clwb Ifor, upstairs",
        "hit with a zyxwv",
        "fell out, Zyxwv's",
        "outside Zyxwv Way",
        "o/s Dorothy's",
    ],
)
def test_unknown_words_stay_where_a_place_or_a_thing_stands(text):
    assert redacted(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Zyxwv hit him",
        "incl a Zyxwv, both hit",
        "at Darren's",
        "the Zyxwv brothers",
        "mate Zyxwv",
        "Zyxwv Qwxzy",
        "hit by zyxwv",
    ],
)
def test_unknown_words_go_where_a_person_may_stand(text):
    left = redacted(text)

    assert "zyxwv" not in left.lower()
    assert "Darren" not in left
