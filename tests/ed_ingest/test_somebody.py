import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.name_index import index_names
from ed_ingest.redaction import redact_texts
from tests.ed_ingest.gazetteer_builder import town

INDEX = index_names(town())


def redacted(text):
    return redact_texts([text], INDEX)[0]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("hit by Star outside Golden Lamb", "hit by […] outside Golden Lamb"),
        ("april from her course scratched face", "[…] from her course scratched face"),
        ("art who drinks in there hit him", "[…] who drinks in there hit him"),
        ("Storm & others jumped pt", "[…] & others jumped pt"),
        ("Guy (brother) was there", "[…] (brother) was there"),
        ("male known as Rocky", "male known as […]"),
        ("brought in by lucky", "brought in by […]"),
        ("will and art kicked him", "[…] and […] kicked him"),
        ("Mrs Church fell", "Mrs […] fell"),
        ("Jane Doe", "[…]"),
        ("staff member Star pulled hair", "staff member […] pulled hair"),
        ("with Mohammed A. in town", "with […] . in town"),
        ("hit by Jan Snow", "hit by […]"),
        ("hit by will green on Castle Street", "hit by […] on Castle Street"),
        ("ex April May", "ex […]"),
    ],
)
def test_an_ordinary_word_is_a_name_by_what_stands_around_it(text, left):
    assert redacted(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "assaulted in April",
        "church car park, star shape cut",
        "near the rocky beach",
        "driver punched pt",
        "Chelsea fans fought outside",
        "pt will not say where",
        "hit by black car",
        "walked past church and park",
    ],
)
def test_the_same_words_stay_where_they_are_ordinary(text):
    assert redacted(text) == text


NAMES = st.sampled_from(
    ["Darren", "Agnieszka", "Llŷr", "Oluwaseun", "Xiuying", "Bexterling", "Kowalczyk", "O'Flaherty"]
)
CUES = st.sampled_from(
    [
        *("by ex {}", "mate {}", "{} hit him", "PC {}", "pt's cousin {}", "{} (friend)"),
        *("called {}", "{} from work", "known as {}", "mr {}", "{} and others", "with {}"),
        "bouncer {}",
    ]
)
AROUND = st.sampled_from(["Golden Lamb", "o/s Mill Lane", "2am", "x2 punches", "Castle Street", ""])


@given(NAMES, CUES, AROUND, AROUND, st.sampled_from([str, str.lower, str.upper]))
def test_a_name_vanishes_whatever_stands_around_it(name, cue, before, after, case):
    text = case(f"{before}, {cue.format(name)} {after}")

    left = redacted(text)

    assert case(name) not in left


@given(CUES, AROUND, AROUND, st.sampled_from([str, str.lower, str.upper]))
def test_redacting_again_changes_nothing(cue, before, after, case):
    once = redacted(case(f"{before}, {cue.format('Zyxwv')} {after}"))

    assert redacted(once) == once
