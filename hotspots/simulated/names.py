"""The invented names in names.toml, and names made of them for streets and premises."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from hotspots.simulated.network import CENTRE, N_RADIALS, Floats, Ints

Words = NDArray[np.object_]


@cache
def names(section: str) -> dict[str, Any]:
    """Read one section of names.toml: lists of names by kind."""
    text = (files("hotspots.simulated") / "names.toml").read_text(encoding="utf-8")
    section_names: dict[str, Any] = tomllib.loads(text)[section]
    return section_names


def premises_names(rng: np.random.Generator, kind: str, n: int) -> Words:
    """Names for pubs, clubs, takeaways or shops; chains have several branches of one name."""
    known = names("premises")
    if kind == "pub":
        second = known["pub_second"]
        made = [f"The {a} {b}" for a in known["pub_first"] for b in second]
        arms = [f"The {a} {b}" for a in known["pub_places"] for b in ("Arms", "Inn", "Tavern")]
        signs = [f"{a} & {b}" for a, b in zip(second, second[7:], strict=False)]
        made = [*_pick(rng, made, 3 * n // 5), *arms, *signs]
    elif f"{kind}_first" in known:
        made = [f"{a} {b}" for a in known[f"{kind}_first"] for b in known[f"{kind}_second"]]
    else:
        made = list(known[f"{kind}s"])
    chains = np.array(known.get(f"{kind}_chains", []), dtype=object)
    branches = np.resize(chains, n // 4 if len(chains) else 0)
    return np.concatenate([branches, _pick(rng, made, n - len(branches))])


def _pick(rng: np.random.Generator, made: list[str], n: int) -> Words:
    """Choose without repetition while the names last."""
    order = np.concatenate([rng.permutation(len(made)) for _ in range(n // len(made) + 1)])
    return np.asarray(np.array(made, dtype=object)[order[:n]])


def name_streets(rng: np.random.Generator, lines: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give every street a name that suits its quarter.

    Returns
    -------
    geopandas.GeoDataFrame
        ``name, alt_names, main, quarter, geometry``; parts of a main road that bear the same name
        are one street.
    """
    name = np.full(len(lines), "", dtype=object)
    other = np.full(len(lines), "", dtype=object)
    _name_side_streets(rng, lines, name)
    known = names("streets")
    side = rng.permutation(np.flatnonzero(lines["main"] < 0))
    for at, both in zip(side, known["bilingual"], strict=False):
        name[at], other[at] = both.split("|")[:: rng.choice([-1, 1])]
    estates = np.flatnonzero((lines["quarter"] == "estate") & (lines["main"] < 0) & (other == ""))
    name[rng.choice(estates, 4, replace=False)] = known["twins"]
    _name_main_roads(lines, name)
    same = np.where(lines["main"] >= 0, name, np.arange(len(lines)).astype(str))
    named = lines.assign(name=name, alt_names=other).dissolve(same, aggfunc="first", sort=False)
    merged = shapely.line_merge(named.geometry.to_numpy())
    return named.set_geometry(list(merged), crs=lines.crs).reset_index(drop=True)


def _name_side_streets(rng: np.random.Generator, lines: gpd.GeoDataFrame, name: Words) -> None:
    known = names("streets")
    for quarter, kinds in known["kinds"].items():
        mine = np.flatnonzero(lines["quarter"] == quarter)
        made = [f"{word} {kind}" for word in known["words"] for kind in kinds]
        name[mine] = _pick(rng, made, len(mine))
    centre = np.flatnonzero(lines["quarter"] == "centre")
    longest = centre[np.argsort(-lines.length.to_numpy()[centre])]
    old: Ints = longest[: len(known["centre"])]
    name[old] = known["centre"][: len(old)]
    # Some towns have more streets in their centre than there are old names.
    new: Ints = longest[len(known["centre"]) :]
    name[new] = [f"{word} Alley" for word in known["words"][: len(new)]]


def _name_main_roads(lines: gpd.GeoDataFrame, name: Words) -> None:
    """Name the parts of each radial from the centre outwards, and the ring by its side of town."""
    known = names("streets")
    middle: Floats = shapely.get_coordinates(lines.centroid) - CENTRE
    for radial, both in enumerate(known["radials"]):
        parts = np.flatnonzero(lines["main"] == radial)
        parts = parts[np.argsort(np.hypot(*middle[parts].T))]
        name[parts] = [both.split("|")[min(k, 1)] for k in range(len(parts))]
    ring = np.flatnonzero(lines["main"] == N_RADIALS)
    turn = (np.arctan2(*middle[ring].T) + np.pi / 4) % (2 * np.pi)  # clockwise from north-west
    name[ring] = np.array(known["ring"], dtype=object)[(turn / (np.pi / 2)).astype(int)]
