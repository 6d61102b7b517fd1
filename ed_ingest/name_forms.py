"""The shorter forms of one name that people use, and which of them may stand for the place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ed_ingest.schema import load_vocabulary
from ed_ingest.words import normal_text, vocabulary, vocabulary_kind

_TRADING_AS = re.compile(r"\b(?:t/a|trading as)\b", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,(/]\s*|\s+[-–]\s+|\s+@\s*|\s+at\s+", re.IGNORECASE)
_NO_NAME = re.compile(r"(?:unit|level|floor|inc\b|ltd|\d|first|ground|c/o)", re.IGNORECASE)
_LEGAL = frozenset({"ltd", "limited", "plc", "llp", "uk", "co", "company", "catering", "leisure"})
_BEFORE = ("jd wetherspoons", "j d wetherspoons")
_COMPASS = {"north": "n", "south": "s", "east": "e", "west": "w"}
_WELSH_COMPASS = ("ogleddol", "ddeheuol", "ddwyrain", "dwyrain", "orllewin", "gorllewin")
_FEET = re.compile(r"\b(\d+) (?:feet|foot)\b")
_MOST_TYPE_WORDS = 4
_SHORTEST_WEAK = 3
_SMALL = frozenset({"the", "and", "of", "y", "yr", "a", "in", "at", "on", "by", "new", "old"})


def is_distinctive(name: list[str], *, shortest: int = 4) -> bool:
    """Whether words are a name by themselves, rather than words of any sentence.

    One word must have `shortest` letters and be neither an ordinary word nor the name of a person;
    of several, one at least must be more than the word for a kind of place.
    """
    if not name:
        return False
    if len(name) == 1:
        word = name[0]
        ordinary = word in _ordinary() or _is_persons(word) or word.isdigit()
        return len(word) >= shortest and not ordinary
    return any(word not in _unspecific() and not word.isdigit() for word in name)


def chain_of(full: str) -> str:
    """The chain that a name holds, as far as chains are known; empty for any other."""
    words = without_article(full).split()
    runs = (" ".join(words[i : i + n]) for n in (3, 2, 1) for i in range(len(words) - n + 1))
    return next((name for name in runs if name in vocabulary("known_venues", "name")), "")


def parts_of(name: str) -> list[str]:
    """Parts of a name that stand for the whole, the one that names it first."""
    trading = _TRADING_AS.split(name)[-1]
    parts = [part.strip(" )") for part in _PARTS.split(trading)]
    return [part for n, part in enumerate(parts) if part and not (n and _NO_NAME.match(part))]


def shorter(name: str, towns: frozenset[str]) -> Iterator[str]:
    """The name without its article, firm, kind and town, step by step, and its usual variants."""
    words = normal_text(name).split()
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    yield " ".join(words)
    for before in _BEFORE:
        if " ".join(words).startswith(before):
            yield "wetherspoons"
    form = without_article(" ".join(words))
    if words[:1] == ["the"] and words[1:2] == ["old"]:
        yield " ".join(words[2:])
    forms = dict.fromkeys([form, *variants_of(form)])
    forms |= dict.fromkeys(short for form in [*forms] for short in without_town(form, towns))
    forms |= dict.fromkeys(short for form in [*forms] for short in _without_kind(form.split()))
    forms |= dict.fromkeys(short for form in [*forms] for short in without_town(form, towns))
    yield from forms


def _without_kind(words: list[str]) -> Iterator[str]:
    venue = vocabulary_kind("place_types", "kind", "venue") | {"and", "public", "express"}
    for _ in range(_MOST_TYPE_WORDS):
        if len(words) < 2 or words[-1] not in venue:
            return
        words = words[:-1]
        if words[-1] != "and":
            yield " ".join(words)


def runs_of(name: str, towns: frozenset[str]) -> Iterator[str]:
    """Two or more words in a row of a longer name, where they say more than a town's name."""
    words = without_article(name).split()
    for n in range(2, len(words)):
        for start in range(len(words) - n + 1):
            run = words[start : start + n]
            said = [word for word in run if word not in towns and word not in _towns()]
            if run[-1] in _landmarks():
                continue  # Ninian Park Primary School is called after the park
            if not _SMALL & {run[0], run[-1]} and said and may_stand_alone(said):
                yield " ".join(run)


def phrases_of_kind(name: str) -> Iterator[str]:
    """Three or more words of a longer name that end in the word for its kind: Home Guard Club."""
    words = without_article(name).split()
    venue = vocabulary_kind("place_types", "kind", "venue") | {"school", "church", "centre"}
    for end in range(3, len(words) + 1):
        for start in range(end - 2):
            if words[end - 1] in venue and words[start] not in _SMALL:
                yield " ".join(words[start:end])


@cache
def _towns() -> frozenset[str]:
    return vocabulary("towns", "name")


def compass_forms(full: str) -> tuple[str, str] | None:
    """A street's name with one letter for its end of the compass, and without it."""
    head, _, last = full.rpartition(" ")
    if head and last in _WELSH_COMPASS:
        return full, head
    return (f"{head} {_COMPASS[last]}", head) if head and last in _COMPASS else None


def mutated(name: str) -> Iterator[str]:
    """A Welsh name as it begins behind "yn", "i" or "o": Nhreganna, Dreganna for Treganna."""
    for first, others in _MUTATIONS.items():
        if name.startswith(first):
            yield from (other + name[len(first) :] for other in others)
            return


# The first letters of a word, soft and nasal (behind "i", "o" and "yn").
_MUTATIONS = {
    **{"ll": ("l",), "rh": ("r",), "p": ("b", "mh"), "t": ("d", "nh"), "c": ("g", "ngh")},
    **{"b": ("f", "m"), "d": ("dd", "n"), "g": ("", "ng"), "m": ("f",)},
}


def without_article(form: str) -> str:
    """The name without "the", in either language."""
    head, _, rest = form.partition(" ")
    return rest if rest and head in ("the", "y", "yr") else form


def without_town(form: str, towns: frozenset[str]) -> Iterator[str]:
    """The name without a town at its end or beginning, where more than the town is left."""
    words = form.split()
    for n in (2, 1):
        if len(words) > n and " ".join(words[-n:]) in towns:
            yield " ".join(words[:-n])
            break
    for n in (2, 1):
        if len(words) > n + 1 and " ".join(words[:n]) in towns:
            yield " ".join(words[n:])
            break


def variants_of(form: str) -> Iterator[str]:
    """The same name with what people say for a part of it: con club, legion, 3 for three."""
    yield _FEET.sub(r"\1ft", form)
    padded = f" {form} "
    for long, short in _name_variants():
        if f" {long} " in padded:
            said = padded.replace(f" {long} ", f" {short} ")
            yield " ".join(said.split())
            # Two parts may be said otherwise: Glamorgan Wanderers RFC, Glam Wanderers rugby club.
            again = (said.replace(f" {a} ", f" {b} ") for a, b in _name_variants() if a != short)
            yield from {" ".join(form.split()) for form in again if form != said}


@cache
def _name_variants() -> tuple[tuple[str, str], ...]:
    table = load_vocabulary("name_variants")
    return tuple(
        (normal_text(a), normal_text(b))
        for a, b in zip(table["written"], table["said"], strict=True)
    )


def may_stand_alone(name: list[str]) -> bool:
    """Whether what is left of a shortened name is more than words of any sentence."""
    if len(name) == 1 and _is_persons(name[0]) and name[0] not in _unspecific():
        return True  # "Tom's": taken for Tom's Cafe only beside its street
    return is_distinctive(name) and name[-1] not in _SMALL and any(w not in _plain() for w in name)


def _is_persons(word: str) -> bool:
    base = word.removesuffix("s")
    return base in vocabulary("person_names", "name") or base in vocabulary("also_names")


@cache
def _ordinary() -> frozenset[str]:
    return (
        vocabulary("safe_words")
        | vocabulary("also_names")
        | vocabulary("person_names", "name")
        | vocabulary("name_cues")
        | vocabulary("place_types")
    )


@cache
def _plain() -> frozenset[str]:
    return vocabulary("safe_words") | _unspecific()


@cache
def _unspecific() -> frozenset[str]:
    return vocabulary("place_types") | _SMALL


def may_be_weak(name: list[str], *, one_word: bool) -> bool:
    """Whether words of any sentence may be a name where more speaks for it."""
    long = len(name) > 1 or (one_word and len(name[0]) >= _SHORTEST_WEAK)
    return long and name[-1] not in _SMALL


def is_phrase(name: list[str]) -> bool:
    """Whether several words say more than a kind of place."""
    return len(name) > 1 and any(word not in _unspecific() for word in name)


def is_kind(name: str) -> bool:
    """Whether a name is nothing but the word for a kind of place: The Close, The Bar."""
    return name in vocabulary("place_types")


def is_venue(word: str) -> bool:
    """Whether a word ends the name of a venue: bar, hotel, club."""
    return word in vocabulary_kind("place_types", "kind", "venue")


@cache
def _landmarks() -> frozenset[str]:
    """Words that end the name of a street or open place, after which others are called."""
    open_places = vocabulary_kind("place_types", "kind", "open")
    return vocabulary_kind("place_types", "kind", "street") | (open_places - _INSTITUTIONS)


_INSTITUTIONS = frozenset(
    {
        *("school", "college", "hospital", "library", "centre", "church", "chapel", "university"),
        *(
            "ysgol",
            "academy",
            "mosque",
            "temple",
            "synagogue",
            "museum",
            "station",
            "hall",
            "prison",
        ),
    }
)
