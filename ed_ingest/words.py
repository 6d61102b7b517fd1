"""Words of a location in the one normal form in which texts and names of places are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache

import pandas as pd

from ed_ingest.schema import load_vocabulary

# A word keeps its inner apostrophe (O'Neill's) and the slash of o/s, n/k, c/o; a sign that stands
# for a word (@, &, +) is a word.
WORD = re.compile(r"[oO]/[sS](?![^\W_])|[nNuU]/[kK](?![^\W_])|[^\W_]+(?:['’`´][^\W_]+)*|[@&+/]")
_APOSTROPHES = str.maketrans("", "", "'`")
_SIGNS = {"&": "and", "+": "and", "@": "at", "o/s": "outside", "n/k": "nk", "u/k": "nk"}
# Letters that do not come apart into a letter and an accent.
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "ß": "ss", "ı": "i"})


def tokens(text: str) -> list[re.Match[str]]:
    """Words of a text with their places in it."""
    return list(WORD.finditer(text))


def breaks_before(text: str, found: Sequence[re.Match[str]]) -> list[bool]:
    """For each word of a text, whether punctuation or the start of the text stands before it."""
    ends = [0, *(match.end() for match in found)]
    gaps = (text[end : match.start()] for end, match in zip(ends, found, strict=False))
    return [i == 0 or (gap != "" and not gap.isspace()) for i, gap in enumerate(gaps)]


def normal_word(word: str) -> str:
    """Lower case without accent or apostrophe, in the one form of each abbreviation.

    ``St`` is Saint at the start of a name and Street at its end; both become ``st``, since their
    place in the name tells them apart.
    """
    plain = plain_word(word)
    return abbreviations().get(plain, plain)


def normal_words(found: Sequence[Sequence[re.Match[str]]]) -> list[list[str]]:
    """Words of many texts in normal form; each distinct word is worked out once."""
    written = [[match.group() for match in matches] for matches in found]
    normal = {word: normal_word(word) for word in {w for words in written for w in words}}
    return [[normal[word] for word in words] for words in written]


def plain_word(word: str) -> str:
    """Lower case without accent or apostrophe; the word itself otherwise."""
    if not word.isascii():
        parts = unicodedata.normalize("NFKD", word.translate(_LETTERS))
        # Of a sign that counts as a letter nothing may be left: it stays as it is.
        word = "".join(letter for letter in parts if letter.isalnum()) or word
    lower = word.lower()
    if "'" in lower or "`" in lower:
        lower = lower.translate(_APOSTROPHES)
    return _SIGNS.get(lower, lower)


def normal_text(text: str) -> str:
    """Normal form of one text: its normal words with one space between them."""
    return " ".join(w for w in map(normal_word, WORD.findall(text)) if w != "/")


def normal_form(texts: pd.Series) -> pd.Series:
    """Normal form that texts and names of places are matched in.

    Parameters
    ----------
    texts
        Words as written; may be missing.

    Returns
    -------
    Series
        Lower case, without accents, apostrophes or punctuation, abbreviations in one form; missing
        becomes the empty text. Index of `texts`.
    """
    codes, distinct = pd.factorize(texts.fillna("").astype(str))
    forms = pd.Series([normal_text(text) for text in distinct], dtype="str")
    return pd.Series(forms.to_numpy()[codes], index=texts.index, dtype="str")


def loose_key(words: Iterable[str]) -> str:
    """Spelling with the differences of spacing, plural and article taken out.

    >>> loose_key(["the", "gate", "keepers"])
    'gatekeeper'
    """
    return "".join(map(loose_word, words))


def loose_word(word: str) -> str:
    """Part that one word has in a loose key: nothing of an article, no plural."""
    if len(word) <= _LONGEST_SMALL:
        return "" if word in _SMALL else word
    return word[:-1] if word[-1] == "s" else word


_SMALL = frozenset({"the", "and", "of"})
_LONGEST_SMALL = 3


@cache
def abbreviations() -> dict[str, str]:
    """Normal form of each word that is written in more than one way."""
    table = load_vocabulary("abbreviations")
    return dict(zip(table["short"], table["normal"], strict=True))


@cache
def vocabulary(name: str, column: str = "word") -> frozenset[str]:
    """Entries of one vocabulary, each word in normal form."""
    return frozenset(normal_text(entry) for entry in load_vocabulary(name)[column])


@cache
def vocabulary_kind(name: str, kind_column: str, kind: str) -> frozenset[str]:
    """Entries of one vocabulary whose `kind_column` is `kind`, each word in normal form."""
    table = load_vocabulary(name)
    return frozenset(
        normal_text(entry) for entry in table.loc[table[kind_column] == kind].iloc[:, 0]
    )
