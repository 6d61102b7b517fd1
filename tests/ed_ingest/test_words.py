import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.words import loose_key, normal_form, normal_text, normal_word, tokens


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("St. Mary's Rd", "st marys road"),
        ("Saint Marys Road", "st marys road"),
        ("Queen Street", "queen st"),
        ("QUEEN ST", "queen st"),
        ("Heol-y-Tollty", "heol y tollty"),
        ("Fox & Hounds", "fox and hounds"),
        ("o/s Maccies", "outside mcdonalds"),
        ("Llŷr Wiśniewski", "llyr wisniewski"),
        ("O’Neill's", "oneills"),
        ("", ""),
        ("?!", ""),
        ("corner \u037a", "corner \u037a"),  # a letter to Python, of which no letter is left
    ],
)
def test_one_normal_form_for_each_way_of_writing_a_name(written, normal):
    assert normal_text(written) == normal


def test_normal_form_keeps_the_index_and_turns_missing_into_nothing():
    texts = pd.Series(["Mill Ln", None, "Mill Ln"], index=[5, 7, 9], dtype="str")

    forms = normal_form(texts)

    assert forms.to_dict() == {5: "mill lane", 7: "", 9: "mill lane"}


def test_a_junctions_slash_is_a_word_of_its_own():
    assert [m.group() for m in tokens("A/B St o/s")] == ["A", "/", "B", "St", "o/s"]


def test_loose_key_forgets_spacing_plural_and_article():
    assert loose_key(["the", "gate", "keepers"]) == loose_key(["gatekeeper"]) == "gatekeeper"


@given(st.text())
def test_normal_text_is_stable(text):
    once = normal_text(text)
    assert normal_text(once).split() == [normal_word(w) for w in once.split()]
