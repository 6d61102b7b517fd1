"""Incidents in space and time: settings, nights, hours, places, and who is hurt and how."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from hotspots.simulated.areas import points_of
from hotspots.simulated.network import Floats, Ints
from hotspots.simulated.sites import Sites
from hotspots.simulated.town import Town

Minutes = NDArray[np.datetime64]

LAST_MONTH = np.datetime64("2025-12", "M")
TREND_MONTHS = 3
VICTIMS = (0.9, 0.08, 0.02)  # one, two, three
KNOWN_SHARE = 0.41
# Clocks go back at 02:00 summer time (the hour 01-02 comes twice) and forward at 01:00.
_TWICE_HOUR, _SKIPPED_HOUR = 19, 19  # the 20th hour of a night is 01-02


class Period(NamedTuple):
    """Whole months, the last one included."""

    first: np.datetime64
    last: np.datetime64

    @property
    def nights(self) -> Minutes:
        """First minute (06:00) of each night."""
        days = np.arange(self.first.astype("M8[D]"), (self.last + 1).astype("M8[D]"))
        return np.asarray(days + np.timedelta64(6, "h"), dtype="M8[m]")

    @property
    def trend_from(self) -> np.datetime64:
        """Month in which the planted trends set in."""
        return max(self.first, self.last - (TREND_MONTHS - 1))

    @property
    def months(self) -> Minutes:
        """Every month."""
        return np.arange(self.first, self.last + 1)


def period_of(months: int, last: np.datetime64 = LAST_MONTH) -> Period:
    """The `months` whole months up to the last."""
    return Period(last - (months - 1), last)


@cache
def habits() -> dict[str, Any]:
    """Read habits.toml."""
    text = (files("hotspots.simulated") / "habits.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def make_incidents(
    rng: np.random.Generator, town: Town, sites: Sites, *, n_victims: int, period: Period
) -> pd.DataFrame:
    """Draw incidents with exactly so many victims in all.

    Returns
    -------
    pandas.DataFrame
        ``setting, location_type, at`` (minute, local), ``place`` and ``near`` (rows of the town's
        places; -1 for none), ``easting, northing, lsoa, victims, known`` (to the police).
    """
    victims = _victims(rng, n_victims)
    n = len(victims)
    settings = habits()["settings"]
    share = np.array([s["share"] for s in settings.values()])
    setting = rng.choice(len(share), n, p=share / share.sum())
    at = np.empty(n, dtype="M8[m]")
    site = np.empty(n, dtype=np.int64)
    for number, habit in enumerate(settings.values()):
        mine = np.flatnonzero(setting == number)
        at[mine] = _times(rng, habit, len(mine), period)
        late = at[mine] >= period.trend_from
        for when, weight in zip((~late, late), sites.weights[habit["where"]], strict=True):
            site[mine[when]] = draw(rng, weight, int(when.sum()))
    names = np.array(list(settings), dtype=object)[setting]
    known = np.array([s["known"] for s in settings.values()])[setting]
    made = _at_sites(rng, town, sites, site)
    return made.assign(
        setting=names,
        location_type=pd.Series(names).map({k: s["location_type"] for k, s in settings.items()}),
        at=at,
        victims=victims,
        known=rng.random(n)
        < KNOWN_SHARE * known / (share @ [s["known"] for s in settings.values()]),
    )


def _victims(rng: np.random.Generator, n_victims: int) -> Ints:
    """Victims of each incident; the last incident takes what is left."""
    each = 1 + rng.choice(3, n_victims, p=VICTIMS)
    each = each[: int(np.searchsorted(each.cumsum(), n_victims)) + 1]
    each[-1:] -= each.sum() - n_victims
    return each


def draw(rng: np.random.Generator, weight: Floats, n: int) -> Ints:
    """Draw `n` positions with these relative weights."""
    total = np.cumsum(weight)
    at = np.searchsorted(total, rng.random(n) * total[-1], side="right")
    return np.asarray(np.minimum(at, len(weight) - 1))


def _times(rng: np.random.Generator, habit: dict[str, Any], n: int, period: Period) -> Minutes:
    """Minutes drawn by night, then hour; the clock-change nights have their hours."""
    nights = period.nights
    days = nights.astype("M8[D]")
    weekday = (days.astype(int) + 3) % 7  # 1970-01-01 was a Thursday
    month = nights.astype("M8[M]").astype(int) % 12
    year = habits()["year"]["school" if habit["hours"] == "school" else "weights"]
    weight = np.array(habits()["week"][habit["week"]])[weekday] * np.array(year)[month]
    if habit["hours"] == "late":
        weight = weight * _festive(days, weekday, month)
    hours = np.outer(weight, habits()["hours"][habit["hours"]])
    forward, back = _clock_changes(days, weekday, month)
    hours[back, _TWICE_HOUR] *= 2
    hours[forward, _SKIPPED_HOUR] = 0
    cell = draw(rng, hours.ravel(), n)
    minutes = (cell % 24) * 60 + rng.integers(0, 60, n)
    at = nights[cell // 24] + minutes.astype("m8[m]")
    # The small hours after the last night stand for those before the first.
    start, end = period.first.astype("M8[m]"), (period.last + 1).astype("M8[m]")
    return np.asarray(np.where(at >= end, at - (end - start), at))


def _festive(days: Minutes, weekday: Ints, month: Ints) -> Floats:
    """Busier nights: New Year's Eve, Christmas, the Sundays before a bank-holiday Monday."""
    day = (days - days.astype("M8[M]")).astype(int) + 1
    december = month == 11
    eve = (weekday == 6) & (((month == 4) & (day <= 6)) | (np.isin(month, [4, 7]) & (day >= 24)))
    return np.select(
        [december & (day == 31), december & np.isin(day, [24, 26]), december & (day == 25), eve],
        [2.6, 1.4, 0.5, 2.0],
        default=1.0,
    )


def _clock_changes(days: Minutes, weekday: Ints, month: Ints) -> tuple[Ints, Ints]:
    """The Saturday nights in which the clocks go forward (March) and back (October)."""
    sunday = days + 1
    last = (weekday == 5) & ((sunday + 7).astype("M8[M]") != sunday.astype("M8[M]"))
    month_of_sunday = sunday.astype("M8[M]").astype(int) % 12
    return np.flatnonzero(last & (month_of_sunday == 2)), np.flatnonzero(
        last & (month_of_sunday == 9)
    )


def on_the_clock(times: Minutes) -> Minutes:
    """Times that the clocks skip in March, as the clocks show them: an hour later."""
    days = times.astype("M8[D]")
    weekday = (days.astype(int) + 3) % 7
    march = times.astype("M8[M]").astype(int) % 12 == 2
    last = (days + 7).astype("M8[M]") != days.astype("M8[M]")
    skipped = march & last & (weekday == 6) & ((times - days).astype("m8[h]").astype(int) == 1)
    return np.asarray(np.where(skipped, times + np.timedelta64(60, "m"), times))


def _at_sites(rng: np.random.Generator, town: Town, sites: Sites, site: Ints) -> pd.DataFrame:
    """True points about the sites, inside the boundary, and their small areas."""
    at = sites.table.iloc[site].reset_index(drop=True)
    spread = rng.normal(0, 1, (len(at), 2)) * at[["spread_m"]].to_numpy()
    xy = np.round(points_of(at) + spread.clip(-120, 120))
    outside = ~shapely.contains_xy(town.boundary, xy)
    xy[outside] = points_of(at)[outside].round()
    return pd.DataFrame(
        {
            "place": at["place"],
            "near": at["near"],
            "easting": xy[:, 0],
            "northing": xy[:, 1],
            "lsoa": area_codes(town, xy),
        }
    )


def area_codes(town: Town, xy: Floats) -> NDArray[np.object_]:
    """Code of the small area of each point; empty outside all of them."""
    # Many incidents share a point: each distinct one is looked up once.
    back, whole = pd.factorize(xy[:, 0].astype(np.int64) * 10_000_000 + xy[:, 1].astype(np.int64))
    distinct = np.stack([whole // 10_000_000, whole % 10_000_000], axis=1)
    codes = np.full(len(distinct), "", dtype=object)
    tree = shapely.STRtree(town.areas.geometry.to_numpy())
    point, area = tree.query(shapely.points(distinct), "intersects")
    codes[point] = town.areas["code"].to_numpy(dtype=object)[area]
    return np.asarray(codes[back])
