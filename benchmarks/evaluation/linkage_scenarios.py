"""Made-up hospitals and forces with known truth, on real streets where there are any."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

PLACES = Path(__file__).parents[2].parent / "shared" / "examples" / "places" / "places.csv"
START = np.datetime64("2025-01-01T00:00", "m")
DAY = 1440
METHODS = {
    "body_part": 0.68, "blunt_object": 0.08, "sharp_object": 0.07, "glass": 0.06,
    "unknown": 0.06, "other": 0.05,
}  # fmt: skip
_UNKNOWN = ("drugs", "domestic_abuse", "reported_to_police", "gang_related", "admitted")


class Scenario(NamedTuple):
    """How many records, how well both sides record, how much the police know.

    ``error_m``: median, spread of the logarithm, least and most of the hospital's error of place;
    ``heaped``: share of records with their place's one wrong point; ``told``: how the time is told;
    ``memory_min``: standard deviation of the time told; ``bias_min``: its clock is so far ahead;
    ``police``: minute, interval, whole day; ``longest_min``: of the intervals; ``centre``: share of
    the records in a core of ``centre_m``; ``night``: share of those in the core at night;
    ``victims``: chance of one, two, three; ``second``: of a known incident's second crime.
    """

    known: float = 0.41
    assaults: int = 3000
    crimes: int = 10_000
    months: int = 12
    error_m: tuple[float, float, float, float] = (60, 0.5, 20, 150)
    heaped: float = 0.6
    told: tuple[float, float, float, float, float, float] = (0.22, 0.42, 0.13, 0.05, 0.06, 0.12)
    memory_min: float = 10
    bias_min: float = 0
    astray: float = 0.02
    police: tuple[float, float, float] = (0.7, 0.24, 0.06)
    longest_min: float = 720
    centre: float = 0.25
    centre_m: float = 500
    night: float = 0.6
    victims: tuple[float, float, float] = (0.94, 0.05, 0.01)
    second: float = 0.1
    named: float = 0.8
    evening: tuple[float, float] = (0.04, 0.24)
    country: float = 1.0
    crowding: float = 1.3
    uncertainty_m: float = 50


SCENARIOS = {
    "clean": Scenario(
        error_m=(15, 0.4, 3, 50), heaped=0.3, told=(0.9, 0.06, 0.04, 0, 0, 0), memory_min=4,
        police=(0.9, 0.1, 0), evening=(0.0, 0.0),
    ),
    "realistic": Scenario(),
    "dense": Scenario(known=0.25, centre=0.9, centre_m=400, night=0.9, crowding=2.5,
        crimes=7000),
    "nothing": Scenario(known=0.0),
    "groups": Scenario(known=0.8, victims=(0.6, 0.25, 0.15)),
    "rural": Scenario(
        assaults=700, crimes=2500, error_m=(150, 0.7, 30, 900), heaped=0.3, centre=0.1,
        told=(0.1, 0.25, 0.2, 0.1, 0.15, 0.2), memory_min=25, country=4.0, named=0.6,
        uncertainty_m=250,
    ),
    "long": Scenario(police=(0.35, 0.55, 0.1), longest_min=1800),
    "unnamed": Scenario(known=0.3, named=0.0, centre=0.5),
}  # fmt: skip
# Looked at once, when the model was finished.
KEPT_ASIDE = {
    "biased": Scenario(
        known=0.55, error_m=(70, 0.9, 1, 600), heaped=0.1, memory_min=20, bias_min=20, astray=0.06,
        centre=0.4, named=0.5, victims=(0.85, 0.1, 0.05),
    ),
}  # fmt: skip


class Simulated(NamedTuple):
    """Both sides in the contract's columns, and the truth.

    ``pairs``: ``event_id, crime_id`` of every pair of one incident; ``known``: by ``event_id``,
    whether this victim has a crime of its own; ``by_incident``: whether the incident has one.
    """

    assaults: pd.DataFrame
    crimes: pd.DataFrame
    pairs: pd.DataFrame
    known: pd.Series
    by_incident: pd.Series


def simulate(scenario: Scenario, *, seed: int) -> Simulated:
    """Make one partnership's records."""
    rng = np.random.default_rng(seed)
    towns = _places(rng, scenario)
    incidents = _incidents(rng, scenario, towns, scenario.assaults)
    incidents["known"] = rng.random(len(incidents)) < scenario.known
    n_victims = 1 + rng.choice(3, len(incidents), p=scenario.victims)
    victims = incidents.loc[incidents.index.repeat(n_victims)].rename_axis("incident").reset_index()
    victims = victims.iloc[: scenario.assaults].reset_index(drop=True)
    victims["method"] = rng.choice(list(METHODS), len(victims), p=list(METHODS.values()))
    first = ~victims["incident"].duplicated()
    own = victims["known"] & (first | (rng.random(len(victims)) < 0.7))
    again = victims[victims["known"] & first & (rng.random(len(victims)) < scenario.second)]
    again = again.assign(at=again["at"] + rng.integers(-15, 16, len(again)))
    others = _incidents(rng, scenario, towns, scenario.crimes - int(own.sum()) - len(again))
    others = others.assign(incident=-1, method="")
    happened = pd.concat([victims[own], again, others], ignore_index=True)
    crimes = _record_crimes(rng, scenario, towns, happened)
    assaults = _record_assaults(rng, scenario, towns, victims)
    return _with_truth(rng, assaults, crimes, victims, happened, own)


def _with_truth(
    rng: np.random.Generator,
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    victims: pd.DataFrame,
    happened: pd.DataFrame,
    own: pd.Series,
) -> Simulated:
    # Ids and the order of the rows tell nothing.
    assaults["event_id"] = [f"e{i:07d}" for i in rng.permutation(len(assaults))]
    crimes["crime_id"] = [f"c{i:07d}" for i in rng.permutation(len(crimes))]
    ours = pd.DataFrame({"incident": victims["incident"], "event_id": assaults["event_id"]})
    theirs = pd.DataFrame({"incident": happened["incident"], "crime_id": crimes["crime_id"]})
    pairs = ours.merge(theirs[theirs["incident"] >= 0], on="incident")
    event = assaults["event_id"].to_numpy()
    return Simulated(
        assaults,
        crimes,
        pairs[["event_id", "crime_id"]],
        pd.Series(own.to_numpy(), index=event),
        pd.Series(victims["known"].to_numpy(), index=event),
    )


def _places(rng: np.random.Generator, scenario: Scenario) -> pd.DataFrame:
    """Places with popularity; ``core`` for those in the middle of the town."""
    if PLACES.is_file():
        found = pd.read_csv(PLACES, usecols=["name", "kind", "easting", "northing"])
        found = found[found["kind"].ne("locality")].reset_index(drop=True)
    else:
        xy = np.vstack([rng.normal(0, 700, (2000, 2)), rng.uniform(-6000, 6000, (3500, 2))])
        kind = np.where(rng.random(5500) < 0.4, "premises", "street")
        names = [f"Place {i}" for i in range(5500)]
        found = pd.DataFrame({"name": names, "kind": kind})
        found[["easting", "northing"]] = np.round(xy + np.array([318_000, 176_000]))
    busy = found.loc[found["kind"].eq("premises"), ["easting", "northing"]].median()
    found["easting"] = busy["easting"] + (found["easting"] - busy["easting"]) * scenario.country
    found["northing"] = busy["northing"] + (found["northing"] - busy["northing"]) * scenario.country
    away = np.hypot(found["easting"] - busy["easting"], found["northing"] - busy["northing"])
    nearest = away.nsmallest(40).max()
    found["core"] = away <= max(scenario.centre_m, nearest)
    found["popular"] = rng.pareto(scenario.crowding, len(found)) + 0.05
    licensed = found["kind"].eq("premises") & (rng.random(len(found)) < 0.3)
    found["type"] = np.where(
        licensed, "licensed_premises", np.where(found["kind"] == "street", "street", "food_or_shop")
    )
    turn = rng.uniform(0, 2 * np.pi, len(found))
    off = _error_m(rng, scenario, len(found))
    found["wrong_x"], found["wrong_y"] = off * np.cos(turn), off * np.sin(turn)
    return found


def _error_m(rng: np.random.Generator, scenario: Scenario, n: int) -> np.ndarray:
    median, spread, least, most = scenario.error_m
    return np.clip(rng.lognormal(np.log(median), spread, n), least, most)


def _incidents(
    rng: np.random.Generator, scenario: Scenario, places: pd.DataFrame, n: int
) -> pd.DataFrame:
    """Place (row) and minute from the start, of `n` incidents."""
    core = rng.random(n) < scenario.centre
    place = np.empty(n, dtype=int)
    for inside in (True, False):
        weight = places["popular"].where(places["core"] == inside, 0.0)
        if not inside:
            weight = np.sqrt(weight)  # outside the core nothing draws the crowds
        chance = (weight / weight.sum()).to_numpy()
        place[core == inside] = rng.choice(len(places), int((core == inside).sum()), p=chance)
    days = int(scenario.months * 30.4)
    crowd = np.where(rng.random(days) < 0.05, 3.0, 1.0)
    week = np.tile([0.7, 0.7, 0.75, 0.8, 1.4, 2.2, 1.2], days // 7 + 1)[:days]
    night = rng.random(n) < np.where(core, scenario.night, 0.35)
    busy = crowd * week
    day = np.where(
        core,
        rng.choice(days, n, p=busy / busy.sum()),
        rng.choice(days, n, p=np.sqrt(week) / np.sqrt(week).sum()),
    )
    late = rng.normal(25.5 * 60, 110, n)
    minute = np.where(night, late, rng.triangular(7 * 60, 17 * 60, 24 * 60, n))
    return pd.DataFrame({"place": place, "at": (day * DAY + minute).astype(int), "core": core})


def _record_crimes(
    rng: np.random.Generator, scenario: Scenario, places: pd.DataFrame, happened: pd.DataFrame
) -> pd.DataFrame:
    n, own = len(happened), happened["incident"].ge(0).to_numpy()
    here = places.iloc[happened["place"].to_numpy()].reset_index(drop=True)
    off = np.where(rng.random(n) < 0.3, 0.0, 1.0)[:, None] * rng.normal(0, 10, (n, 2))
    at = happened["at"].to_numpy() + rng.normal(0, 10, n).round().astype(int)
    form = rng.choice(3, n, p=scenario.police)
    length = np.select(
        [form == 0, form == 1],
        [
            np.where(rng.random(n) < 0.5, 0, rng.integers(1, 30, n)),
            rng.integers(60, int(scenario.longest_min), n) // 15 * 15,
        ],
        DAY - 1,
    )
    start = np.where(form == 2, at // DAY * DAY, at - (rng.random(n) * (length + 1)).astype(int))
    usual = rng.choice(
        ["violence_with_injury", "violence_without_injury", "robbery", "public_order"],
        n, p=[0.76, 0.13, 0.07, 0.04],
    )  # fmt: skip
    strange = rng.choice(
        ["violence_with_injury", "violence_without_injury", "robbery", "public_order", "sexual"],
        n, p=[0.34, 0.46, 0.06, 0.12, 0.02],
    )  # fmt: skip
    method = happened["method"].to_numpy()
    licensed = here["type"].eq("licensed_premises")
    table = _constant(n, {"provider": "force", "batch_id": "b", "lsoa": None, "alcohol": "unknown"})
    return table.assign(
        offence_code=None,
        offence_group=np.where(own, usual, strange),
        committed_from=_stamp(start),
        committed_to=_stamp(start + length),
        time_precision=np.array(["minute", "interval", "date"])[form],
        easting=np.round(here["easting"] + off[:, 0]),
        northing=np.round(here["northing"] + off[:, 1]),
        location_level="coordinates",
        location_type="unknown",
        place_name=here["name"].to_numpy(dtype=object) if scenario.named > 0 else None,
        domestic_abuse=_marker(rng, rng.random(n) < np.where(own, 0.05, 0.2)),
        knife=_marker(rng, np.where(own, method == "sharp_object", rng.random(n) < 0.07)),
        night_time_economy=_marker(rng, licensed.to_numpy()),
    )


def _record_assaults(
    rng: np.random.Generator, scenario: Scenario, places: pd.DataFrame, victims: pd.DataFrame
) -> pd.DataFrame:
    n = len(victims)
    here = places.iloc[victims["place"].to_numpy()].reset_index(drop=True)
    turn, off = rng.uniform(0, 2 * np.pi, n), _error_m(rng, scenario, n)
    heaped = rng.random(n) < scenario.heaped
    x = here["easting"] + np.where(heaped, here["wrong_x"], off * np.cos(turn))
    y = here["northing"] + np.where(heaped, here["wrong_y"], off * np.sin(turn))
    named = rng.random(n) < scenario.named
    name = here["name"].where(named, None).to_numpy(dtype=object)
    table = _constant(
        n, dict.fromkeys((*_UNKNOWN, "alcohol", "assailants", "relationship"), "unknown")
    )
    table = table.assign(
        provider="ed", source="ed", batch_id="b", assault_method=victims["method"],
        location_type=here["type"],
        location_text=np.where(named, "outside " + here["name"], None),
        place_id=None, place_name=name, easting=np.round(x), northing=np.round(y),
        location_level="coordinates", location_uncertainty_m=scenario.uncertainty_m,
        match_score=None, lsoa=None,
        incident_id=None, transfer="no", link_status=None, age_band="unknown", sex="unknown",
    )  # fmt: skip
    return table.assign(**_told_times(rng, scenario, victims))


def _told_times(
    rng: np.random.Generator, scenario: Scenario, victims: pd.DataFrame
) -> dict[str, object]:
    """Five minutes, half hour, hour, a range, a part of the day, the date alone."""
    n, at = len(victims), victims["at"].to_numpy()
    delay = rng.lognormal(np.log(80), 0.85, n) + np.where(rng.random(n) < 0.1, 720.0, 0.0)
    # Companions mostly come together.
    together = pd.Series(delay).groupby(victims["incident"]).transform("first")
    together += rng.integers(0, 6, n)
    delay = np.where(rng.random(n) < 0.9, together, delay)
    arrived = at + delay.astype(int)
    wrong = np.where(rng.random(n) < scenario.astray, rng.normal(0, 120, n), 0.0)
    said = at + scenario.bias_min + rng.normal(0, scenario.memory_min, n) + wrong
    said = np.minimum(said, arrived)
    form = rng.choice(6, n, p=np.array(scenario.told) / sum(scenario.told))
    step = np.select([form == 0, form == 1], [5, 30], 60)
    near = (np.round(said / step) * step).astype(int)
    width = rng.integers(1, 4, n) * 60
    day, part = near // DAY * DAY, near // 360 * 360
    start = np.select([form == 3, form == 4, form == 5], [near - width // 2, part, day], near)
    end = np.select(
        [form == 3, form == 4, form == 5], [near + width // 2, part + 359, day + DAY - 1], near
    )
    early = near % DAY < 360
    slips = rng.random(n) < np.where(form == 5, scenario.evening[1], scenario.evening[0])
    back = np.where(early & slips, DAY, 0)
    start, end = start - back, end - back
    part_of_day = (form == 3) | (form == 4)
    end = np.where(part_of_day & (start < arrived), np.minimum(end, arrived), end)
    precision = np.select([part_of_day, form == 5], ["part_of_day", "date"], "minute")
    return {
        "arrived_at": _stamp(arrived),
        "assault_from": _stamp(start),
        "assault_to": _stamp(end),
        "time_precision": precision,
        "clock_change": "none",
        "night_of": (_stamp(start) - pd.Timedelta(hours=6)).floor("D"),
    }


def _stamp(minutes: np.ndarray) -> pd.DatetimeIndex:
    return pd.DatetimeIndex((START + minutes.astype("m8[m]")).astype("M8[s]"))


def _marker(rng: np.random.Generator, true: np.ndarray) -> np.ndarray:
    u = rng.random(len(true))
    return np.select([true & (u < 0.55), ~true & (u < 0.35)], ["yes", "no"], "unknown")


def _constant(n: int, values: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame({name: [value] * n for name, value in values.items()})
