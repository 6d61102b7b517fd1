import pytest

from ed_ingest.ordinary_words import (
    inflected_words,
    ordinary_words,
    other_forms,
    words_of_deeds,
    words_of_what_was_done,
)
from ed_ingest.schema import load_vocabulary
from ed_ingest.words import normal_text, vocabulary


@pytest.mark.parametrize(
    ("word", "forms", "others"),
    [
        ("stab", "v", {"stabs", "stabbing", "stabbed", "stabber"}),
        ("punch", "v", {"punches", "punching", "punched", "puncher"}),
        ("glare", "v", {"glares", "glaring", "glared", "glarer"}),
        ("bully", "v", {"bullies", "bullying", "bullied", "bullier"}),
        ("knee", "v", {"knees", "kneeing", "kneed", "kneer"}),
        ("play", "v", {"plays", "playing", "played", "player"}),
        ("ladder", "n", {"ladders"}),
        ("bench", "n", {"benches"}),
        ("lorry", "n", {"lorries"}),
        ("loud", "a", {"louder", "loudest", "loudly"}),
        ("and", "", set()),
    ],
)
def test_other_forms_are_made_by_rule(word, forms, others):
    assert set(other_forms(word, forms)) == others


def test_a_listed_word_and_its_forms_are_ordinary():
    assert {"screwdriver", "ladders", "stabbing", "st"} <= ordinary_words()
    assert "stabbing" in inflected_words()
    assert "stabbed" in words_of_deeds() & words_of_what_was_done()


def test_no_name_stands_among_the_listed_words():
    # A form made by rule may be a name (Harding, Banks); the name comes first then.
    names = vocabulary("person_names", "name")

    assert not names & {normal_text(word) for word in load_vocabulary("common_words")["word"]}
    assert not names & vocabulary("safe_words")
