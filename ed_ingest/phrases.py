"""Word lists of schemas/vocabulary, and the phrases of one that stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from ed_ingest.schema import load_vocabulary
from ed_ingest.words import plain_word, tokens

UNKNOWN = "unknown"
# Phrases with this code stand for nothing; they hide shorter ones ("car park" is not a car).
IGNORE = "ignore"

# Word lists that add to a more general one, whose words come after theirs.
GENERAL = MappingProxyType(
    dict.fromkeys(
        (
            "alcohol",
            "drugs",
            "domestic_abuse",
            "reported_to_police",
            "gang_related",
            "knife",
            "night_time_economy",
        ),
        "yes_no",
    )
)

_ARTICLES = frozenset({"a", "an", "the", "y", "yr"})  # the last two are Welsh
_COUNTED = re.compile(r"([a-z]{2,}?)x?\d+")  # "swx3", "kick2"
_SHORT = {"w": "with", "wth": "with", "wiv": "with", "thru": "through", "agst": "against"}
_NEGATIONS = frozenset(
    {"no", "not", "non", "nil", "without", "denies", "denied", "never", "neither"}
)
# Between a "no" and what it denies: "no evidence of any stab wound".
_DENIED_WITH = frozenset(
    {
        "any", "evidence", "of", "sign", "signs", "being", "been", "use", "used", "other", "was",
        "were", "history", "hx", "having", "visible", "obvious", "actual",
    }
)  # fmt: skip
_ALSO_DENIED = frozenset({"or", "nor"})
_NOT_DONE = frozenset({"used", "seen", "involved", "present", "found", "produced"})
# Small words that may stand within a phrase: "hands round her neck" holds "round neck".
_WITHIN = frozenset(
    {
        "his", "her", "hers", "my", "their", "our", "your", "pt", "pts", "patient", "patients", "s",
        "left", "right", "l", "r", "fy", "ei", "eu", "ein",
    }
)  # fmt: skip
_MUTATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ll", ("l",)), ("rh", ("r",)), ("c", ("g", "ngh", "ch")), ("p", ("b", "mh", "ph")),
    ("t", ("d", "nh", "th")), ("g", ("", "ng")), ("b", ("f", "m")), ("d", ("dd", "n")),
    ("m", ("f",)),
)  # fmt: skip

Element = str | frozenset[str]


class Phrase(NamedTuple):
    """Words (or groups of words) to be found in a row, and the row the phrase has in its file."""

    words: tuple[Element, ...]
    any_ending: bool
    row: int
    code: str


class Found(NamedTuple):
    """A phrase in a text, and the place of the word behind it."""

    phrase: Phrase
    end: int


@dataclass(frozen=True)
class WordList:
    """One vocabulary, ready to look words up in.

    Attributes
    ----------
    whole
        Normal form of a whole cell -> code.
    phrases
        First word -> the phrases of that word alone, or with a second of any ending.
    pairs
        First two words -> the other phrases that begin with them, the longest first.
    stems
        Single words with any ending.
    known
        All words of it, those of a stem as far as they are listed.
    stem_words
        The last words of the phrases whose end is free.
    """

    whole: Mapping[str, str]
    phrases: Mapping[str, tuple[Phrase, ...]]
    pairs: Mapping[tuple[str, str], tuple[Phrase, ...]]
    stems: Mapping[str, Phrase]
    known: frozenset[str]
    stem_words: frozenset[str]


def normal_words(text: str) -> str:
    """Form in which cells and word lists are compared; numbers lose their leading zeros."""
    plain = (plain_word(match[0]) for match in tokens(text))
    return " ".join(w.lstrip("0") or "0" if w.isdigit() else w for w in plain if w != "/")


def plain_words(form: str, words: WordList) -> list[str]:
    """Words of a normal form in which phrases are looked for.

    Initials stand together as the list has them ("n f s" is nfs), small words are left out, common
    short forms are written out and Welsh words have their first letter as in a dictionary.
    """
    joined = _joined([_uncounted(w, words.known) for w in form.split()], words.known)
    return [_radical(_SHORT.get(w, w), words.known) for w in joined if w not in _ARTICLES]


def phrases_in(plain: Sequence[str], words: WordList) -> list[Phrase]:
    """Phrases in a text, each as long as can be; those that are denied do not count."""
    found = []
    place, denied = 0, False
    while place < len(plain):
        here = phrase_at(plain, place, words)
        if here is None:
            denied = plain[place] in _NEGATIONS or (denied and plain[place] in _DENIED_WITH)
            place += 1
            continue
        taken_back = _taken_back(plain[here.end :])
        if here.phrase.code != IGNORE and not denied and not taken_back:
            found.append(here.phrase)
        place = here.end + taken_back
        # "not knife or gun" denies both.
        denied = denied and place < len(plain) and plain[place] in _ALSO_DENIED
        place += 1 if denied else 0
    return found


def _taken_back(behind: Sequence[str]) -> int:
    """How many words behind a phrase take it back: two of "knife not used"."""
    start = 1 if behind and behind[0] in ("was", "were") else 0
    taken_back = behind[start : start + 1] == ["not"] and _NOT_DONE.issuperset(
        behind[start + 1 : start + 2]
    )
    return start + 2 if taken_back and len(behind) > start + 1 else 0


def phrase_at(plain: Sequence[str], place: int, words: WordList) -> Found | None:
    """The longest phrase that begins here; a stem only where no other does."""
    word = plain[place]
    found = [_longest(words.phrases.get(word, ()), plain, place)]
    found += [
        _longest(words.pairs.get((word, second), ()), plain, place)
        for second in _seconds(plain, place)
    ]
    longest = max(filter(None, found), key=lambda here: _length(here.phrase), default=None)
    if longest:
        return longest
    starts = (words.stems.get(word[:length]) for length in range(len(word), 1, -1))
    return next((Found(phrase, place + 1) for phrase in starts if phrase), None)


def _seconds(plain: Sequence[str], place: int) -> list[str]:
    """Words that may be the second of a phrase: the next, and the one behind small words."""
    end = place + 1
    while end < len(plain) and plain[end] in _WITHIN:
        end += 1
    return list(plain[place + 1 : end + 1])


def _longest(phrases: Iterable[Phrase], plain: Sequence[str], place: int) -> Found | None:
    ends = ((phrase, _end(phrase, plain, place)) for phrase in phrases)
    return next((Found(phrase, end) for phrase, end in ends if end), None)


def _end(phrase: Phrase, plain: Sequence[str], place: int) -> int:
    """Place behind a phrase that begins here; 0 when it does not stand here."""
    at = place + 1
    last = len(phrase.words) - 1
    for n, element in enumerate(phrase.words[1:], start=1):
        free = phrase.any_ending and n == last
        while at < len(plain) and not _fits(element, plain[at], free) and plain[at] in _WITHIN:
            at += 1
        if at == len(plain) or not _fits(element, plain[at], free):
            return 0
        at += 1
    return at


def _fits(element: Element, word: str, any_ending: bool) -> bool:
    if isinstance(element, frozenset):
        return word in element
    return word.startswith(element) if any_ending else word == element


def _uncounted(word: str, known: frozenset[str]) -> str:
    counted = _COUNTED.fullmatch(word)
    return counted[1] if counted and word not in known and counted[1] in known else word


def _joined(words: Sequence[str], known: frozenset[str] | None = None) -> list[str]:
    """Words with their initials together ("a and e" is a&e); only where the list knows them."""
    joined: list[str] = []
    place = 0
    while place < len(words):
        ends = (
            e
            for e in _ends_of_initials(words, place)
            if known is None or _sign(words, place, e) in known
        )
        end = next(ends, place + 1)
        joined.append(_sign(words, place, end))
        place = end
    return joined


def _ends_of_initials(words: Sequence[str], place: int) -> Iterator[int]:
    """Places where initials that begin here may end, the furthest first."""
    end, ends = place, []
    while end < len(words) and len(words[end]) == 1 and words[end].isalpha():
        end += 1
        ends.append(end)
        if end < len(words) and words[end] == "and":
            end += 1
    return reversed(ends[1:])


def _sign(words: Sequence[str], place: int, end: int) -> str:
    return "".join("&" if word == "and" and end - place > 1 else word for word in words[place:end])


def _radical(word: str, known: frozenset[str]) -> str:
    """A Welsh word as the dictionary has it; any other word, and one the list knows, as it is."""
    if word in known:
        return word
    mutated = _mutated()
    for length in range(len(word), 2, -1):
        radical = mutated.get(word[:length] + ("" if length == len(word) else "*"))
        if radical:
            return radical.rstrip("*") + word[length:]
        radical = mutated.get(word + "*") if length == len(word) else None
        if radical:
            return radical.rstrip("*")
    return word


@cache
def _mutated() -> dict[str, str]:
    """Mutated form -> radical of the Welsh words; a stem keeps the `*` for its ending."""
    found: dict[str, str] = {}
    for word in load_vocabulary("welsh")["word"]:
        plain = normal_words(word.rstrip("*")) + ("*" if word.endswith("*") else "")
        first, forms = next(
            ((f, forms) for f, forms in _MUTATIONS if plain.startswith(f)), ("", ("h",))
        )
        for form in forms:
            found.setdefault(form + plain[len(first) :], plain)
    return found


@cache
def word_list(name: str) -> WordList:
    """Read one vocabulary, with the words that mean missing at its end."""
    missing = load_vocabulary("missing").assign(code=UNKNOWN)
    general = [load_vocabulary(GENERAL[name])] if name in GENERAL else []
    table = pd.concat([load_vocabulary(name), *general, missing], ignore_index=True)
    whole: dict[str, str] = {}
    parts: dict[tuple[tuple[Element, ...], bool], Phrase] = {}
    known: set[str] = set()
    for row, (words, code, match) in enumerate(table[["words", "code", "match"]].to_numpy()):
        elements, any_ending = _elements(words), words.endswith("*")
        known.update(w for element in elements for w in _choices(element))
        if not any_ending and code != IGNORE:
            for form in _whole_forms(words, elements, match):
                whole.setdefault(form, code)
        if match == "part":
            parts.setdefault((elements, any_ending), Phrase(elements, any_ending, row, code))
    longest = sorted(parts.values(), key=_length, reverse=True)
    return WordList(
        whole=whole,
        phrases=_by_first_word(longest),
        pairs=_by_first_two(longest),
        stems={str(p.words[0]): p for p in longest if p.any_ending and len(p.words) == 1},
        known=frozenset(known),
        stem_words=frozenset(str(p.words[-1]) for p in longest if p.any_ending),
    )


def _elements(words: str) -> tuple[Element, ...]:
    """Words of an entry; `<who>` stands for any word of that group."""
    found: list[Element] = []
    for part in words.split():
        if part.startswith("<"):
            found.append(_groups()[part.strip("<>*")])
        else:
            found += normal_words(part).split()
    if any(isinstance(element, frozenset) for element in found):
        return tuple(found)
    plain = _joined([str(element) for element in found])
    return tuple(_SHORT.get(w, w) for w in plain if w not in _ARTICLES) or tuple(plain)


def _whole_forms(words: str, elements: Sequence[Element], match: str) -> list[str]:
    """Forms of a whole cell that an entry stands for; groups are spelt out for whole cells only."""
    if "<" not in words:
        return [normal_words(words), " ".join(map(str, elements))]
    if match == "part":
        return []
    return [" ".join(chosen) for chosen in product(*map(_choices, elements))]


def _choices(element: Element) -> Iterable[str]:
    return (element,) if isinstance(element, str) else element


def _length(phrase: Phrase) -> tuple[int, int]:
    # A group counts as a word of one letter, so that a phrase that names the word comes first.
    return len(phrase.words), sum(len(w) if isinstance(w, str) else 1 for w in phrase.words)


def _by_first_word(longest: Iterable[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    by_first: dict[str, list[Phrase]] = {}
    for phrase in longest:
        alone = len(phrase.words) == 1 and not phrase.any_ending
        if alone or (len(phrase.words) == 2 and phrase.any_ending):
            for first in _choices(phrase.words[0]):
                by_first.setdefault(first, []).append(phrase)
    return {first: tuple(phrases) for first, phrases in by_first.items()}


def _by_first_two(longest: Iterable[Phrase]) -> dict[tuple[str, str], tuple[Phrase, ...]]:
    by_two: dict[tuple[str, str], list[Phrase]] = {}
    for phrase in longest:
        if len(phrase.words) > 2 or (len(phrase.words) == 2 and not phrase.any_ending):
            for first, second in product(*map(_choices, phrase.words[:2])):
                by_two.setdefault((first, second), []).append(phrase)
    return {two: tuple(phrases) for two, phrases in by_two.items()}


@cache
def _groups() -> dict[str, frozenset[str]]:
    table = load_vocabulary("groups")
    return {
        str(name): frozenset(normal_words(word) for word in rows["word"])
        for name, rows in table.groupby("group")
    }
