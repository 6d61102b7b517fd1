"""One text, word by word, as the rules for names of people and places read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

ENDS, OPENS = 1, 2  # what stands before a word: a comma or the start, or a colon or bracket
POSSESSIVE = ("'s", "’s", "s'", "s’")


class Text(NamedTuple):
    """One text, word by word.

    Attributes
    ----------
    raw
        The words as written.
    words
        The same in normal form.
    breaks
        For each word, whether punctuation or the start of the text stands before it: `ENDS` or,
        where a name may follow its cue behind it, `OPENS`.
    flags
        For each word, what it is (`word_kinds`).
    covered
        For each word, whether it belongs to a known place; marked by `protect_words`.
    """

    raw: Sequence[str]
    words: Sequence[str]
    breaks: Sequence[int]
    flags: Sequence[int]
    covered: list[bool]


def is_capital(text: Text, i: int) -> bool:
    """Whether a word has a capital letter in a text most of whose words have none."""
    if not text.raw[i][0].isupper():
        return False
    long = [word for word in text.raw if len(word) > 1 and word[0].isalpha()]
    return len(long) <= 2 * sum(word[0].islower() for word in long)


def is_possessive(text: Text, i: int) -> bool:
    """Whether a word as written ends like "Dorothy's"."""
    return text.raw[i].lower().endswith(POSSESSIVE)
