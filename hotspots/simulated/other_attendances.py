"""Attendances that are no assaults, for the hospital that sends everything."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspots.simulated.hospitals import DISCHARGED, Extract, personal_columns
from hotspots.simulated.identifiers import digits, make_people, plant
from hotspots.simulated.told_times import choose, write_clock, write_days
from hotspots.simulated.town import Town

OTHERS_PER_ASSAULT = 1.5
REASONS = {"10": 0.08, "30": 0.05, "40": 0.12, "60": 0.45, "80": 0.3}
PLACES = ("fell at home", "football pitch", "works accident", "", "chest pain", "slipped on ice")


def with_other_attendances(rng: np.random.Generator, town: Town, extract: Extract) -> Extract:
    """Put other attendances, in the Royal Infirmary's layout, between the assaults."""
    n = int(len(extract.cells) * OTHERS_PER_ASSAULT)
    if n == 0:
        return extract
    arrivals = extract.truth["arrived_at"].to_numpy().astype("M8[m]")
    first, last = arrivals.min(), arrivals.max()
    span = int((last - first).astype(int))
    arrived = first + rng.integers(0, span + 1, n).astype("m8[m]")
    persons = make_people(rng, town, rng.integers(1, 95, n))
    number = "RI" + digits(np.arange(6_000_001, 6_000_001 + n))
    others = pd.DataFrame("", index=range(n), columns=extract.cells.columns, dtype=object)
    others["EPISODE_NO"] = number
    others = others.assign(**personal_columns(persons))
    others["ARR_DATE"] = write_days(arrived, "%d-%b-%Y")
    others["ARR_TIME"] = write_clock(arrived, np.full(n, "2330", dtype=object))
    others["PAT_GROUP"] = choose(rng, REASONS, n)
    words = np.array(PLACES, dtype=object)[rng.integers(0, 6, n)]
    apart = rng.spawn(1)[0]
    nowhere = np.zeros(n, dtype=bool)
    others["LOCATION_NOTES"], said = plant(apart, persons, words, nowhere)
    others["DISPOSAL"] = choose(rng, DISCHARGED | {"01": 0.25}, n)
    blank = {"assault": -1, "said": "", "fault": "", "planted": "no"}
    said = said.assign(row=said["row"] + len(extract.cells), column="LOCATION_NOTES")
    planted = pd.concat([extract.planted, said], ignore_index=True)
    truth = pd.DataFrame({"arrived_at": arrived, "attendance_number": number, **blank})
    truth = pd.concat([extract.truth, truth], ignore_index=True)
    order = np.argsort(truth["arrived_at"].to_numpy(), kind="stable")
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    return Extract(
        cells=pd.concat([extract.cells, others], ignore_index=True).iloc[order],
        truth=truth.iloc[order].reset_index(drop=True),
        identifiers=extract.identifiers,
        planted=planted.assign(row=place[planted["row"]]).sort_values("row", ignore_index=True),
    )
