import pytest

from ed_ingest.name_index import index_names
from ed_ingest.word_kinds import (
    ALSO_NAME,
    DOUBTFUL,
    HARMLESS,
    MISSPELT,
    NAME,
    NUMBER,
    ORDINARY,
    PLACE,
    STREET,
    SURNAME,
    kinds_of,
)
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def kind(word):
    return kinds_of([word], INDEX)[word]


@pytest.mark.parametrize(
    ("word", "flags"),
    [
        ("bottle", ORDINARY),
        ("darren", NAME | DOUBTFUL),
        ("darrens", NAME | DOUBTFUL),
        ("kowalczyk", NAME | DOUBTFUL),
        ("church", ORDINARY | ALSO_NAME),
        ("2330", NUMBER | HARMLESS | DOUBTFUL),
        ("screwdrivr", ORDINARY | MISSPELT),
        ("stret", ORDINARY | MISSPELT | STREET),
        ("zyxwv", DOUBTFUL),
    ],
)
def test_what_a_word_is(word, flags):
    assert kind(word) & flags == flags


def test_a_word_of_the_gazetteer_is_one_of_places_unless_it_is_a_name():
    assert kind("llanbedr") & PLACE
    assert not kind("murphys") & PLACE


def test_a_misspelt_word_is_none_where_a_name_is_as_near():
    assert not kind("darrren") & ORDINARY


def test_a_surname_that_is_no_forename_is_told():
    assert kind("bassett") & SURNAME
    assert not kind("darren") & SURNAME
