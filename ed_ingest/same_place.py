"""Which rows of a gazetteer are one place: a name in common, and near enough to each other."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from ed_ingest.words import loose_key, normal_form, normal_text

# What says that two rows are one place, the surest first; `RENAMED`: one id and no name in common.
SAME_ID, SAME_ADDRESS, NEAR, RENAMED = range(4)
SAME_PREMISES_M = 75.0
SAME_STREET_M = 1_000.0
# A shared postcode, address or id says nothing beyond this: it is another place.
SAME_ADDRESS_M = 1_000.0
# Streets of one name this near each other are told apart by their areas.
REPEATED_STREET_M = 5_000.0
_SITE = "site"
_SITES = ("premises", "health", "custody", "education")
# Of a hospital or a park each source has another point.
_REACH_M = {
    _SITE: 300.0, "station": 300.0, "park": 500.0, "locality": 2_000.0, "street": REPEATED_STREET_M,
}  # fmt: skip
_LEGAL = frozenset({"ltd", "limited", "plc", "llp"})
# A cell and half of its neighbours: with the other half each pair would come twice.
_NEIGHBOURS = ((0, 0), (1, 0), (0, 1), (1, 1), (1, -1))


def near_namesakes(places: pd.DataFrame) -> pd.DataFrame:
    """List the pairs of rows that bear one name and lie near each other.

    Parameters
    ----------
    places
        The columns of `Gazetteer.places`, all with a point (metres, EPSG:27700), on an index 0, 1,
        2 …

    Returns
    -------
    DataFrame
        ``one, two`` (rows, ``one`` the earlier), ``by`` (`SAME_ID`, `SAME_ADDRESS`, `NEAR` or
        `RENAMED`), ``distance_m``, ``same``: False for streets of one neighbourhood that are too
        far apart to be one.
    """
    group = name_groups(places["kind"])
    names = name_keys(places, group)
    names = names[names["key"].duplicated(keep=False)]
    bare_ids = pd.DataFrame({"row": places.index, "key": group + "#" + places["place_id"]})
    sites = places[(group == _SITE) & places.index.isin(names["row"])]
    address = _numbered_line(sites["address"]).reindex(places.index)
    postcode = bare_postcode(sites["postcode"]).reindex(places.index)
    pairs = pd.concat(
        [
            _near(names, places, group),
            _sharing(names, places, address).assign(by=SAME_ADDRESS),
            _sharing(names, places, postcode).assign(by=SAME_ADDRESS),
            _sharing(names, places, places["place_id"]).assign(by=SAME_ID),
            _sharing(bare_ids, places, places["place_id"], within_m=SAME_PREMISES_M).assign(
                by=RENAMED
            ),
        ]
    )
    pairs = pairs.assign(same=pairs["same"].eq(True) | pairs["by"].ne(NEAR))
    pairs = pairs.sort_values(["one", "two", "by"], kind="stable")
    return pairs.drop_duplicates(["one", "two"], ignore_index=True)


def name_groups(kinds: pd.Series) -> pd.Series:
    """Kinds among which a shared name may mean one place: one publisher's health is premises."""
    return kinds.where(~kinds.isin(_SITES), _SITE)


def name_keys(places: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """List every name of every row in the form in which names are compared: ``row, key``.

    Premises are alike without article, plural and legal tail; streets and areas word by word.
    """
    others = places["alt_names"].fillna("").str.split("|").explode()
    names = pd.concat([places["name"], others])
    names = names[names.fillna("").str.strip().ne("")]
    form = normal_form(names)
    of_site = group.loc[names.index].to_numpy() == _SITE
    distinct = form[of_site].unique()
    short = pd.Series([_short_form(name) for name in distinct], index=distinct, dtype="str")
    form = form.where(~of_site, form.map(short))
    keys = pd.DataFrame(
        {"row": names.index, "key": group.loc[names.index].to_numpy() + "|" + form.to_numpy()}
    )
    return keys[form.ne("").to_numpy()].drop_duplicates(ignore_index=True)


def same_within_source(
    places: pd.DataFrame, near: pd.DataFrame, *, published: Collection[int], premises: int
) -> NDArray[np.int64]:
    """Group the rows of each source that are one place.

    Parameters
    ----------
    places
        As for `near_namesakes`, with ``source`` (number) and ``rank`` of the source.
    near
        The pairs that `near_namesakes` found.
    published
        Ranks of sources that may have several rows for one place; rows of others are one place
        only under one id.
    premises
        The rank whose rows need one postcode or address too: it lists each branch by itself.

    Returns
    -------
    array
        For each row the earliest row of its place.
    """
    one, two, by = (near[column].to_numpy() for column in ("one", "two", "by"))
    source, rank = places["source"].to_numpy(), places["rank"].to_numpy()
    alike = (source[one] == source[two]) & near["same"].to_numpy()
    sure = np.isin(rank[one], list(published)) & ~((rank[one] == premises) & (by == NEAR))
    pairs = near[alike & (sure | (by == SAME_ID))]
    pairs = pairs[~over_different_areas(places, pairs)]
    links = (np.ones(len(pairs)), (pairs["one"].to_numpy(), pairs["two"].to_numpy()))
    graph = coo_array(links, shape=(len(places), len(places)))
    _, number = connected_components(graph, directed=False)
    _, first = np.unique(number, return_index=True)
    return np.asarray(first[number], dtype=np.int64)


def over_different_areas(places: pd.DataFrame, pairs: pd.DataFrame) -> NDArray[np.bool_]:
    """Whether each pair is of streets whose addresses name different areas."""
    kinds = places["kind"].to_numpy(dtype=object)
    addresses = places["address"].fillna("").to_numpy(dtype=object)
    apart = [
        kinds[one] == "street" and _areas_differ(addresses[one], addresses[two])
        for one, two in zip(pairs["one"].tolist(), pairs["two"].tolist(), strict=True)
    ]
    return np.array(apart, dtype=bool)


def bare_postcode(postcodes: pd.Series) -> pd.Series:
    """Postcodes in upper case without space."""
    return postcodes.str.upper().str.replace(r"\s", "", regex=True)


def _short_form(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[-1] in _LEGAL:
        words.pop()
    return loose_key(words) or name


def _areas_differ(one: str, two: str) -> bool:
    first, second = _parts(one), _parts(two)
    return bool(first and second) and first[0] not in second and second[0] not in first


@lru_cache(maxsize=50_000)
def _parts(address: str) -> tuple[str, ...]:
    return tuple(form for form in map(normal_text, address.split(",")) if form)


def _numbered_line(addresses: pd.Series) -> pd.Series:
    """First line of each address, where it has a house number."""
    line = addresses.fillna("").str.split(",", n=1).str[0]
    form = normal_form(line)
    return form.where(form.str.contains(r"\d", regex=True) & form.str.contains(" ", regex=False))


def _near(names: pd.DataFrame, places: pd.DataFrame, group: pd.Series) -> pd.DataFrame:
    """Pairs of one name within the reach of their kind: looked for square by square."""
    rows = names["row"].to_numpy(dtype=np.int64)
    reach = group.map(_REACH_M).to_numpy(dtype=float)[rows]
    point = places[["easting", "northing"]].to_numpy(dtype=float)[rows]
    cell = np.floor(point / reach[:, None]).astype(np.int64)
    left = pd.DataFrame(
        {"row": rows, "key": pd.factorize(names["key"])[0], "x": cell[:, 0], "y": cell[:, 1]}
    )
    found = []
    for right, up in _NEIGHBOURS:
        other = left.assign(x=left["x"] - right, y=left["y"] - up)
        found.append(left.merge(other, on=["key", "x", "y"], suffixes=("_one", "_two")))
    pairs = _in_order(pd.concat(found), places)
    kind = places["kind"].to_numpy(dtype=object)
    one, two = (kind[pairs[c].to_numpy()] for c in ("one", "two"))
    limit = pd.Series(one).map(lambda k: _REACH_M[_SITE if k in _SITES else k]).to_numpy(float)
    limit = np.where((one == "premises") & (two == "premises"), SAME_PREMISES_M, limit)
    pairs = pairs[pairs["distance_m"].to_numpy() <= limit]
    same = (kind[pairs["one"].to_numpy()] != "street") | pairs["distance_m"].le(SAME_STREET_M)
    return pairs.assign(by=NEAR, same=same)


def _sharing(
    names: pd.DataFrame,
    places: pd.DataFrame,
    what: pd.Series,
    *,
    within_m: float = SAME_ADDRESS_M,
) -> pd.DataFrame:
    """Pairs of one name that also have the same of something."""
    table = names.assign(what=what.loc[names["row"]].to_numpy()).dropna(subset=["what"])
    table = table[table.duplicated(["key", "what"], keep=False)]
    both = table.merge(table, on=["key", "what"], suffixes=("_one", "_two"))
    pairs = _in_order(both, places)
    return pairs[pairs["distance_m"] <= within_m]


def _in_order(both: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Each pair once, the earlier row first, with the distance between them."""
    rows = np.sort(both[["row_one", "row_two"]].to_numpy(dtype=np.int64), axis=1)
    rows = np.unique(rows[rows[:, 0] != rows[:, 1]], axis=0)
    point = places[["easting", "northing"]].to_numpy(dtype=float)
    off = point[rows[:, 0]] - point[rows[:, 1]]
    # Whole millimetres: the order of pairs must not hang on the last bit.
    distance = np.hypot(off[:, 0], off[:, 1]).round(3)
    return pd.DataFrame({"one": rows[:, 0], "two": rows[:, 1], "distance_m": distance})
