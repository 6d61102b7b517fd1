"""Whether words kept outside the store (labels, words of codes) may name a person."""

from __future__ import annotations

import unicodedata

from ed_ingest.hidden_numbers import without_hidden_numbers
from ed_ingest.identifiers import MARK, without_identifiers
from ed_ingest.people import is_name
from ed_ingest.words import normal_word, tokens

_TITLES = frozenset(
    {"mr", "mrs", "ms", "miss", "mister", "mx", "prof", "professor", "sir", "madam", "nurse",
     "sister", "pc", "wpc", "dc", "sgt", "sergeant", "constable", "pcso"}
)  # fmt: skip
_FEWEST_LETTERS_OF_A_NAME = 3


def is_disguised(text: str) -> bool:
    """Whether a text holds letters or figures that only look like ours, or signs that do not show.

    Of Latin letters those with accents are ours, small capitals and mathematical ones are not.
    """
    return not text.isascii() and any(map(_is_strange, text))


def holds_a_number_of_a_person(text: str) -> bool:
    """Whether a text holds an identifier in figures, an address of mail, or figures in words."""
    told = without_hidden_numbers(without_identifiers(text, venues=(), postcodes=()))
    return MARK in told and MARK not in text


def holds_a_title(text: str) -> bool:
    """Whether a text holds a title of a person, such as Mrs or Sgt."""
    return any(word in _TITLES for word in _words(text))


def may_name_a_person(text: str) -> bool:
    """Whether a text is disguised, or holds a person's number, title or common name."""
    return (
        is_disguised(text)
        or holds_a_number_of_a_person(text)
        or holds_a_title(text)
        or any(len(w) >= _FEWEST_LETTERS_OF_A_NAME and is_name(w) for w in _words(text))
    )


def _words(text: str) -> list[str]:
    return [normal_word(match.group()) for match in tokens(text)]


def _is_strange(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category == "Cf":
        return True
    if category[0] not in "LN" or letter.isascii():
        return False
    name = unicodedata.name(letter, "")
    # "<font>", "<wide>", "<circle>": another form of a common letter or figure.
    another_form = unicodedata.decomposition(letter).startswith("<")
    ours = name.startswith("LATIN ") and "SMALL CAPITAL" not in name
    return another_form or not ours
