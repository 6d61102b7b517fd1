import pytest

from ed_ingest.known_places import known_spans
from ed_ingest.name_index import index_names
from ed_ingest.scene import is_told_of_assault, where_it_happened
from ed_ingest.words import breaks_before, normal_words, tokens
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def here(text):
    written = tokens(text)
    words = normal_words([written])[0]
    spans = known_spans(words, INDEX)
    kept = where_it_happened(words, breaks_before(text, written), spans, INDEX)
    return [" ".join(words[s.start : s.end]) for s in kept]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("left Golden Lamb, hit on Castle Street", ["castle st"]),
        ("walking to Golden Lamb, hit on Castle Street", ["castle st"]),
        ("drinking in Golden Lamb, assaulted o/s Jack Murphys", ["jack murphys"]),
        ("argument in Golden Lamb carried on o/s Jack Murphys, hit there", ["jack murphys"]),
        ("Golden Lamb? no Jack Murphys", ["jack murphys"]),
        # Told of the assault itself, or the only place: it stays.
        ("punched in Golden Lamb, then went to Castle Street", ["golden lamb"]),
        ("after leaving Golden Lamb", ["golden lamb"]),
        ("across from Golden Lamb, Castle Street", ["golden lamb", "castle st"]),
        ("Golden Lamb, Castle Street", ["golden lamb", "castle st"]),
        # A venue behind a street only tells which end of it; before one it is the place.
        ("Castle Street near Golden Lamb", ["castle st"]),
        ("near Golden Lamb, Castle Street", ["golden lamb", "castle st"]),
        ("", []),
    ],
)
def test_places_on_the_way_or_before_are_left_out(text, places):
    assert here(text) == places


def test_an_assault_is_told_in_the_same_clause_only():
    words = ["punched", "outside", "x", "castle"]

    assert is_told_of_assault(words, [True, False, False, False], 2)
    assert not is_told_of_assault(words, [True, False, True, False], 2)
    assert not is_told_of_assault([], [], 0)
