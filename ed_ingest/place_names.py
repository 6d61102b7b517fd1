"""Every name that a known place may be called by: as written, and the shorter forms people use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache

import pandas as pd

from ed_ingest.schema import load_vocabulary
from ed_ingest.words import normal_text, vocabulary, vocabulary_kind

# How a name came about. FULL: as written, but for its article. SHORT: without the word for its
# kind, its town or its firm. PART: its beginning, or the name of the building that its address
# gives. WEAK: words of any sentence, a name only beside the place's own street.
FULL, SHORT, PART, WEAK = range(4)

_TRADING_AS = re.compile(r"\b(?:t/a|trading as)\b", re.IGNORECASE)
_PARTS = re.compile(r"\s*[,(/]\s*|\s+[-–]\s+|\s+@\s*|\s+at\s+", re.IGNORECASE)
_NO_NAME = re.compile(r"(?:unit|level|floor|inc\b|ltd|\d|first|ground|c/o)", re.IGNORECASE)
_LEGAL = frozenset({"ltd", "limited", "plc", "llp", "uk", "co", "company", "catering", "leisure"})
_BEFORE = ("jd wetherspoons", "j d wetherspoons")
_COMPASS = {"north": "n", "south": "s", "east": "e", "west": "w"}
_FEET = re.compile(r"\b(\d+) (?:feet|foot)\b")
_MOST_TYPE_WORDS = 4
_ONE_BUILDING_M = 75.0
_MOST_SHARING = 8  # places of one building; the name of a larger one names none of them
_ROOM = re.compile(r"^(?:unit|level|floor|first|ground|basement|\d)\S*\s*\S*$", re.IGNORECASE)


def names_of_places(places: pd.DataFrame) -> pd.DataFrame:
    """List the names of all places in the normal form that texts are matched in.

    Parameters
    ----------
    places
        As in `Gazetteer.places`: ``place_id, name, alt_names, kind, address``.

    Returns
    -------
    DataFrame
        ``name, place_id, rank``: `FULL`, `SHORT`, `PART` or `WEAK`, the best that the name has.
        No pair of name and place twice.
    """
    own_towns = town_words(places)
    streets = frozenset(
        normal_text(name) for name in places.loc[places["kind"] == "street", "name"]
    )
    buildings = _buildings(places, streets)
    rows: list[tuple[str, str, int]] = []
    columns = (places["place_id"], places["name"], places["alt_names"].fillna(""), places["kind"])
    for (place_id, name, alt_names, kind), building in zip(
        zip(*columns, strict=True), buildings, strict=True
    ):
        ranks: dict[str, int] = {}
        for form, rank in _forms([name, *alt_names.split("|")], kind, building, own_towns):
            ranks[form] = min(rank, ranks.get(form, WEAK))
        rows.extend((form, place_id, rank) for form, rank in ranks.items())
    return pd.DataFrame(
        _with_rare_phrases(rows, places), columns=["name", "place_id", "rank"]
    ).astype({"name": "str", "place_id": "str", "rank": "int64"})


def _with_rare_phrases(
    rows: list[tuple[str, str, int]], places: pd.DataFrame
) -> list[tuple[str, str, int]]:
    """Words of any sentence that only one or two names hold are a name all the same: Park Plaza."""
    weak = {form for form, _, rank in rows if rank == WEAK and _is_phrase(form.split())}
    held: Counter[str] = Counter()
    for form, _, rank in rows:
        if rank == FULL:
            words = form.split()
            pairs = {" ".join(words[i : i + n]) for n in (2, 3) for i in range(len(words) - n + 1)}
            held.update(pairs & weak)
    spots = (places[["easting", "northing"]] / _ONE_BUILDING_M).round()
    spot_of = dict(zip(places["place_id"], spots.itertuples(index=False, name=None), strict=True))
    called = {(form, spot_of[place]) for form, place, rank in rows if form in weak}
    at = Counter(form for form, _ in called)
    rare = {form for form in weak if held[form] <= _RARE and at[form] <= _RARE}
    return [(f, p, PART if r == WEAK and f in rare else r) for f, p, r in rows]


def _is_phrase(words: list[str]) -> bool:
    return len(words) > 1 and any(word not in _unspecific() for word in words)


_RARE = 2


def town_words(places: pd.DataFrame) -> frozenset[str]:
    """Towns that the places' own addresses and localities name, in normal form."""
    last = places["address"].fillna("").astype(str).str.rsplit(",", n=1).str[-1]
    parts = set(last[last != ""].unique())
    localities = places[places["kind"] == "locality"]
    for names in (localities["name"], localities["alt_names"].fillna("").str.split("|").explode()):
        parts |= set(names.dropna())
    return frozenset(normal_text(part) for part in parts) - {""}


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


def _forms(
    names: Iterable[str], kind: str, building: str, towns: frozenset[str]
) -> Iterator[tuple[str, int]]:
    for name in names:
        full = normal_text(name)
        if not full:
            continue
        yield full, FULL
        bare = _without_article(full)
        # One word without its article may be that of a street or part of the town: it yields.
        yield bare, FULL if bare == full or " " in bare else SHORT
        if kind == "street":
            yield from _streets_forms(full)
            continue
        if kind == "locality":
            yield from ((form, PART) for form in _without_town(full, towns))
            continue
        if chain := _chain(full):
            yield chain, SHORT
        for n, part in enumerate(_parts_of(name)):
            yield from _ranked(_shorter(part, towns), SHORT if n == 0 else PART, towns)
            yield from _ranked(_beginnings(part, towns), PART, towns)
    if building:
        yield from _ranked([building, *_shorter(building, towns)], PART, towns)


def _chain(full: str) -> str:
    """The chain that a name begins with, as far as chains are known."""
    words = _without_article(full).split()
    names = (" ".join(words[:n]) for n in range(min(3, len(words)), 0, -1))
    return next((name for name in names if name in vocabulary("known_venues", "name")), "")


def _ranked(forms: Iterable[str], rank: int, towns: frozenset[str]) -> Iterator[tuple[str, int]]:
    for form in forms:
        if form and form not in towns and not form.isdigit():
            words = form.split()
            if _may_stand_alone(words):
                yield form, rank
            elif _may_be_weak(words, rank):
                yield form, WEAK


def _may_be_weak(words: list[str], rank: int) -> bool:
    long = len(words) > 1 or (rank == SHORT and len(words[0]) >= _SHORTEST_WEAK)
    return long and words[-1] not in _SMALL


_SHORTEST_WEAK = 3


def _parts_of(name: str) -> list[str]:
    """Parts of a name that stand for the whole, the one that names it first."""
    trading = _TRADING_AS.split(name)[-1]
    parts = [part.strip(" )") for part in _PARTS.split(trading)]
    return [part for n, part in enumerate(parts) if part and not (n and _NO_NAME.match(part))]


def _shorter(name: str, towns: frozenset[str]) -> Iterator[str]:
    """The name without its article, firm, kind and town, step by step, and its usual variants."""
    words = normal_text(name).split()
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    yield " ".join(words)
    for before in _BEFORE:
        if " ".join(words).startswith(before):
            yield "wetherspoons"
    form = _without_article(" ".join(words))
    forms = dict.fromkeys([form, *_variants(form)])
    forms |= dict.fromkeys(short for form in [*forms] for short in _without_town(form, towns))
    forms |= dict.fromkeys(short for form in [*forms] for short in _without_kind(form.split()))
    forms |= dict.fromkeys(short for form in [*forms] for short in _without_town(form, towns))
    yield from forms


def _without_kind(words: list[str]) -> Iterator[str]:
    venue = vocabulary_kind("place_types", "kind", "venue") | {"and", "public", "express"}
    for _ in range(_MOST_TYPE_WORDS):
        if len(words) < 2 or words[-1] not in venue:
            return
        words = words[:-1]
        if words[-1] != "and":
            yield " ".join(words)


def _beginnings(name: str, towns: frozenset[str]) -> Iterator[str]:
    """The first two or more words of a longer name, where they say more than a town's name."""
    words = _without_article(normal_text(name)).split()
    for n in range(2, len(words)):
        said = [word for word in words[:n] if word not in towns]
        if words[n - 1] not in _SMALL and is_distinctive(said):
            yield " ".join(words[:n])


def _streets_forms(full: str) -> Iterator[tuple[str, int]]:
    """A street named without its end of the compass, or with one letter for it."""
    head, _, last = full.rpartition(" ")
    if head and last in _COMPASS:
        yield f"{head} {_COMPASS[last]}", FULL
        yield head, PART


def _buildings(places: pd.DataFrame, streets: frozenset[str]) -> list[str]:
    """What each address names before its number and street, where few other places share it."""
    leads = [_lead(address, streets) for address in places["address"].fillna("")]
    table = places[["easting", "northing"]].assign(lead=leads)
    of_lead = table.groupby("lead")[["easting", "northing"]]
    apart = (of_lead.max() - of_lead.min()).max(axis=1)
    few = set(apart.index[(apart <= _ONE_BUILDING_M) & (of_lead.size() <= _MOST_SHARING)])
    return [lead if lead in few else "" for lead in leads]


def _lead(address: str, streets: frozenset[str]) -> str:
    parts = [part.strip() for part in address.split(",")]
    # The last part is the locality; the one that holds the street may begin with a building.
    for part in parts[:-1]:
        if _ROOM.match(part) or not part:
            continue
        words = normal_text(part).split()
        at = next(
            (
                i
                for i in range(len(words))
                if words[i][0].isdigit() or _is_street(words[i:], streets)
            ),
            len(words),
        )
        return " ".join(words[:at])
    return ""


def _is_street(words: list[str], streets: frozenset[str]) -> bool:
    return " ".join(words) in streets


def _without_article(form: str) -> str:
    head, _, rest = form.partition(" ")
    return rest if rest and head in ("the", "y", "yr") else form


def _without_town(form: str, towns: frozenset[str]) -> Iterator[str]:
    words = form.split()
    for n in (2, 1):
        if len(words) > n and " ".join(words[-n:]) in towns:
            yield " ".join(words[:-n])
            break
    for n in (2, 1):
        if len(words) > n + 1 and " ".join(words[:n]) in towns:
            yield " ".join(words[n:])
            break


def _variants(form: str) -> Iterator[str]:
    """The same name with what people say for a part of it: con club, legion, social."""
    yield _FEET.sub(r"\1ft", form)
    padded = f" {form} "
    for long, short in _name_variants():
        if f" {long} " in padded:
            yield " ".join(padded.replace(f" {long} ", f" {short} ").split())


@cache
def _name_variants() -> tuple[tuple[str, str], ...]:
    table = load_vocabulary("name_variants")
    return tuple(
        (normal_text(a), normal_text(b))
        for a, b in zip(table["written"], table["said"], strict=True)
    )


def _may_stand_alone(name: list[str]) -> bool:
    # What is left of a shortened name must not be words of any sentence.
    if len(name) == 1 and _is_persons(name[0]) and name[0] not in _unspecific():
        return True  # "Tom's": taken for Tom's Cafe only beside its street
    return is_distinctive(name) and name[-1] not in _SMALL and any(w not in _plain() for w in name)


_SMALL = frozenset({"the", "and", "of", "y", "yr", "a", "in", "at", "on", "by", "new", "old"})


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
