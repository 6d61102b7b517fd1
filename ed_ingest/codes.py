"""Words and local codes -> contract codes, by the word lists in schemas/vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ed_ingest.errors import SettingsError
from ed_ingest.schema import load_vocabulary
from ed_ingest.words import plain_word, tokens

UNKNOWN = "unknown"
# Phrases with this code stand for nothing; they hide shorter ones ("car park" is not a car).
IGNORE = "ignore"

# Word lists that add to a more general one, whose words come after theirs.
_GENERAL = MappingProxyType(
    dict.fromkeys(
        ("alcohol", "drugs", "domestic_abuse", "reported_to_police", "gang_related"), "yes_no"
    )
)
_CHECK_MARKS = frozenset("✓✔☑√")
_LONG_NEGATIONS = frozenset(
    {"no", "not", "nil", "without", "never", "denies", "denied", "non", "didnt", "hasnt", "wasnt",
     "isnt", "doesnt", "dont", "havent", "werent", "arent", "dim", "ddim", "heb", "nid", "neither"}
)  # fmt: skip
_REACH = 3  # words from a negation to what it negates: "has not been drinking"

_ARTICLES = frozenset({"a", "an", "the"})
_NEGATIONS = frozenset({"no", "not", "non", "nil", "without", "denies", "denied", "never"})
_ENDINGS = ("", "e", "s", "ed", "ing")
# Several codes in one cell are told apart by these.
_LISTED = re.compile(r"[;|,/+&]")


class Phrase(NamedTuple):
    """Words to be found in a row, the last perhaps with any ending; the row it has in its file."""

    words: tuple[str, ...]
    any_ending: bool
    row: int
    code: str


@dataclass(frozen=True)
class WordList:
    """One vocabulary, ready to look words up in.

    Attributes
    ----------
    whole
        Normal form of a whole cell -> code.
    phrases
        First word -> the phrases that begin with it, the longest first.
    stems
        Single words with any ending.
    spellings
        First letter -> words long enough to be recognised when they are misspelt.
    numbers
        Words of phrases that begin with a figure.
    """

    whole: Mapping[str, str]
    phrases: Mapping[str, tuple[Phrase, ...]]
    stems: Mapping[str, Phrase]
    spellings: Mapping[str, tuple[str, ...]]
    numbers: tuple[str, ...]


def read_codes(
    texts: pd.Series, vocabulary: str, values: Mapping[str, str] | None = None
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

    Returns
    -------
    Series
        Contract codes on the index of `texts`; ``unknown`` where the cell is empty or says so;
        missing where the words are not understood.
    """
    own = {normal_words(str(words)): code for words, code in (values or {}).items()}
    places, distinct = pd.factorize(texts)
    found = [_look_up(str(text), vocabulary, own) for text in distinct] + [UNKNOWN]
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


def normal_words(text: str) -> str:
    """Form in which cells and word lists are compared; numbers lose their leading zeros."""
    plain = (plain_word(match[0]) for match in tokens(text))
    return " ".join(w.lstrip("0") or "0" if w.isdigit() else w for w in plain if w != "/")


def _look_up(text: str, vocabulary: str, own: Mapping[str, str]) -> str | None:
    """Code of one text; None when it is not understood."""
    form = normal_words(text)
    if form in own:
        return own[form]
    if own:
        items = (normal_words(item) for item in _LISTED.split(text))
        listed = next((own[item] for item in items if item in own), None)
        if listed:
            return listed
    if vocabulary == "yes_no" or vocabulary in _GENERAL:
        return _answer(text, form, vocabulary)
    if not form:
        return UNKNOWN  # nothing but signs: "-", "?"
    return _word_list(vocabulary).whole.get(form) or _by_parts(form, vocabulary)


def _answer(text: str, form: str, vocabulary: str) -> str | None:
    """An answer to a question of yes or no; what is negated is a no."""
    if not form:
        ticked = text.strip() in _CHECK_MARKS or text.strip() == "+"
        return "yes" if ticked else UNKNOWN
    whole = _word_list(vocabulary).whole.get(form)
    if whole:
        return whole
    code = _by_parts(form, vocabulary)
    words = [word for word in form.split() if word not in _ARTICLES]
    if code == "yes" and words[-1] in _NOES:
        return "no"  # "alcohol - no"
    return "no" if code in (None, "yes") and _ends_negated(words, vocabulary) else code


def _ends_negated(plain: list[str], vocabulary: str) -> bool:
    """Whether the last yes stands within reach behind a negation ("police not contacted")."""
    words, last = _word_list(vocabulary), False
    for place in range(len(plain)):
        phrase = _phrase_at(plain, place, words)
        if phrase and phrase.code == "yes":
            last = bool(_LONG_NEGATIONS & set(plain[max(0, place - _REACH) : place]))
    return last


def _by_parts(form: str, vocabulary: str) -> str | None:
    """Code of the phrase found that stands highest in the list; misspelt words are tried last."""
    return _by_words(" ".join(_numbers_alike(form, vocabulary)), vocabulary)


def _numbers_alike(form: str, vocabulary: str) -> Iterator[str]:
    """Words of a text; one sign for each number that no phrase can begin with.

    So that texts which differ only in the number of a house are looked up once.
    """
    known = _word_list(vocabulary).numbers
    for word in form.split():
        other = word.isdigit() and not any(word.startswith(number) for number in known)
        yield "#" if other else word


@lru_cache(maxsize=100_000)
def _by_words(form: str, vocabulary: str) -> str | None:
    words = _word_list(vocabulary)
    plain = [word for word in form.split() if word not in _ARTICLES]
    found = _found(plain, words) or _found([_respelt(word, vocabulary) for word in plain], words)
    return min(found, key=lambda phrase: phrase.row).code if found else None


_NOES = frozenset({"no", "n", "neg", "negative", "nil", "none", "na", "nage"})


def _found(plain: list[str], words: WordList) -> list[Phrase]:
    """Phrases in a text, each as long as can be; those behind a "no" do not count."""
    found = []
    place = 0
    while place < len(plain):
        phrase = _phrase_at(plain, place, words)
        if phrase and phrase.code != IGNORE and not (place and plain[place - 1] in _NEGATIONS):
            found.append(phrase)
        place += len(phrase.words) if phrase else 1
    return found


def _phrase_at(plain: list[str], place: int, words: WordList) -> Phrase | None:
    word = plain[place]
    for phrase in words.phrases.get(word, ()):
        if _stands_at(phrase, plain[place : place + len(phrase.words)]):
            return phrase
    starts = (words.stems.get(word[:length]) for length in range(len(word), 1, -1))
    return next((phrase for phrase in starts if phrase), None)


def _stands_at(phrase: Phrase, here: list[str]) -> bool:
    if len(here) < len(phrase.words) or tuple(here[:-1]) != phrase.words[:-1]:
        return False
    last = phrase.words[-1]
    return here[-1].startswith(last) if phrase.any_ending else here[-1] == last


@lru_cache(maxsize=100_000)
def _respelt(word: str, vocabulary: str) -> str:
    """The listed word that a misspelt one stands for; the word itself where there is none."""
    alike = _word_list(vocabulary).spellings.get(word[0], ())
    return next((known for known in alike if _nearly(word, known)), word)


def _nearly(word: str, known: str) -> bool:
    """Whether two words differ by doubled or swapped letters or, when long, by one letter."""
    shorter = min(len(word), len(known))
    if shorter < 4 or abs(len(word) - len(known)) > 1:
        return False
    if _single(word) == _single(known) or (shorter > 4 and sorted(word) == sorted(known)):
        return True
    return shorter > 5 and _one_letter_apart(word, known)


def _single(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word)


def _one_letter_apart(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    same = next((i for i, letter in enumerate(short) if letter != long[i]), len(short))
    changed = 1 if len(short) == len(long) else 0
    return short[same + changed :] == long[same + 1 :]


@cache
def _words_for_missing() -> frozenset[str]:
    return frozenset(normal_words(words) for words in load_vocabulary("missing")["words"])


@cache
def _word_list(name: str) -> WordList:
    """Read one vocabulary, with the words that mean missing at its end."""
    missing = load_vocabulary("missing").assign(code=UNKNOWN)
    general = [load_vocabulary(_GENERAL[name])] if name in _GENERAL else []
    table = pd.concat([load_vocabulary(name), *general, missing], ignore_index=True)
    whole: dict[str, str] = {}
    parts: dict[tuple[tuple[str, ...], bool], Phrase] = {}
    for row, (words, code, match) in enumerate(table[["words", "code", "match"]].to_numpy()):
        form, any_ending = normal_words(words), words.endswith("*")
        if not any_ending and code != IGNORE:
            whole.setdefault(form, code)
        if match == "part":
            split = tuple(form.split())
            parts.setdefault((split, any_ending), Phrase(split, any_ending, row, code))
    longest = sorted(parts.values(), key=lambda phrase: -len(" ".join(phrase.words)))
    by_first: dict[str, list[Phrase]] = {}
    for phrase in longest:
        by_first.setdefault(phrase.words[0], []).append(phrase)
    return WordList(
        whole=whole,
        phrases={first: tuple(phrases) for first, phrases in by_first.items()},
        stems={p.words[0]: p for p in longest if p.any_ending and len(p.words) == 1},
        spellings=_spellings(longest),
        numbers=tuple({word for p in longest for word in p.words if word[0].isdigit()}),
    )


def _spellings(phrases: Iterable[Phrase]) -> dict[str, tuple[str, ...]]:
    """All long words of the phrases, those of a stem with their common endings."""
    known = set()
    for phrase in phrases:
        *first, last = phrase.words
        endings = _ENDINGS if phrase.any_ending else ("",)
        known |= {*first, *(last + ending for ending in endings)}
    long = sorted((w for w in known if len(w) > 3 and w.isalpha()), key=lambda w: (-len(w), w))
    return {letter: tuple(w for w in long if w[0] == letter) for letter in {w[0] for w in long}}
