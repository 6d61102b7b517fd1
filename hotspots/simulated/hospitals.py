"""Three hospitals' extracts of one town: unlike layouts, habits with dates, words and vices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hotspots.simulated.cells import answered, at_home, joined, spoilt, worded
from hotspots.simulated.identifiers import digits, make_people, plant
from hotspots.simulated.names import Words
from hotspots.simulated.told_times import (
    CLOCK,
    choose,
    faulty_dates,
    rounded,
    write_clock,
    write_days,
)
from hotspots.simulated.town import Town
from hotspots.simulated.wording import Wording, word_places

# How the Royal Infirmary writes times, and what it rounds them to.
_TIME_FORMS = {
    "approx 23.30": 0.2,
    "11pm": 0.24,
    "2330": 0.2,
    "23:30": 0.12,
    "evening": 0.11,
    "22:00-00:00": 0.05,
    "": 0.08,
}
_STEP_MIN = dict.fromkeys(CLOCK, 5) | {"approx 23.30": 30, "11pm": 60, "22:00-00:00": 60}
DISCHARGED = {"02": 0.3, "03": 0.62, "12": 0.08}
_PERSONAL = {
    "EPISODE_NO": "attendance_number",
    "NHS_NO": "nhs_number",
    "SURNAME": "surname",
    "FORENAME": "forename",
    "DOB": "date_of_birth",
    "HOME_ADDRESS": "home_address",
    "TEL": "telephone",
}


class Extract(NamedTuple):
    """Everything that one hospital would send, in its own columns and words.

    Attributes
    ----------
    cells
        The delivered cells as text or times; one row an attendance, in the order of arrival.
    truth
        On the same rows: ``assault`` (position among all attendances, -1 where it is none),
        ``arrived_at, attendance_number, said, fault, planted``.
    identifiers
        Column -> kind of identifier it holds.
    planted
        Identifiers in words: ``row, kind, identifier, column``.
    """

    cells: pd.DataFrame
    truth: pd.DataFrame
    identifiers: dict[str, str]
    planted: pd.DataFrame


@dataclass(frozen=True)
class Chart:
    """What a hospital knows of its attendances before its own layout shapes it."""

    people: pd.DataFrame
    persons: pd.DataFrame
    words: Wording


def make_extract(
    rng: np.random.Generator, town: Town, people: pd.DataFrame, provider: str
) -> Extract:
    """Write the attendances of one hospital as it would."""
    mine = np.flatnonzero(people["provider"] == provider)
    own = people.iloc[mine].reset_index(drop=True)
    persons = make_people(rng, town, own["age"].to_numpy(dtype=np.int64))
    chart = Chart(own, persons, word_places(rng, town, own))
    layouts = {
        "marford-general": _marford_general,
        "st-teilos": _st_teilos,
        "royal-infirmary": _royal_infirmary,
    }
    extract = layouts[provider](rng, chart)
    extract.truth["assault"] = mine
    return extract


def _marford_general(rng: np.random.Generator, chart: Chart) -> Extract:
    """Dates and times in columns of their own, times to the half hour, one column of free text."""
    people, n = chart.people, len(chart.people)
    arrived = people["arrived_at"].to_numpy().astype("M8[m]")
    step = rng.choice(np.array([30, 15, 60, 5]), n, p=[0.68, 0.12, 0.12, 0.08])
    told, fault = faulty_dates(
        rng, rounded(people["at"].to_numpy(), arrived, step), evening_before=0.03
    )
    form = choose(rng, {"23:30": 0.94, "": 0.06}, n)
    text, planted = plant(rng, chart.persons, joined(chart.words), at_home(people))
    number = "MG-" + digits(np.arange(100_001, 100_001 + n))
    cells = {
        "AttendanceNumber": number,
        "HospitalNumber": chart.persons["hospital_number"],
        "ArrivalDate": write_days(arrived, "%d/%m/%Y"),
        "ArrivalTime": write_clock(arrived, np.full(n, "23:30", dtype=object)),
        "IncidentDate": spoilt(write_days(told, "%d/%m/%Y"), fault, "31/02/2025"),
        "IncidentTime": write_clock(told, form),
        "AssaultMethodDesc": worded(rng, people, "assault_method", "marford-general", 0.05),
        "PlaceType": worded(rng, people, "location_type", "marford-general", 0.06),
        "AssaultLocation": text,
        "AlcoholInvolved": answered(rng, people["alcohol"], ("Yes", "No", "Not known"), 0.15),
        "DrugsInvolved": answered(rng, people["drugs"], ("Yes", "No", "Not known"), 0.3),
        "PoliceInformed": answered(rng, people["reported_to_police"], ("Yes", "No", ""), 0.2),
        "Relationship": worded(rng, people, "relationship", "marford-general", 0.25),
        "NoOfAssailants": np.where(rng.random(n) < 0.25, "", people["assailants"]),
        "GangRelated": answered(rng, people["gang_related"], ("Yes", "No", ""), 0.6),
        "Admitted": answered(rng, people["admitted"], ("Y", "N", ""), 0.02),
        "Age": people["age"].astype(str),
        "Sex": people["sex"].map({"male": "M", "female": "F"}),
    }
    identifiers = {"AttendanceNumber": "attendance_number", "HospitalNumber": "hospital_number"}
    return _extract(
        cells, chart, fault, number, identifiers, planted.assign(column="AssaultLocation")
    )


def _st_teilos(rng: np.random.Generator, chart: Chart) -> Extract:
    """True dates; midnight where no time was told; the place in three columns."""
    people, n = chart.people, len(chart.people)
    arrived = people["arrived_at"].to_numpy().astype("M8[m]")
    step = rng.choice(np.array([15, 30, 5]), n, p=[0.5, 0.3, 0.2])
    told, fault = faulty_dates(
        rng, rounded(people["at"].to_numpy(), arrived, step), evening_before=0.02
    )
    untold = rng.random(n) < 0.14
    told = np.where(untold, told.astype("M8[D]"), told)
    told[fault == "impossible_date"] = np.datetime64("1900-01-01T00:00")
    words = chart.words
    premises, planted = plant(rng, chart.persons, words.premises, at_home(people))
    cells = {
        "Arrived": arrived,
        "Assault date & time": told,
        "Injury caused by": worded(rng, people, "assault_method", "st-teilos", 0.08),
        "Type of place": worded(rng, people, "location_type", "st-teilos", 0.1),
        "Premises": premises,
        "Street": words.street,
        "Town": words.town,
        "Alcohol?": answered(rng, people["alcohol"], ("Y", "N", "NK"), 0.2),
        "Domestic abuse?": answered(rng, people["domestic_abuse"], ("Y", "N", ""), 0.35),
        "Police told?": answered(rng, people["reported_to_police"], ("Y", "N", "NK"), 0.3),
        "Admitted?": answered(rng, people["admitted"], ("Y", "N", ""), 0.05),
        "NHS No.": chart.persons["nhs_number"],
        "Date of Birth": write_days(chart.persons["born_on"].to_numpy(), "%d/%m/%Y"),
    }
    identifiers = {"NHS No.": "nhs_number", "Date of Birth": "date_of_birth"}
    nothing = np.full(n, "", dtype=object)
    return _extract(cells, chart, fault, nothing, identifiers, planted.assign(column="Premises"))


def _royal_infirmary(rng: np.random.Generator, chart: Chart) -> Extract:
    """Codes of an old system, times in words, and who the patient is in seven columns."""
    people, n = chart.people, len(chart.people)
    arrived = people["arrived_at"].to_numpy().astype("M8[m]")
    form = choose(rng, _TIME_FORMS, n)
    step = np.array([_STEP_MIN[name] for name in form])
    told, fault = faulty_dates(
        rng, rounded(people["at"].to_numpy(), arrived, step), evening_before=0.03
    )
    text, planted = plant(rng, chart.persons, joined(chart.words), at_home(people))
    disposal = np.where(people["admitted"] == "yes", "01", choose(rng, DISCHARGED, n))
    number = "RI" + digits(np.arange(4_000_001, 4_000_001 + n))
    cells = {
        "EPISODE_NO": number,
        **personal_columns(chart.persons),
        "ARR_DATE": write_days(arrived, "%d-%b-%Y"),
        "ARR_TIME": write_clock(arrived, np.full(n, "2330", dtype=object)),
        "PAT_GROUP": np.full(n, "20", dtype=object),
        "INC_LOC_TYPE": worded(rng, people, "location_type", "royal-infirmary", 0.1),
        "ASSAULT_DATE": spoilt(write_days(told, "%d-%b-%Y"), fault, "00-Jan-2025"),
        "ASSAULT_TIME": write_clock(told, form),
        "WEAPON": worded(rng, people, "assault_method", "royal-infirmary", 0.12),
        "LOCATION_NOTES": text,
        "ALCOHOL": answered(rng, people["alcohol"], ("1", "2", "9"), 0.25),
        "DRUGS": answered(rng, people["drugs"], ("1", "2", "9"), 0.5),
        "DISPOSAL": disposal,
    }
    return _extract(cells, chart, fault, number, _PERSONAL, planted.assign(column="LOCATION_NOTES"))


def personal_columns(persons: pd.DataFrame) -> dict[str, Any]:
    """Who the patient is, as the Royal Infirmary's system puts it."""
    number = persons["nhs_number"].str
    return {
        "NHS_NO": number[:3] + " " + number[3:6] + " " + number[6:],
        "SURNAME": persons["surname"].str.upper(),
        "FORENAME": persons["forename"],
        "DOB": write_days(persons["born_on"].to_numpy(), "%d/%m/%Y"),
        "HOME_ADDRESS": persons["home_address"],
        "TEL": persons["telephone"],
    }


def _extract(
    cells: dict[str, Any],
    chart: Chart,
    fault: Words,
    number: Words,
    identifiers: dict[str, str],
    planted: pd.DataFrame,
) -> Extract:
    marked = np.full(len(fault), "no", dtype=object)
    marked[planted["row"].to_numpy()] = "yes"
    truth = pd.DataFrame(
        {
            "assault": -1,
            "arrived_at": chart.people["arrived_at"],
            "attendance_number": number,
            "said": chart.words.said,
            "fault": fault,
            "planted": marked,
        }
    )
    return Extract(_plain(cells), truth, identifiers, planted)


def _plain(cells: dict[str, Any]) -> pd.DataFrame:
    """Columns of plain objects, times apart: pandas' own text columns are slower here."""
    kinds = {name: np.asarray(values).dtype.kind for name, values in cells.items()}
    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=None if kinds[name] == "M" else object)
            for name, values in cells.items()
        }
    )
