"""Police recorded crime: what the force knows of the assaults, and crimes of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from hotspots.simulated.areas import points_of
from hotspots.simulated.identifiers import addresses, digits, make_people, plant
from hotspots.simulated.incidents import Minutes, Period, make_incidents
from hotspots.simulated.names import Words
from hotspots.simulated.network import unit
from hotspots.simulated.sites import Sites
from hotspots.simulated.told_times import CLOCK, choose, minute_of_day, write_days
from hotspots.simulated.town import Town

OWN_CRIMES_PER_LINKED = 3.0
# One crime for each victim: always for the first of an incident, for the others mostly.
FURTHER_VICTIM_SHARE = 0.7
POINT_ERROR_M = (10.0, 30.0)
TIME_MIX = {"minute": 0.7, "interval": 0.24, "date": 0.06}
ADDRESS_SHARE = 0.35  # of crimes at homes, with house and street as their location
# Home Office code -> offence, chance among a force's own crimes in percent.
OFFENCES = {
    "8N": ("Assault occasioning actual bodily harm", 27),
    "5D": ("Wounding with intent to cause grievous bodily harm", 3),
    "8P": ("Racially or religiously aggravated assault with injury", 1),
    "105A": ("Common assault and battery", 28),
    "8L": ("Harassment", 9),
    "34B": ("Robbery of personal property", 6),
    "9A": ("Public fear, alarm or distress", 19),
    "66": ("Affray", 3),
    "20A": ("Sexual assault on a female aged 13 and over", 3),
    "10D": ("Having an article with a blade or point in a public place", 1),
}
OWN_OFFENCES = {code: float(share) for code, (_, share) in OFFENCES.items()}
PREMISES_TYPES = {
    "licensed_premises": "Public house / nightclub",
    "street": "Street",
    "own_home": "Dwelling",
    "other_home": "Dwelling",
    "food_or_shop": "Shop / food outlet",
    "public_transport": "Railway or bus station",
    "park_or_open_space": "Open space",
    "education": "School / college",
    "workplace": "Business premises",
    "health_or_care": "Hospital",
    "custody": "Police station",
    "other_public": "Other public place",
}


_KEPT = (
    "attendance", "incident", "at", "place", "easting", "northing", "lsoa", "location_type",
    "assault_method", "alcohol", "domestic_abuse",
)  # fmt: skip


class Recorded(NamedTuple):
    """The force's crimes and the truth about them.

    ``crimes`` has a row a crime with true and recorded time and point; ``cells`` the extract's
    columns on the same rows; ``links`` the columns ``attendance`` (row of the attendances),
    ``crime`` (row) and ``primary`` (``yes``: this victim's own crime; ``no``: another victim's of
    the same incident); ``planted`` the columns ``row, kind, identifier, column``.
    """

    crimes: pd.DataFrame
    cells: pd.DataFrame
    links: pd.DataFrame
    planted: pd.DataFrame


def record_crimes(
    rng: np.random.Generator,
    town: Town,
    sites: Sites,
    people: pd.DataFrame,
    *,
    period: Period,
    own_per_linked: float = OWN_CRIMES_PER_LINKED,
    own_offences: Mapping[str, float] = OWN_OFFENCES,
) -> Recorded:
    """Record the known incidents and other crimes, in the order of their true time.

    Parameters
    ----------
    rng, town, sites, people, period
        The town and its attendances.
    own_per_linked
        Crimes of the force's own for each one of a victim in `people`.
    own_offences
        Home Office code of those -> relative share.
    """
    victims = people[people["known"] & (people["transfer"] == "no")]
    further = victims["incident"].duplicated().to_numpy()
    victims = victims[~further | (rng.random(len(victims)) < FURTHER_VICTIM_SHARE)]
    own = make_incidents(
        rng, town, sites, n_victims=int(len(victims) * own_per_linked), period=period
    )
    own = own.loc[own.index.repeat(own["victims"])]
    crimes = _together(victims.assign(attendance=victims.index), own)
    crimes["offence_code"] = _offences(rng, crimes, own_offences)
    crimes = crimes.assign(**_recorded_times(rng, crimes["at"].to_numpy()))
    turn, off = rng.uniform(0, 2 * np.pi, len(crimes)), rng.uniform(*POINT_ERROR_M, len(crimes))
    xy = np.round(points_of(crimes) + off[:, None] * unit(turn))
    crimes["easting"], crimes["northing"] = xy.T
    crimes["reference"] = "WX25-" + digits(np.arange(len(crimes)) + 1, width=7)
    cells, planted = _cells(rng, town, crimes)
    return Recorded(crimes, cells, _links(people, crimes), planted)


def _together(victims: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """Known assaults and the force's own crimes in the order of their true time."""
    blank = {"assault_method": "", "alcohol": "", "domestic_abuse": ""}
    own = own.assign(attendance=-1, incident=-1, **blank)
    both = pd.concat([victims[list(_KEPT)], own[list(_KEPT)]])
    return both.iloc[np.argsort(both["at"].to_numpy(), kind="stable")].reset_index(drop=True)


def _offences(
    rng: np.random.Generator, crimes: pd.DataFrame, own_offences: Mapping[str, float]
) -> Words:
    """Offence codes: of the force's own crimes by their shares, else by how the victim was hurt."""
    own = choose(rng, dict(own_offences), len(crimes))
    usual = choose(rng, {"8N": 0.6, "105A": 0.34, "34B": 0.03, "8P": 0.03}, len(crimes))
    grave = choose(rng, {"5D": 0.42, "8N": 0.5, "34B": 0.08}, len(crimes))
    method = crimes["assault_method"]
    weapon = method.isin(["sharp_object", "firearm", "glass", "corrosive_or_burn"])
    kinds = [method == "", method == "sexual", weapon]
    return np.select(kinds, [own, "20A", grave], usual).astype(object)


def _recorded_times(rng: np.random.Generator, at: Minutes) -> dict[str, Minutes]:
    """The minute give or take, an interval of more than an hour that holds it, or the whole day."""
    n, at = len(at), at.astype("M8[m]")
    form = choose(rng, TIME_MIX, n)
    near = at + rng.normal(0, 6, n).round().astype(int).astype("m8[m]")
    before, after = rng.integers(31, 240, (2, n)).astype("m8[m]")
    day = at.astype("M8[D]").astype("M8[m]")
    kinds = [form == "interval", form == "date"]
    return {
        "committed_from": np.select(kinds, [at - before, day], near),
        "committed_to": np.select(kinds, [at + after, day + np.timedelta64(1439, "m")], near),
    }


def _cells(
    rng: np.random.Generator, town: Town, crimes: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    home = crimes["location_type"].isin(["own_home", "other_home"]).to_numpy()
    location = town.places["name"].to_numpy(dtype=object)[crimes["place"]]
    told = np.flatnonzero(home & (rng.random(len(crimes)) < ADDRESS_SHARE))
    location[told] = addresses(rng, town, len(told))
    offence = crimes["offence_code"].map({code: words for code, (words, _) in OFFENCES.items()})
    hour = minute_of_day(crimes["at"].to_numpy()) // 60
    late = ((hour >= 18) | (hour < 6)) & ~home
    cells = {
        "Crime Reference": crimes["reference"],
        "HO Code": crimes["offence_code"],
        "Offence": offence,
        "Committed From": _stamp(crimes["committed_from"].to_numpy()),
        "Committed To": _stamp(crimes["committed_to"].to_numpy()),
        "Easting": crimes["easting"].astype(int),
        "Northing": crimes["northing"].astype(int),
        "Location": location,
        "Premises Type": crimes["location_type"].map(PREMISES_TYPES),
        "LSOA": crimes["lsoa"],
        "Alcohol Marker": _marker(rng, crimes["alcohol"] == "yes"),
        "Domestic Abuse Marker": _marker(rng, crimes["domestic_abuse"] == "yes"),
        "Knife Marker": _marker(rng, crimes["assault_method"] == "sharp_object"),
        "NTE Marker": _marker(rng, pd.Series(late)),
    }
    persons = make_people(rng, town, rng.integers(16, 80, len(crimes)))
    homes = pd.DataFrame({"row": told, "kind": "home_address", "identifier": location[told]})
    cells["Location"], said = plant(rng, persons, location, home)
    planted = pd.concat([homes, said], ignore_index=True).assign(column="Location")
    # Plain objects: pandas' own text columns are slower to make, part and write.
    return pd.DataFrame(cells, dtype=object), planted


def _stamp(times: Minutes) -> Words:
    return np.asarray(write_days(times, "%d/%m/%Y ") + CLOCK["23:30"][minute_of_day(times)])


def _marker(rng: np.random.Generator, true: pd.Series) -> Words:
    """Markers are put by hand: mostly where they apply, seldom where they do not."""
    u = rng.random(len(true))
    return np.select([true & (u < 0.65), ~true & (u < 0.3)], ["Y", "N"], "").astype(object)


def _links(people: pd.DataFrame, crimes: pd.DataFrame) -> pd.DataFrame:
    """Every pair of an attendance and a crime of the same incident."""
    ours = crimes.reset_index(names="crime")[["crime", "incident", "attendance"]]
    ours = ours[ours["attendance"] >= 0].rename(columns={"attendance": "of"})
    theirs = people.reset_index(names="attendance")[["attendance", "incident"]]
    pairs = theirs.merge(ours, on="incident")
    primary = np.where(pairs["attendance"] == pairs["of"], "yes", "no")
    return pairs.assign(primary=primary).drop(columns="of")
