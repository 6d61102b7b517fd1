import pytest

from ed_ingest.personal_words import is_disguised, may_name_a_person


@pytest.mark.parametrize(
    "text",
    [
        "Siоbhаn",  # Cyrillic о, а
        "Thrυmbοld",  # Greek υ, ο
        "Vex\u00adworthy",
        "Wrig\u200bgles",
        "\u2060x",
        "ᴘʟᴜᴍ",
        "𝐃𝐫𝐢𝐧𝐠",
        "９９９",
        "٩٩٩",
        "⑨",
    ],
)
def test_letters_that_only_look_like_ours_are_a_disguise(text):
    assert is_disguised(text)
    assert may_name_a_person(text)


@pytest.mark.parametrize(
    "text",
    ["Tŷ Gwyn", "Caffè Nero", "Zażółć", "O’Neill's – bar…", "Straße", "Llŷn", "£5 · 10 %", ""],
)
def test_accents_and_punctuation_are_none(text):
    assert not is_disguised(text)


@pytest.mark.parametrize(
    "text",
    [
        "Siobhan", "by Mr Zwingleby", "Sgt X", "9990000220", "ring 07700 900244", "a.b@example.com",
        "9 9 9 0 0 0", "nine nine nine one two three", "NHS 999 000 0220",
    ],
)  # fmt: skip
def test_a_name_a_title_or_a_number_may_name_a_person(text):
    assert may_name_a_person(text)


@pytest.mark.parametrize(
    "text",
    ["Bottled", "GBH s18", "Partner", "Punched/kicked", "Weapon - other", "QX7", "12", "[…]"],
)
def test_words_of_codes_do_not(text):
    assert not may_name_a_person(text)
