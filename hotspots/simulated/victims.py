"""Attendances: the victims of incidents, how each was hurt, and where each was treated."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from hotspots.simulated.areas import points_of
from hotspots.simulated.incidents import Period, habits, on_the_clock
from hotspots.simulated.names import Words
from hotspots.simulated.network import Floats, Ints
from hotspots.simulated.town import Town

HOSPITALS = ("marford-general", "st-teilos", "royal-infirmary")
SIZE = (0.5, 0.3, 0.2)  # share of the assaults that each hospital treats
TRANSFER_SHARE = 0.004
TOGETHER_SHARE = 5 / 6  # of an incident's victims go and say as the first


def make_attendances(
    rng: np.random.Generator, town: Town, incidents: pd.DataFrame, *, period: Period
) -> pd.DataFrame:
    """Make an attendance for each victim, and a few transfers between hospitals.

    Returns
    -------
    pandas.DataFrame
        The incidents' columns with ``incident`` (row of `incidents`), ``provider, arrived_at,
        assault_method, relationship, alcohol, drugs, domestic_abuse, gang_related, assailants,
        reported_to_police, admitted, age, sex, transfer``, in the order of arrival.
    """
    row = np.repeat(np.arange(len(incidents)), incidents["victims"])
    people = incidents.iloc[row].reset_index(drop=True).assign(incident=row)
    people = people.assign(transfer="no", **_harm(rng, people), **_person(rng, people))
    people["provider"] = _hospital(rng, town, people)
    delay = rng.lognormal(np.log(75), 0.85, len(people)).clip(8, 60 * 24 * 6).astype("m8[m]")
    people["arrived_at"] = on_the_clock(people["at"].to_numpy().astype("M8[m]") + delay)
    end = (period.last + 1).astype("M8[m]") - np.timedelta64(1, "m")
    # Who arrives after the last month's end is counted at its last minute.
    people["arrived_at"] = np.minimum(people["arrived_at"].to_numpy(), end)
    people["at"] = np.minimum(people["at"].to_numpy(), people["arrived_at"].to_numpy())
    moved = _transfers(rng, people, end)
    both = pd.concat([people, moved])
    order = np.argsort(both["arrived_at"].to_numpy(), kind="stable")
    return both.iloc[order].reset_index(drop=True)


def _harm(rng: np.random.Generator, people: pd.DataFrame) -> dict[str, Words]:
    """How each was assaulted and by whom; of one incident, most say the same."""
    settings = habits()["settings"]
    method, relationship = np.empty((2, len(people)), dtype=object)
    for name, rows in people.groupby("setting").indices.items():
        for column, table in ((method, "methods"), (relationship, "relationships")):
            chances = habits()[table]
            p = np.array(chances[settings[name][table]], dtype=float)
            codes = np.array(chances["codes"], dtype=object)
            column[rows] = codes[rng.choice(len(codes), len(rows), p=p / p.sum())]
    like = _like_first(rng, people)
    method, relationship = method[like], relationship[like]
    u = rng.random((6, len(people)))
    close = np.isin(relationship, ["partner_or_ex", "family"])
    serious = np.isin(method, ["sharp_object", "firearm", "corrosive_or_burn"])
    said = np.where(people["known"], 0.85, 0.1)
    gang = np.where(people["setting"].isin(["street", "park", "way_home", "outside"]), 0.05, 0.002)
    alone = np.where(close, 0.94, 0.52)
    assailants = np.select([u[3] < alone, u[3] < alone + 0.22], ["1", "2"], "3+")
    return {
        "assault_method": method,
        "relationship": relationship,
        "alcohol": _yes(u[0] < _habit(people, "alcohol")),
        "drugs": _yes(u[1] < _habit(people, "drugs")),
        "domestic_abuse": _yes(close),
        "gang_related": _yes(u[2] < gang),
        "assailants": assailants.astype(object)[like],
        "reported_to_police": _yes(u[4] < said),
        "admitted": _yes(u[5] < np.where(serious, 0.42, 0.06)),
    }


def _like_first(rng: np.random.Generator, people: pd.DataFrame) -> Ints:
    """Position of the first victim of the same incident, for most; for the others their own."""
    own = np.arange(len(people))
    first = np.flatnonzero(~people["incident"].duplicated())
    same = first[np.searchsorted(first, own, side="right") - 1]
    return np.where(rng.random(len(people)) < TOGETHER_SHARE, same, own)


def _habit(people: pd.DataFrame, name: str) -> Floats:
    values = {k: s[name] for k, s in habits()["settings"].items()}
    return people["setting"].map(values).to_numpy(dtype=float)


def _yes(true: NDArray[np.bool_]) -> Words:
    return np.where(true, "yes", "no").astype(object)


def _person(rng: np.random.Generator, people: pd.DataFrame) -> dict[str, Words]:
    middle = _habit(people, "age")
    # Children of one school are of an age; elsewhere ages spread with a long tail.
    spread = np.where(middle < 16, 0.12, 0.36)
    age = (middle * rng.lognormal(0, spread)).clip(1, 97).astype(int)
    sex = np.where(rng.random(len(people)) < _habit(people, "male"), "male", "female")
    return {"age": age, "sex": sex.astype(object)}


def _hospital(rng: np.random.Generator, town: Town, people: pd.DataFrame) -> Words:
    """Where each was treated: by the hospital's size, and the nearer the likelier."""
    health = points_of(town.places[town.places["kind"] == "health"])
    weight = np.tile(np.array(SIZE), (len(people), 1))
    if len(health) >= len(HOSPITALS):
        away = points_of(people)[:, None] - health[: len(HOSPITALS)]
        weight = weight * np.exp(-np.hypot(away[..., 0], away[..., 1]) / 6_000)
    total = np.cumsum(weight, axis=1)
    u = rng.random(len(people))[_like_first(rng, people)]
    chosen = (total < u[:, None] * total[:, -1:]).sum(axis=1)
    return np.asarray(np.array(HOSPITALS, dtype=object)[chosen])


def _transfers(rng: np.random.Generator, people: pd.DataFrame, end: np.datetime64) -> pd.DataFrame:
    """The same attendance once more, some hours later at another hospital."""
    moved = people[rng.random(len(people)) < TRANSFER_SHARE].copy()
    later = rng.integers(60, 600, len(moved)).astype("m8[m]")
    moved["arrived_at"] = on_the_clock(moved["arrived_at"].to_numpy().astype("M8[m]") + later)
    at = pd.Series(HOSPITALS).reset_index().set_index(0)["index"].loc[moved["provider"]]
    other = (at.to_numpy() + rng.integers(1, len(HOSPITALS), len(moved))) % len(HOSPITALS)
    moved["provider"] = np.array(HOSPITALS, dtype=object)[other]
    return moved.assign(transfer="yes")[moved["arrived_at"] <= end]
