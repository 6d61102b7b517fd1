import dataclasses

import pandas as pd

from ed_ingest.known_places import EXACT, LOOSE, known_spans
from ed_ingest.name_index import index_names
from ed_ingest.words import normal_text
from tests.ed_ingest.gazetteer_builder import places_table, town

INDEX = index_names(town())


def found(text, index=INDEX):
    words = normal_text(text).split()
    spans = known_spans(words, index)
    return [(" ".join(words[s.start : s.end]), {index.ids[r] for r in s.rows}) for s in spans]


def test_names_are_found_whatever_the_abbreviation():
    assert found("o/s Golden Lamb castle st") == [("golden lamb", {"p1"}), ("castle st", {"s1"})]


def test_the_longest_name_wins_where_names_overlap():
    assert found("marford central station") == [("marford central station", {"t1"})]


def test_spacing_and_plural_do_not_matter():
    spans = known_spans(["gatekeepers", "on", "castle", "st"], INDEX)

    assert [s.score for s in spans] == [LOOSE, EXACT]


def test_branches_and_twins_come_together():
    assert found("burger barn") == [("burger barn", {"p3", "p4"})]
    assert found("mill lane") == [("mill lane", {"s3", "s4"})]


def test_a_name_does_not_begin_or_end_in_a_joining_word():
    assert found("mill lane and castle street") == [
        ("mill lane", {"s3", "s4"}),
        ("castle st", {"s1"}),
    ]


def test_no_place_in_no_words():
    assert found("") == []
    assert found("hit by unknown male") == []


def test_an_empty_gazetteer_knows_nothing():
    nothing = dataclasses.replace(
        town(),
        places=places_table([]),
        names=pd.DataFrame({"name": [], "place_id": [], "rank": []}, dtype="str").astype(
            {"rank": "int64"}
        ),
    )

    assert found("castle street", index_names(nothing)) == []
