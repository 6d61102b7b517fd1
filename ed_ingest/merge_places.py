"""One row for each place, however many sources know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ed_ingest.same_place import RENAMED, near_namesakes, over_different_areas, same_within_source
from ed_ingest.words import normal_text

PLACE_COLUMNS = (
    "place_id", "name", "alt_names", "kind", "easting", "northing", "address", "postcode",
)  # fmt: skip
# Ranks of sources: what the lower knows goes before what the higher says.
OWN, LISTED, PREMISES, OPEN_NAMES, MAP_POINTS = range(5)
# Curated lists say what is one place; in a publisher's file one place may have several rows.
_PUBLISHED = (PREMISES, OPEN_NAMES, MAP_POINTS)
_CANONICAL = (
    "source", "place_id", "name", "kind", "easting", "northing", "address", "postcode",
    "alt_names", "centroid",
)  # fmt: skip


class Source(NamedTuple):
    """Places as one source knows them.

    Attributes
    ----------
    rank
        `OWN`, `LISTED`, `PREMISES`, `OPEN_NAMES` or `MAP_POINTS`: the lower goes before.
    label
        Name of the source, such as its file; sorts sources of one rank.
    places
        The columns of `Gazetteer.places` (metres, EPSG:27700), all with a point; with
        ``centroid``, where it is True, the point is only the middle of the postcode.
    """

    rank: int
    label: str
    places: pd.DataFrame


def merge_places(sources: Iterable[Source]) -> pd.DataFrame:
    """Bring the places of several sources together, each place once.

    Two rows are one place when they have a name in common (of the name and the other names, in
    normal form) and lie near each other: premises 75 m, or at the same postcode or address and
    within 1 km; hospitals, police stations and places of education 300 m, stations 300 m, parks
    500 m, streets 1 km, localities 2 km. Two streets of one name in one source within 5 km of each
    other are never merged over different areas, as their addresses say them. A row takes in at
    most one row of each other source, the nearest. Rows of one curated list are never merged with
    each other, unless they have one name and one id; two rows of a publisher with one id within
    75 m are one place under two names.

    Parameters
    ----------
    sources
        In any order, with rows in any order.

    Returns
    -------
    DataFrame
        `PLACE_COLUMNS`, sorted by rank of source and id; ``place_id`` without repeats. Of a place
        that several know: id, name and kind of the first source; ``alt_names`` of all; address and
        postcode of the first that has them; the first point that is no postcode's middle. Where
        different places have the same id, the first keeps it and that of each other gets ``@`` and
        its point behind it.
    """
    table = _in_order(sources)
    if table.empty:
        return table[list(PLACE_COLUMNS)]
    near = near_namesakes(table)
    cluster = same_within_source(table, near, published=_PUBLISHED, premises=PREMISES)
    cluster = _joined_across(table, near, cluster)
    return _with_own_ids(_rows(table, cluster))


def _in_order(sources: Iterable[Source]) -> pd.DataFrame:
    """All rows in an order that depends on what they say alone; rows that say the same once."""
    ordered = sorted(sources, key=lambda source: (source.rank, source.label))
    parts = []
    label: tuple[int, str] | None = None
    number = -1
    for source in ordered:
        number += (source.rank, source.label) != label
        label = (source.rank, source.label)
        rows = source.places.reindex(columns=[*PLACE_COLUMNS, "centroid"])
        parts.append(rows.assign(source=number, rank=source.rank))
    if not parts:
        parts = [pd.DataFrame(columns=[*PLACE_COLUMNS, "centroid", "source", "rank"])]
    table = pd.concat(parts, ignore_index=True)
    texts = {c: "str" for c in PLACE_COLUMNS if c not in ("easting", "northing")}
    table = table.assign(centroid=table["centroid"].eq(True)).astype(
        {**texts, "easting": "float64", "northing": "float64", "source": "int64", "rank": "int64"}
    )
    table = table.sort_values(list(_CANONICAL), kind="stable", ignore_index=True)
    return table.drop_duplicates(["source", *PLACE_COLUMNS], ignore_index=True)


def _joined_across(
    table: pd.DataFrame, near: pd.DataFrame, cluster: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Let each place take in the nearest row of each later source; one to one."""
    source = table["source"].to_numpy()
    named = near[near["same"] & near["by"].ne(RENAMED)]
    pairs = named[source[named["one"]] != source[named["two"]]]
    repeated = _repeated_streets(near, source, cluster)
    one, two = pairs["one"].to_numpy(), pairs["two"].to_numpy()
    apart = over_different_areas(table, pairs) & (repeated[one] | repeated[two])
    pairs = pairs.assign(one_place=cluster[one], two_place=cluster[two], number=source[two])
    pairs = pairs[~apart].sort_values(
        ["number", "by", "distance_m", "one_place", "two_place"], kind="stable"
    )
    home = np.arange(len(table))  # place -> the place that took it in
    taken: dict[int, set[int]] = {}  # place -> sources that it has taken a row of
    for one, two, number in zip(
        pairs["one_place"].tolist(),
        pairs["two_place"].tolist(),
        pairs["number"].tolist(),
        strict=True,
    ):
        # Sources come in order, so that a place is settled before a later one may join it.
        host = int(home[one])
        has = taken.setdefault(host, {int(source[host])})
        if home[two] == two and number not in has:
            home[two] = host
            has.add(number)
    return np.asarray(home[cluster], dtype=np.int64)


def _repeated_streets(
    near: pd.DataFrame, source: NDArray[Any], cluster: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether a source knows another street of that name thereabouts."""
    repeated = np.zeros(len(cluster), dtype=bool)
    one, two = near["one"].to_numpy(), near["two"].to_numpy()
    other = (source[one] == source[two]) & (cluster[one] != cluster[two])
    repeated[one[other]] = repeated[two[other]] = True
    places = np.zeros(len(cluster), dtype=bool)
    places[cluster[repeated]] = True
    return places[cluster]


def _rows(table: pd.DataFrame, cluster: NDArray[np.int64]) -> pd.DataFrame:
    """One row a place: its first row, filled in from the others."""
    sizes = np.bincount(cluster, minlength=len(table))
    head = cluster == np.arange(len(table))
    merged = table[head].copy()
    several = np.flatnonzero(sizes[cluster] > 1)
    members: dict[int, list[int]] = {}
    for row in several.tolist():
        members.setdefault(int(cluster[row]), []).append(row)
    columns = [*PLACE_COLUMNS, "centroid", "source", "rank"]
    cells = {c: table[c].astype(object).where(table[c].notna(), None).to_numpy() for c in columns}
    filled = [_filled({c: cells[c][rows] for c in columns}) for rows in members.values()]
    if filled:
        new = pd.DataFrame(filled, index=list(members), columns=list(PLACE_COLUMNS[1:]))
        for column in new.columns:
            merged.loc[new.index, column] = new[column].astype(merged[column].dtype)
    return pd.DataFrame(merged.reset_index(drop=True))


def _filled(rows: dict[str, NDArray[Any]]) -> tuple[Any, ...]:
    """What the rows of one place say together, the first source's first."""
    told = [*(rows["alt_names"][0] or "").split("|")]
    for name, others in zip(rows["name"], rows["alt_names"], strict=True):
        told += [name, *(others or "").split("|")]
    names: dict[str, str] = {}
    for name in dict.fromkeys(map(str.strip, told)):
        if name and name != rows["name"][0]:
            names.setdefault(normal_text(name), name)
    names.pop(normal_text(rows["name"][0]), None)
    names.pop("", None)
    kinds = rows["kind"]
    kind = kinds[0]
    if kind == "premises" and rows["rank"][0] >= PREMISES:
        # Food businesses bear no kind of their own: what another publisher calls it is truer.
        kind = next((k for k in kinds if k != "premises"), kind)
    easting, northing = _point(rows)
    address = next((a for a in rows["address"] if a), None)
    postcode = next((p for p in rows["postcode"] if p), None)
    return (
        rows["name"][0], "|".join(names.values()) or None, kind, easting, northing, address,
        postcode,
    )  # fmt: skip


def _point(rows: dict[str, NDArray[Any]]) -> tuple[float, float]:
    """The first source's point that is not the middle of a postcode; of several the middle one."""
    true = np.flatnonzero(~rows["centroid"].astype(bool))
    chosen = true if len(true) else np.arange(len(rows["name"]))
    chosen = chosen[rows["source"][chosen] == rows["source"][chosen[0]]]
    x, y = (rows[c][chosen].astype(float) for c in ("easting", "northing"))
    if rows["kind"][0] != "street" or rows["rank"][chosen[0]] not in _PUBLISHED:
        return float(x[0]), float(y[0])
    middle = int(np.argmin(np.hypot(x - x.mean(), y - y.mean()).round(3)))
    return float(x[middle]), float(y[middle])


def _with_own_ids(places: pd.DataFrame) -> pd.DataFrame:
    """Sort by source and id, and tell apart different places of the same id."""
    again = places["place_id"].duplicated()
    if again.any():
        point = (
            places["easting"].round().astype("int64").astype("str")
            + "-"
            + places["northing"].round().astype("int64").astype("str")
        )
        ids = places["place_id"].where(~again, places["place_id"] + "@" + point)
        while ids.duplicated().any():  # different names at one point
            ids = ids.where(~ids.duplicated(), ids + "+")
        places = places.assign(place_id=ids)
    ordered = places.sort_values(["rank", "place_id"], kind="stable", ignore_index=True)
    return pd.DataFrame(ordered, columns=list(PLACE_COLUMNS))
