"""The gazetteer made ready for looking up names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.place_names import FULL, WEAK, town_words
from ed_ingest.tables import Gazetteer
from ed_ingest.words import loose_key, normal_form, normal_text, vocabulary, vocabulary_kind

MOST_WORDS = 7  # of a name
# How many letters of a name tell early that none begins so, by how many there are.
_LENGTHS = (3, 5, 7, 9, 12)
CUTS = tuple(max((n for n in _LENGTHS if n <= letters), default=0) for letters in range(13))
MAIN_TOWN_SHARE = 0.3  # of all addresses name the town itself
VENUES = frozenset({"premises", "park", "station", "education", "health", "custody"})


@dataclass(frozen=True, eq=False)
class NameIndex:
    """The gazetteer, ready for looking up names.

    Attributes
    ----------
    exact
        Normal form of a name to positions in the gazetteer.
    loose
        Spelling without spaces, plural and article to positions.
    beginnings
        The first 3, 5, 7, 9 and 12 letters of each key of `loose`.
    first_words
        First word of the names of venues to positions.
    least_rank
        Of each name the best rank (`FULL` to `WEAK`) that it has for any place.
    loose_rank
        Of each key of `loose` the best rank of its names.
    ranks
        Name and position to rank, where that is not `FULL`.
    kinds, names, ids, x, y
        Columns of the gazetteer; metres, EPSG:27700.
    addresses
        Addresses in normal form with a space at either end.
    described
        Name, other names and address likewise.
    on_street
        Name of a street to positions of the places whose address names it.
    bare_streets
        Name of a street without the word for its kind to positions.
    business_addresses
        Each number of an address with the two words behind it.
    postcodes
        Postcode without space to its centroid.
    premises_postcodes
        Postcodes of known premises.
    elsewhere
        Towns that are not the partnership's own.
    own_towns
        Towns that the places' own addresses name.
    town_first_words
        First words of all these towns.
    whole_town
        Positions of localities that most addresses name: the town itself, too large to choose by.
    """

    exact: Mapping[str, tuple[int, ...]]
    loose: Mapping[str, tuple[int, ...]]
    beginnings: frozenset[str]
    first_words: Mapping[str, tuple[int, ...]]
    least_rank: Mapping[str, int]
    loose_rank: Mapping[str, int]
    ranks: Mapping[tuple[str, int], int]
    kinds: Sequence[str]
    names: Sequence[str]
    ids: Sequence[str]
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    addresses: Sequence[str]
    described: Sequence[str]
    on_street: Mapping[str, tuple[int, ...]]
    bare_streets: Mapping[str, tuple[int, ...]]
    business_addresses: frozenset[str]
    postcodes: Mapping[str, tuple[float, float]]
    premises_postcodes: frozenset[str]
    elsewhere: frozenset[str]
    own_towns: frozenset[str]
    town_first_words: frozenset[str]
    whole_town: frozenset[int]


@lru_cache(maxsize=2)
def index_names(gazetteer: Gazetteer) -> NameIndex:
    """Make the gazetteer's names quick to look up; kept for the next delivery."""
    places = gazetteer.places
    row_of = pd.Series(np.arange(len(places)), index=places["place_id"])
    listed = gazetteer.names[gazetteer.names["place_id"].isin(row_of.index)]
    rows = row_of.loc[listed["place_id"]].to_numpy(dtype=int)
    kinds = places["kind"].to_numpy(dtype=object)
    exact, ranks = _names_of_rows(listed["name"], rows, listed["rank"].to_numpy(dtype=int), kinds)
    loose: dict[str, list[int]] = defaultdict(list)
    least_rank: dict[str, int] = {}
    loose_rank: dict[str, int] = {}
    for name, found in exact.items():
        least_rank[name] = min(ranks.get((name, row), FULL) for row in found)
        key = loose_key(name.split())
        loose[key].extend(found)
        loose_rank[key] = min(least_rank[name], loose_rank.get(key, WEAK))
    own_towns = town_words(places)
    # A venue may be called as a town is; a street or a part of the town is no other town.
    areas = set(listed["name"][~pd.Series(kinds[rows]).isin(VENUES).to_numpy()])
    elsewhere = vocabulary("towns", "name") - own_towns - areas
    addresses = (" " + normal_form(places["address"]) + " ").to_numpy(dtype=object)
    return NameIndex(
        exact=exact,
        loose={key: tuple(dict.fromkeys(found)) for key, found in loose.items() if key},
        beginnings=frozenset(key[:n] for key in loose for n in _LENGTHS if len(key) >= n),
        first_words=_first_words(exact, kinds),
        least_rank=least_rank,
        loose_rank=loose_rank,
        ranks=ranks,
        kinds=kinds.tolist(),
        names=places["name"].tolist(),
        ids=places["place_id"].tolist(),
        x=places["easting"].to_numpy(dtype=float),
        y=places["northing"].to_numpy(dtype=float),
        addresses=addresses.tolist(),
        described=_described(places, addresses),
        on_street=_on_streets(places["address"], set(listed["name"][kinds[rows] == "street"])),
        bare_streets=_bare_streets(exact, kinds),
        business_addresses=frozenset(_house_numbers(addresses)),
        postcodes=_centroids(places, gazetteer.postcodes),
        premises_postcodes=frozenset(
            places["postcode"].dropna().str.upper().str.replace(" ", "").unique()
        ),
        elsewhere=elsewhere,
        own_towns=own_towns,
        town_first_words=frozenset(name.split()[0] for name in own_towns | elsewhere),
        whole_town=_whole_town(places),
    )


def _names_of_rows(
    names: pd.Series, rows: NDArray[np.int_], ranks: NDArray[np.int_], kinds: NDArray[np.object_]
) -> tuple[dict[str, tuple[int, ...]], dict[tuple[str, int], int]]:
    """Positions of each name, and the ranks of those names that are not a place's own."""
    # A shortened name yields to a street or part of the town that is called just so; one of
    # premises also to a park, a station or a school.
    own, kind = ranks == FULL, kinds[rows].astype(str)
    areas = set(names[own & ~np.isin(kind, list(VENUES))])
    others = set(names[own & (kind != "premises")])
    found: dict[str, list[int]] = defaultdict(list)
    lower: dict[tuple[str, int], int] = {}
    for name, row, rank in zip(names, rows.tolist(), ranks.tolist(), strict=True):
        if rank == FULL or name not in (others if kinds[row] == "premises" else areas):
            found[name].append(row)
            if rank != FULL:
                lower[name, row] = rank
    return {name: tuple(dict.fromkeys(rows)) for name, rows in found.items()}, lower


def _first_words(
    names: Mapping[str, Sequence[int]], kinds: NDArray[np.object_]
) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    for name, rows in names.items():
        found[name.split()[0]].update(row for row in rows if kinds[row] in VENUES)
    return {word: tuple(sorted(rows)) for word, rows in found.items()}


def _described(places: pd.DataFrame, addresses: NDArray[np.object_]) -> list[str]:
    names = places["name"].fillna("") + " " + places["alt_names"].fillna("").str.replace("|", " ")
    return (" " + normal_form(names) + addresses).tolist()


def _bare_streets(
    names: Mapping[str, Sequence[int]], kinds: NDArray[np.object_]
) -> dict[str, tuple[int, ...]]:
    types = vocabulary_kind("place_types", "kind", "street")
    found: dict[str, set[int]] = defaultdict(set)
    for name, rows in names.items():
        head, _, last = name.rpartition(" ")
        if head and last in types:
            found[head].update(row for row in rows if kinds[row] == "street")
    return {name: tuple(sorted(rows)) for name, rows in found.items() if rows}


def _on_streets(addresses: pd.Series, streets: set[str]) -> dict[str, tuple[int, ...]]:
    """Places of each street: the one that a part of their address ends in, else any it names.

    "Queen Street Station, Station Terrace" lies on Station Terrace alone.
    """
    first_words = {name.split()[0] for name in streets}
    found: dict[str, list[int]] = defaultdict(list)
    for row, address in enumerate(addresses.fillna("")):
        for part in address.split(","):
            words = normal_text(part).split()
            named = {
                (start, end)
                for start, word in enumerate(words)
                if word in first_words
                for end in range(start + 1, min(len(words), start + MOST_WORDS) + 1)
                if " ".join(words[start:end]) in streets
            }
            last = sorted(run for run in named if run[1] == len(words))
            for start, end in last[:1] or named:
                found[" ".join(words[start:end])].append(row)
    return {name: tuple(dict.fromkeys(rows)) for name, rows in found.items()}


def _house_numbers(addresses: NDArray[np.object_]) -> Iterator[str]:
    for address in addresses:
        words = address.split()
        for i, word in enumerate(words):
            if word[0].isdigit():
                yield " ".join(words[i : i + 3])


def _centroids(places: pd.DataFrame, postcodes: pd.DataFrame) -> dict[str, tuple[float, float]]:
    """Centroid of each postcode; where none is published, the middle of its known premises."""
    point = ["easting", "northing"]
    bare = places["postcode"].str.upper().str.replace(" ", "")
    of_premises = places.groupby(bare)[point].mean()
    published = postcodes.drop_duplicates("postcode").set_index("postcode")[point]
    together = pd.concat([published, of_premises])
    together = together[~together.index.duplicated()]
    x, y = (together[c].tolist() for c in point)
    return dict(zip(together.index, zip(x, y, strict=True), strict=True))


def _whole_town(places: pd.DataFrame) -> frozenset[int]:
    last = normal_form(places["address"].fillna("").str.rsplit(",", n=1).str[-1])
    share = last[last != ""].value_counts(normalize=True)
    main = set(share[share >= MAIN_TOWN_SHARE].index)
    towns = (places["kind"] == "locality") & normal_form(places["name"]).isin(main)
    return frozenset(np.flatnonzero(towns).tolist())


@lru_cache(maxsize=65_536)
def own_name(row: int, index: NameIndex) -> str:
    """Name of a place in normal form."""
    return normal_text(index.names[row])


def own_names(rows: Iterable[int], index: NameIndex) -> set[str]:
    """Names of some places in normal form."""
    return {own_name(row, index) for row in rows}
