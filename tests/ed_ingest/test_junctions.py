import pytest

from ed_ingest.junctions import bare_streets, meeting_streets, street_called_short
from ed_ingest.known_places import known_spans
from ed_ingest.name_index import index_names
from ed_ingest.one_letter import strange_words
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def spans_of(text, kind):
    words = text.split()
    known = known_spans(words, INDEX)
    return words, [s for s in known if INDEX.kinds[s.rows[0]] == kind]


@pytest.mark.parametrize(
    "text",
    [
        "castle st / st anne st",
        "corner of castle st and st anne st",
        "castle st x st anne st",
        "where castle st meets st anne st",
        "castle st st anne st junction",
        "lights castle st st anne st",
    ],
)
def test_streets_that_are_said_to_meet_are_a_pair(text):
    words, streets = spans_of(text, "street")

    assert [(a.name, b.name) for a, b in meeting_streets(words, streets)] == [
        ("castle st", "st anne st")
    ]


def test_streets_with_other_words_between_are_none():
    words, streets = spans_of("castle st then he ran off st anne st", "street")

    assert list(meeting_streets(words, streets)) == []
    assert list(meeting_streets([], [])) == []


def test_streets_of_a_junction_may_lack_the_word_for_their_kind():
    words = ["corner", "of", "castle", "and", "mill"]

    found = bare_streets(words, [], INDEX)

    assert [(s.start, s.end, s.name) for s in found] == [(2, 3, "castle"), (4, 5, "mill")]
    # Without a word for a junction they are words like others.
    assert bare_streets(["castle", "and", "mill"], [], INDEX) == []
    # Castle Street and Harbour Road do not meet.
    assert bare_streets(["corner", "of", "castle", "and", "harbour"], [], INDEX) == []


def test_a_street_is_called_short_behind_on_or_beside_its_part_of_town():
    words, localities = spans_of("on llanbedr", "locality")
    assert (
        street_called_short(words, strange_words(words, []), localities, INDEX).name == "llanbedr"
    )

    words, localities = spans_of("llanbedr northside", "locality")
    strange = strange_words(words, localities)
    assert street_called_short(words, strange, localities, INDEX).name == "llanbedr"

    assert street_called_short(["by", "llanbedr"], [False, True], [], INDEX) is None
    assert street_called_short([], [], [], INDEX) is None
