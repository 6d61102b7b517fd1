"""What the heading of a column means, by the phrases of schemas/layouts/headings.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from ed_ingest.schema import load_heading_abbreviations, load_headings
from ed_ingest.words import plain_word, tokens, vocabulary

Floats = NDArray[np.float64]

# Whole words tell more than pieces of words; pieces bridge abbreviations and typing errors.
_WORDS_WEIGHT = 0.75
# A phrase that stands whole within a heading tells nearly as much as one that is all of it; what it
# lacks weighs fully, other words of the heading little.
_HELD_WEIGHT, _LACKING, _BEYOND = 0.9, 1.0, 0.25
_CHOICE = re.compile(r"\(([^()]*)\)")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d{2,})")
# "LOC" is short for location, but beside a date it is the local time (the other is UTC).
_LOCAL_TIME = re.compile(r"^loc\s+(?=.*\b(?:dt|date|tm|time)\b)", re.IGNORECASE)
# "Time in" and "Date out" live by the small word.
_IN_OR_OUT = re.compile(
    r"^\W*((?:date|time)(?:\s*(?:/|and|&)\s*(?:date|time))?)\s+(in|out)\W*$", re.I
)
# The number of a question on a form: "Q7.", "12b)".
_NUMBERED = re.compile(r"^\s*(?:q(?:uestion)?\s*)?\d{1,2}\s?[a-z]?\s*[.):-]?\s+(?=\D)", re.I)
_ASIDE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")
_PARTED = re.compile(r"\s*(?:\s[-–—|]\s|/|\||\n|:)\s*")
# Headings that take their meaning from what stands above or beside them.
_GENERIC = frozenset(
    {"date", "time", "date time", "type", "number", "description", "other", "code", "name", "id"}
)
_SHORT_PARTS = frozenset({"ae", "ed", "no", "dt", "tm", "id", "pt", "gp"})
# Words that say nothing about what a column holds.
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "at",
        "in",
        "on",
        "for",
        "please",
        "state",
        "enter",
        "select",
        "tick",
        "y",
        "n",
        "yes",
        "no",
        "if",
        "any",
        "ec",
        "der",
        "cds",
        "ed",
        "yr",
        "y",
        "o",
        "r",
        "i",
        "mandatory",
        "optional",
        "required",
        "field",
    ]
)
_WORD = r"\S+"


def heading_words(heading: str) -> str:
    """Words of a heading in one form: capitals inside a word part it, abbreviations are spelt out.

    >>> heading_words("AsltLocnDesc")
    'assault location description'
    """
    spaced = _LOCAL_TIME.sub("local ", _CAMEL.sub(" ", heading.replace("_", " ")))
    spaced = _IN_OR_OUT.sub(
        lambda m: f"{'arrival' if m[2].lower() == 'in' else 'departure'} {m[1]}", spaced
    )
    spaced = _NUMBERED.sub("", spaced)
    words = (plain_word(match[0]) for match in tokens(spaced))
    return _telling(" ".join(_glued_parts(word) for word in words))


def is_common_heading(heading: str) -> bool:
    """Whether every word of a heading is one that headings have: then it names nobody."""
    words = heading_words(heading).split()
    return bool(words) and all(
        word in _common_words() or len(word) <= _TOO_SHORT_FOR_A_NAME for word in words
    )


_TOO_SHORT_FOR_A_NAME = 2


def is_a_value(heading: str) -> bool:
    """Whether a heading is a date, a time or a number: then it is the first record's cell."""
    return _VALUE.fullmatch(heading) is not None and sum(map(str.isdigit, heading)) >= _LONG


_VALUE, _LONG = re.compile(r"[\d\s:/.,()+-]+"), 5


@cache
def _common_words() -> frozenset[str]:
    long_forms = " ".join(_long_forms().values()).split()
    return _known_words() | _SMALL | frozenset(long_forms) | vocabulary("safe_words")


def _telling(text: str) -> str:
    """Abbreviations spelt out, words that say nothing left out unless there are no others."""
    spelt = " ".join(_long_forms().get(word, word) for word in text.split()).split()
    telling = [word for word in spelt if word not in _SMALL and word not in "&/@"]
    return " ".join(telling or spelt)


def heading_meanings(headings: Sequence[str], *, lexicon: str = "headings") -> pd.DataFrame:
    """How near each heading is to each meaning.

    Parameters
    ----------
    headings
        Headings as the file has them; a group heading stands before `` / ``. A heading in two
        languages is near what either half is near.
    lexicon
        The file of phrases in schemas/layouts: ``headings`` (of hospitals) or ``police_headings``.

    Returns
    -------
    DataFrame
        One row per heading in order, one column per meaning of headings.csv: likeness, 0 to 1, to
        the nearest phrase of that meaning.
    """
    model = _model(lexicon)
    table = np.zeros((len(headings), len(model.meanings)))
    for place, heading in enumerate(headings):
        readings = list(dict.fromkeys(_readings(heading)))
        forms = [form for form, _ in readings]
        near = np.maximum(_likeness(model, forms), _HELD_WEIGHT * _held(model, forms))
        weights = np.array([weight for _, weight in readings])[:, None]
        best = (near * weights).max(axis=0)
        table[place] = [best[rows].max() for rows in model.meanings.values()]
    return pd.DataFrame(table, columns=list(model.meanings))


def _readings(heading: str) -> Iterator[tuple[str, float]]:
    """The whole heading, and less surely its parts: of two languages, or with an aside."""
    yield heading_words(heading), 1.0
    without = _ASIDE.sub(" ", heading)
    if without.strip() and without != heading:
        yield heading_words(without), 0.98
    parts = [part for part in _PARTED.split(without) if part.strip()]
    if len(parts) > 1:
        *before, last = (heading_words(part) for part in parts)
        yield from ((form, 0.62 if form in _GENERIC else 0.8) for form in before)
        # A lone "Date" under a group heading means what the group says.
        yield last, 0.62 if last in _GENERIC else 0.9


class _Model(NamedTuple):
    """Phrases of one lexicon, ready to be compared.

    ``phrases``: unit vectors by words and pieces of words, one a column. ``weights``: of each
    phrase's single words, by how telling they are, likewise. ``whole``: sum of each phrase's
    weights. ``meanings``: of each meaning the places of its phrases.
    """

    words: TfidfVectorizer
    pieces: TfidfVectorizer
    singles: TfidfVectorizer
    phrases: csr_matrix
    weights: csr_matrix
    whole: Floats
    meanings: dict[str, NDArray[np.intp]]


def _likeness(model: _Model, forms: Sequence[str]) -> Floats:
    """Cosine of forms and phrases, by words and by pieces of words."""
    rows = _vectors(model.words, model.pieces, forms)
    return np.asarray((rows @ model.phrases).todense())


def _held(model: _Model, forms: Sequence[str]) -> Floats:
    """How fully each phrase stands within each form: long questions hold short phrases."""
    rows = csr_matrix(model.singles.transform(forms))
    marks = rows.copy()
    marks.data = np.ones_like(marks.data)
    shared = np.asarray((marks @ model.weights).todense())
    others = np.asarray(rows.sum(axis=1)).ravel()[:, None] - shared
    lacking = model.whole - shared
    return np.asarray(shared / (shared + lacking * _LACKING + others * _BEYOND + 1e-9))


def _vectors(words: TfidfVectorizer, pieces: TfidfVectorizer, forms: Sequence[str]) -> csr_matrix:
    by_word, by_piece = words.transform(forms), pieces.transform(forms)
    scaled = [by_word * _WORDS_WEIGHT**0.5, by_piece * (1 - _WORDS_WEIGHT) ** 0.5]
    return csr_matrix(hstack(scaled))


def _glued_parts(word: str) -> str:
    """Take glued words apart ("assaultdate") where they are made of known ones alone."""
    known = _known_words()
    if len(word) < 6 or word in known or not word.isalpha():
        return word
    # For each length, the fewest known words that make up the start of that length.
    best: list[tuple[str, ...] | None] = [(), *[None] * len(word)]
    for end in range(1, len(word) + 1):
        for start in range(max(0, end - 14), end):
            before, piece = best[start], word[start:end]
            shorter = best[end]
            fewer = before is not None and (shorter is None or len(before) + 1 < len(shorter))
            if before is not None and fewer and piece in known:
                best[end] = (*before, piece)
    parts = best[-1]
    return " ".join(parts) if parts and len(parts) <= 5 else word


@cache
def _long_forms() -> dict[str, str]:
    table = load_heading_abbreviations()
    return dict(zip(table["short"], table["long"], strict=True))


@cache
def _known_words() -> frozenset[str]:
    """Words of the phrases and their abbreviations, as far as they can stand in a glued heading."""
    phrases = " ".join(
        [*load_headings("headings")["words"], *load_headings("police_headings")["words"]]
    )
    words = {plain_word(match[0]) for match in tokens(re.sub(r"[()|]", " ", phrases))}
    return frozenset(w for w in words | set(_long_forms()) if len(w) > 2 or w in _SHORT_PARTS)


@cache
def _model(lexicon: str) -> _Model:
    pairs = dict.fromkeys(_phrases(lexicon))
    forms = [form for form, _ in pairs]
    words = TfidfVectorizer(ngram_range=(1, 2), token_pattern=_WORD, sublinear_tf=True)
    pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
    singles = TfidfVectorizer(token_pattern=_WORD, norm=None, binary=True)
    words.fit(forms)
    pieces.fit(forms)
    weights = csr_matrix(singles.fit_transform(forms))
    meanings = np.array([meaning for _, meaning in pairs])
    return _Model(
        words=words,
        pieces=pieces,
        singles=singles,
        phrases=csr_matrix(_vectors(words, pieces, forms).T),
        weights=csr_matrix(weights.T),
        whole=np.asarray(weights.sum(axis=1), dtype=np.float64).ravel(),
        meanings={name: np.flatnonzero(meanings == name) for name in pd.unique(meanings)},
    )


def _phrases(lexicon: str) -> Iterator[tuple[str, str]]:
    """Every phrase of the file with its choices written out."""
    for phrase, meaning in load_headings(lexicon)[["words", "meaning"]].to_numpy():
        parts = _CHOICE.split(phrase)
        choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
        for chosen in product(*choices):
            yield heading_words("".join(chosen)), meaning
