import pytest

from ed_ingest.known_places import known_spans
from ed_ingest.name_index import index_names
from ed_ingest.venue_support import support_by_streets, support_by_words
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())
P1, P2, P3, P4 = (INDEX.ids.index(name) for name in ("p1", "p2", "p3", "p4"))


def spans(text, kind):
    found = known_spans(text.split(), INDEX)
    return [s for s in found if INDEX.kinds[s.rows[0]] == kind]


def test_a_street_speaks_for_what_lies_on_it_and_against_what_is_far():
    streets = spans("castle st", "street")

    # p1 and p3 have the street in their address; p4 lies at (319 010, 174 010), over 2 km off.
    assert support_by_streets([P1, P3, P4], streets, INDEX).tolist() == [3.0, 3.0, -3.0]
    # Jack Murphy's at (318 110, 176 210) is 215 m from Castle Street's nearest known point: the
    # distance says nothing either way.
    assert support_by_streets([P2], streets, INDEX).tolist() == [0.0]
    assert support_by_streets([], streets, INDEX).tolist() == []


@pytest.mark.parametrize(
    ("text", "support"),
    [
        # Burger Barn in Castle Street lies 2.3 km from Harbourside, that in Harbour Road in it,
        # clearly nearest: 2 + 1.5.
        ("burger barn harbourside", [-3.0, 3.5]),
        ("burger barn", [0.0, 0.0]),
        # A word of the address of either.
        ("burger barn castle", [1.0, 0.0]),
    ],
)
def test_words_speak_for_the_place_whose_address_has_them(text, support):
    venue = spans(text, "premises")[0]
    localities = spans(text, "locality")

    found = support_by_words([P3, P4], venue, text.split(), [], localities, INDEX)

    assert found.tolist() == support
