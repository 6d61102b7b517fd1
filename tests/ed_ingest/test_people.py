import pytest

from ed_ingest.known_places import known_spans
from ed_ingest.name_index import index_names
from ed_ingest.people import is_safe_word, kept_words
from ed_ingest.words import normal_word, tokens
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def kept(text):
    raw = [m.group() for m in tokens(text)]
    words = [normal_word(w) for w in raw]
    breaks = [i == 0 or "," in text.split(w)[0][-2:] for i, w in enumerate(raw)]
    keep = kept_words(raw, words, breaks, known_spans(words, INDEX), INDEX)
    return " ".join(word for word, stays in zip(raw, keep, strict=True) if stays)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("by ex Darren outside Golden Lamb", "by ex outside Golden Lamb"),
        ("BY EX DARREN OUTSIDE GOLDEN LAMB", "BY EX OUTSIDE GOLDEN LAMB"),
        ("by ex darren outside golden lamb", "by ex outside golden lamb"),
        ("Mr P Jones hit", "Mr hit"),
        ("with Agnieszka Bexterling", "with"),
        ("Zyxwv hit him", "hit him"),
        ("will hit him", "hit him"),
        ("GRACE + SUMMER kicked her", "+ kicked her"),
        ("mate Big Dave", "mate Big"),
        ("friend Young hit him", "friend hit him"),
        ("PC Rose attended", "PC attended"),
    ],
)
def test_names_go_in_any_case(text, left):
    assert kept(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "Jack Murphy's on Mill Lane",
        "unknown young male near Victoria Green",
        "outside Zorbas kebab shop",
        "Charlie's Bar",
        "in Croline Street",
        "Swansea",
        "O'Neill's",
    ],
)
def test_places_and_ordinary_words_stay(text):
    assert kept(text) == text


def test_a_place_called_as_a_person_goes_where_a_cue_makes_it_one():
    assert kept("by ex Murphs") == "by ex"
    assert kept("by Charlie outside Charlie's Bar") == "by outside Charlie's Bar"


def test_words_that_are_safe_by_themselves():
    assert is_safe_word("bottle")
    assert is_safe_word("0200")
    assert not is_safe_word("3438")
    assert not is_safe_word("123456")
    assert not is_safe_word("darren")
    assert not is_safe_word("zyxwv")
