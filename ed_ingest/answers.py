"""Answers to questions of yes or no, in whatever words: "police not contacted" is a no."""

from __future__ import annotations

from collections.abc import Sequence

from ed_ingest.phrases import GENERAL, UNKNOWN, WordList, phrase_at, plain_words, word_list

_CHECK_MARKS = frozenset("✓✔☑√+")
_NEGATIONS = frozenset(
    {"no", "not", "nil", "without", "never", "denies", "denied", "non", "didnt", "hasnt", "wasnt",
     "isnt", "doesnt", "dont", "havent", "werent", "arent", "dim", "ddim", "heb", "nid", "neither"}
)  # fmt: skip
_REACH = 3  # words from a negation to what it negates: "has not been drinking"
_NOES = frozenset({"no", "n", "neg", "negative", "nil", "none", "na", "nage"})


def is_question(vocabulary: str) -> bool:
    """Whether the words of this list answer yes or no."""
    return vocabulary == "yes_no" or vocabulary in GENERAL


def of_marks(text: str) -> str:
    """Answer of a cell without a word: a mark is a yes, other signs say nothing."""
    return "yes" if text.strip() in _CHECK_MARKS else UNKNOWN


def with_negation(code: str | None, form: str, vocabulary: str) -> str | None:
    """Turn a yes into a no where the words negate it.

    Parameters
    ----------
    code
        What the phrases of the list say; None where nothing was understood.
    form
        The cell in normal words.
    vocabulary
        The list.
    """
    if code not in (None, "yes"):
        return code
    words = word_list(vocabulary)
    plain = plain_words(form, words)
    if code == "yes" and plain and plain[-1] in _NOES:
        return "no"  # "alcohol - no"
    return "no" if _ends_negated(plain, words) else code


def _ends_negated(plain: Sequence[str], words: WordList) -> bool:
    """Whether the last yes stands within reach behind a negation."""
    negated = False
    for place in range(len(plain)):
        here = phrase_at(plain, place, words)
        if here and here.phrase.code == "yes":
            negated = bool(_NEGATIONS & set(plain[max(0, place - _REACH) : place]))
    return negated
