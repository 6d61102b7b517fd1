"""Words and local codes -> contract codes, by the word lists in schemas/vocabulary."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache

import pandas as pd

from ed_ingest.answers import is_question, of_marks, with_negation
from ed_ingest.errors import SettingsError
from ed_ingest.listed_spelling import perhaps_meant, surely_meant
from ed_ingest.phrases import IGNORE, UNKNOWN, normal_words, phrases_in, plain_words, word_list
from ed_ingest.schema import load_vocabulary

__all__ = ["IGNORE", "UNKNOWN", "check_values", "is_missing", "normal_words", "read_codes"]

# Several codes in one cell are told apart by these.
_LISTED = re.compile(r"[;|,/+&]")

# "No - went home": the answer comes first, and is no part of what follows it.
_ANSWER = re.compile(r"\s*(yes|no|y|n)\s*[-–—,;:(]\s*\w", re.IGNORECASE)


def read_codes(
    texts: pd.Series,
    vocabulary: str,
    values: Mapping[str, str] | None = None,
    *,
    guess: bool = True,
) -> pd.Series:
    """Turn the words or local codes of one column into contract codes.

    Parameters
    ----------
    texts
        Cells as text; may be missing.
    vocabulary
        Name of the word list in schemas/vocabulary.
    values
        The provider's own words or codes -> contract codes; they come first, and count only as
        whole cells or as whole items of a list in a cell (of several, the first item).
    guess
        Whether a word that is understood in no other way may be a bad misspelling of a listed one.
        Not for texts full of names: Tynant Road is no tenant's.

    Returns
    -------
    Series
        Contract codes on the index of `texts`; ``unknown`` where the cell is empty or says so;
        missing where the words are not understood.
    """
    own = {normal_words(str(words)): code for words, code in (values or {}).items()}
    places, distinct = pd.factorize(texts)
    found = [_look_up(str(text), vocabulary, own, guess) for text in distinct] + [UNKNOWN]
    return pd.Series(found, dtype="str").take(places).set_axis(texts.index)


def is_missing(text: str) -> bool:
    """Whether a cell holds nothing, only signs, or words that say so ("NK", "not asked")."""
    form = normal_words(text)
    return not form or form in _words_for_missing()


def check_values(
    values: Mapping[str, Mapping[str, str]], codes: Mapping[str, Iterable[str]]
) -> None:
    """Refuse a provider's words that are mapped to what is no contract code.

    Parameters
    ----------
    values
        The provider's words by column.
    codes
        The contract codes by column; columns without an entry are not checked.

    Raises
    ------
    SettingsError
        Naming the table, what was mapped to, and the codes there are.
    """
    for column, own in values.items():
        known = tuple(codes.get(column, ()))
        wrong = sorted(set(own.values()) - set(known))
        if known and wrong:
            raise SettingsError(
                f"[values.{column}] in the provider's file maps to {', '.join(wrong)}, which is no "
                f"code of {column}. Use one of: {', '.join(known)}."
            )


def _look_up(text: str, vocabulary: str, own: Mapping[str, str], guess: bool) -> str | None:
    """Code of one text; None when it is not understood."""
    form = normal_words(text)
    if form in own:
        return own[form]
    if own:
        items = (normal_words(item) for item in _LISTED.split(text))
        listed = next((own[item] for item in items if item in own), None)
        if listed:
            return listed
    if not form:  # nothing but signs: "-", "?"
        return of_marks(text) if is_question(vocabulary) else UNKNOWN
    whole = word_list(vocabulary).whole
    answer = _ANSWER.match(text)
    answered = whole.get(answer[1].lower()) if answer else None
    return whole.get(form) or answered or _by_parts(form, vocabulary, guess)


def _by_parts(form: str, vocabulary: str, guess: bool) -> str | None:
    """Code of the phrase found that stands highest in the list, with misspelt words put right.

    Slips of the keys are always put right; what is less sure only where no code was found without.
    """
    return _by_words(" ".join(_numbers_alike(form, vocabulary)), vocabulary, guess)


def _numbers_alike(form: str, vocabulary: str) -> Iterator[str]:
    """Words of a text; one sign for each number that no phrase has.

    So that texts which differ only in the number of a house are looked up once.
    """
    known = word_list(vocabulary).known
    for word in form.split():
        other = word.isdigit() and not any(word[:length] in known for length in range(1, 19))
        yield "#" if other else word


@lru_cache(maxsize=100_000)
def _by_words(form: str, vocabulary: str, guess: bool) -> str | None:
    plain = plain_words(form, word_list(vocabulary))
    code = _code(plain, vocabulary)
    sure = _respelt(plain, vocabulary, surely_meant)
    if sure != plain:
        code = _code(sure, vocabulary) or code
    if guess and code in (None, UNKNOWN):
        perhaps = _respelt(sure, vocabulary, perhaps_meant)
        told = _code(perhaps, vocabulary) if perhaps != sure else None
        code = told or code
    return with_negation(code, form, vocabulary) if is_question(vocabulary) else code


def _code(plain: Sequence[str], vocabulary: str) -> str | None:
    words = word_list(vocabulary)
    whole = words.whole.get(" ".join(plain))
    if whole:
        return whole
    found = phrases_in(plain, words)
    return min(found, key=lambda phrase: phrase.row).code if found else None


def _respelt(plain: Sequence[str], vocabulary: str, meant: Callable[[str, str], str]) -> list[str]:
    return [word for one in plain for word in meant(one, vocabulary).split()]


@cache
def _words_for_missing() -> frozenset[str]:
    return frozenset(normal_words(words) for words in load_vocabulary("missing")["words"])
