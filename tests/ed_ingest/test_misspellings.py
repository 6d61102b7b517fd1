import pytest

from ed_ingest.known_places import Span, known_spans
from ed_ingest.misspellings import misspelt_spans
from ed_ingest.name_index import index_names
from ed_ingest.one_letter import one_letter_spans, with_misspelt
from ed_ingest.words import normal_text
from tests.ed_ingest.gazetteer_builder import PLACES, town

INDEX = index_names(town())


def found(text):
    words = normal_text(text).split()
    spans = misspelt_spans([words], [known_spans(words, INDEX)], INDEX)[0]
    return [(" ".join(words[s.start : s.end]), {INDEX.ids[r] for r in s.rows}) for s in spans]


@pytest.mark.parametrize(
    ("text", "words", "places"),
    [
        ("hit on Castel Street", "castel st", {"s1"}),
        ("Hrbour Rd nk", "hrbour road", {"s5"}),
        ("in Goldn Lamb", "goldn lamb", {"p1"}),
        ("the alchamist st anne street", "alchamist", {"p5"}),
        ("Llanbeder Gardens", "llanbeder gardens", {"s6"}),
        ("Kastl Steet", "kastl steet", {"s1"}),  # two words wrong, one of them "street"
        ("Jacc Murfys", "jacc murfys", {"p2"}),  # sounds the same
    ],
)
def test_a_name_with_a_wrong_letter_is_found(text, words, places):
    assert found(text) == [(words, places)]


@pytest.mark.parametrize(
    "text",
    [
        "Castel Road",  # another kind of street
        "the alke mist",
        "Castel",  # one short word that stands nowhere in particular
        "hit with botle",  # an ordinary word misspelt
        "Zyxwv Qqqqq",
        "hit by unknown male",
        "Castle Street",  # known already
        "",
    ],
)
def test_what_is_not_near_enough_is_left_alone(text):
    assert found(text) == []


def test_one_wrong_letter_is_enough_for_the_quick_way():
    words = ["in", "goldn", "lamb"]

    assert [s.rows for s in one_letter_spans([words], [[]], INDEX)[0]] == [
        INDEX.exact["golden lamb"]
    ]
    assert one_letter_spans([["in", "gldn", "lmb"]], [[]], INDEX) == [[]]


def test_a_known_name_inside_a_misspelt_one_is_part_of_it():
    words = ["castel", "st", "mill", "lane"]
    known = known_spans(words, INDEX)

    together = with_misspelt(known, [Span(1, 3, (0,), 0.7, "st mill")])

    assert [(s.start, s.end) for s in together] == [(1, 3)]


def test_another_word_beside_the_town_is_not_a_misspelt_venue():
    # "along" shares letters with Kongs, and Marford is in both; yet it is another word.
    row = ("p90", "Kongs Marford", "", "premises", 420_000, 310_000, "1 Castle Street, Marford", "")
    index = index_names(town([row]))  # a gazetteer that knows no localities
    words = normal_text("walking along, Marford").split()

    assert misspelt_spans([words], [known_spans(words, index)], index) == [[]]


def test_a_misspelt_name_cuts_no_known_one():
    # "st joins" is St Johns with a letter wrong, but its "st" ends the name of a known street.
    row = ("p91", "St Johns", "", "premises", 420_000, 310_000, "1 Mill Lane, Marford", "")
    index = index_names(town([*PLACES, row]))
    words = ["st", "anne", "st", "joins", "mill", "lane"]

    assert one_letter_spans([words], [known_spans(words, index)], index) == [[]]
    alone = ["at", "st", "joins"]
    assert len(one_letter_spans([alone], [known_spans(alone, index)], index)[0]) == 1
