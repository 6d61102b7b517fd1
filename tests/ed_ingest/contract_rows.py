"""Valid rows of the contract's tables, to change one thing of. Everybody in them is invented."""

from __future__ import annotations

import pandas as pd

SATURDAY_NIGHT = pd.Timestamp("2026-03-14 23:10")
EAST, NORTH = 318_500.0, 176_500.0

_ASSAULT = {
    "provider": "marford",
    "source": "ed",
    "batch_id": "b1",
    "arrived_at": SATURDAY_NIGHT + pd.Timedelta(minutes=50),
    "assault_from": SATURDAY_NIGHT,
    "assault_to": SATURDAY_NIGHT,
    "time_precision": "minute",
    "clock_change": "none",
    "night_of": SATURDAY_NIGHT.normalize(),
    "assault_method": "body_part",
    "location_type": "street",
    "location_text": "Castle Street",
    "place_id": "p1",
    "place_name": "Castle Street",
    "easting": EAST,
    "northing": NORTH,
    "location_level": "street",
    "location_uncertainty_m": 60.0,
    "match_score": 0.95,
    "lsoa": "W01001856",
    "alcohol": "yes",
    "drugs": "no",
    "domestic_abuse": "no",
    "reported_to_police": "unknown",
    "gang_related": "unknown",
    "admitted": "no",
    "assailants": "2",
    "relationship": "stranger",
    "incident_id": None,
    "transfer": "no",
    "link_status": None,
    "age_band": "25-34",
    "sex": "male",
}
_CRIME = {
    "provider": "police",
    "batch_id": "c1",
    "offence_code": "8N",
    "offence_group": "violence_with_injury",
    "committed_from": SATURDAY_NIGHT,
    "committed_to": SATURDAY_NIGHT,
    "time_precision": "minute",
    "easting": EAST,
    "northing": NORTH,
    "location_level": "coordinates",
    "location_type": "unknown",
    "place_name": None,
    "lsoa": "W01001856",
    "alcohol": "unknown",
    "domestic_abuse": "unknown",
    "knife": "unknown",
    "night_time_economy": "unknown",
}
_TIMES = ("arrived_at", "assault_from", "assault_to", "night_of", "committed_from", "committed_to")
_NUMBERS = ("easting", "northing", "location_uncertainty_m", "match_score")


def assaults(*changes: dict, n: int = 1) -> pd.DataFrame:
    """One row for each set of changes (or `n` equal ones), ids a0, a1 …"""
    return _table("event_id", "a", _ASSAULT, changes or ({},) * n)


def crimes(*changes: dict, n: int = 1) -> pd.DataFrame:
    """One row for each set of changes (or `n` equal ones), ids c0, c1 …"""
    return _table("crime_id", "c", _CRIME, changes or ({},) * n)


def later(minutes: float, *, start: pd.Timestamp = SATURDAY_NIGHT) -> pd.Timestamp:
    """So many minutes after the assault of the valid row."""
    return start + pd.Timedelta(minutes=minutes)


def assault_at(time: pd.Timestamp, **changes) -> dict:
    """Changes for an assault at another minute, with the arrival after it."""
    arrival = time + pd.Timedelta(minutes=50)
    times = {"assault_from": time, "assault_to": time, "arrived_at": arrival}
    return {**times, "night_of": (time - pd.Timedelta(hours=6)).normalize(), **changes}


def crime_at(time: pd.Timestamp, **changes) -> dict:
    """Changes for a crime at another minute."""
    return {"committed_from": time, "committed_to": time, **changes}


def _table(key: str, letter: str, base: dict, changes: tuple[dict, ...]) -> pd.DataFrame:
    rows = [{key: f"{letter}{i}", **base, **change} for i, change in enumerate(changes)]
    table = pd.DataFrame(rows, columns=[key, *base])
    for name in table.columns:
        if name in _TIMES:
            table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
        elif name in _NUMBERS:
            table[name] = table[name].astype("float64")
        else:
            table[name] = table[name].astype("str")
    return table
