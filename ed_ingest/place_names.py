"""Every name that a known place may be called by: as written, and the shorter forms people use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from ed_ingest.name_forms import (
    chain_of,
    compass_forms,
    is_distinctive,
    is_kind,
    is_phrase,
    is_venue,
    may_be_weak,
    may_stand_alone,
    mutated,
    parts_of,
    phrases_of_kind,
    runs_of,
    shorter,
    variants_of,
    without_article,
    without_town,
)
from ed_ingest.words import normal_text

# How a name came about. FULL: as written, but for its article. SHORT: without the word for its
# kind, its town or its firm. PART: some words of it in a row, or a name that its address gives.
# SITE: the building that its address gives, with a name of its own: it places a record, and names
# no tenant. WEAK: words of any sentence, a name only beside the place's own street.
FULL, SHORT, PART, SITE, WEAK = range(5)

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
        ``name, place_id, rank``: `FULL`, `SHORT`, `PART`, `SITE` or `WEAK`: its best.
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
    weak = {form for form, _, rank in rows if rank == WEAK and is_phrase(form.split())}
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


_RARE = 2


def town_words(places: pd.DataFrame) -> frozenset[str]:
    """Towns that the places' own addresses and localities name, in normal form."""
    last = places["address"].fillna("").astype(str).str.rsplit(",", n=1).str[-1]
    parts = set(last[last != ""].unique())
    localities = places[places["kind"] == "locality"]
    for names in (localities["name"], localities["alt_names"].fillna("").str.split("|").explode()):
        parts |= set(names.dropna())
    return frozenset(normal_text(part) for part in parts) - {""}


def _forms(
    names: Sequence[str], kind: str, building: str, towns: frozenset[str]
) -> Iterator[tuple[str, int]]:
    for name in names:
        full = normal_text(name)
        if not full:
            continue
        yield full, FULL
        bare = without_article(full)
        # One word without its article may be that of a street or part of the town: it yields.
        if bare == full or not is_kind(bare):
            yield bare, FULL if bare == full or " " in bare else SHORT
        if kind == "street":
            yield from ((form, SHORT) for form in variants_of(full) if form != full)
            if forms := compass_forms(full):
                yield from zip(forms, (FULL, PART), strict=True)
            continue
        if kind == "locality":
            yield from ((form, PART) for form in (*without_town(full, towns), *mutated(full)))
            continue
        if chain := chain_of(full):
            yield chain, SHORT
        first, *others = parts_of(name) or [full]
        yield from _ranked(shorter(first, towns), SHORT, towns)
        yield from _ranked(map(normal_text, others), PART, towns)
        yield from _ranked(runs_of(full, towns), PART, towns)
        yield from ((form, WEAK) for form in phrases_of_kind(full))
    if building:
        rank = PART if _is_own(building, names, towns) else SITE
        called = [building, *shorter(building, towns), *runs_of(building, towns)]
        yield from _ranked(called, rank, towns)


def _is_own(building: str, names: Iterable[str], towns: frozenset[str]) -> bool:
    """Whether an address begins with the place's own name: it says so, or ends in its kind."""
    own = {word for name in names for word in normal_text(name).split()} - towns
    words = building.split()
    return any(is_distinctive([word]) and word in own for word in words) or is_venue(words[-1])


def _ranked(forms: Iterable[str], rank: int, towns: frozenset[str]) -> Iterator[tuple[str, int]]:
    for form in forms:
        if form and form not in towns and not form.isdigit() and not is_kind(form):
            words = form.split()
            if may_stand_alone(words):
                yield form, rank
            elif may_be_weak(words, one_word=rank == SHORT):
                yield form, WEAK


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
