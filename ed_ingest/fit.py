"""Whether the cells of a column can be what its heading says."""

from __future__ import annotations

from types import MappingProxyType

from ed_ingest.contents import Look

# Meaning -> the word list that its cells are read by.
CODED = MappingProxyType(
    {
        "assault_method": "assault_method", "location_type": "location_type",
        "alcohol": "alcohol", "drugs": "drugs", "domestic_abuse": "domestic_abuse",
        "reported_to_police": "reported_to_police", "gang_related": "gang_related",
        "alcohol_or_drugs": "alcohol",
        "admitted": "admitted", "assailants": "assailants", "relationship": "relationship",
        "sex": "sex", "age_band": "age_band", "reason": "attendance_reason",
    }
)  # fmt: skip
_TIMES = ("assault_when", "assault_when_or_other", "arrival_when", "when", "date_of_birth")
_RANGES = MappingProxyType(
    {
        "easting": (0, 700_000), "northing": (0, 1_300_000), "latitude": (-10, 62),
        "longitude": (-10, 62), "age": (0, 125),
    }
)  # fmt: skip
_BLANK = 0.6  # a column without cells neither speaks for nor against


def fit(meaning: str, look: Look) -> float:
    """How well cells that look so can be of this meaning: 0 (cannot) to 1.

    Parameters
    ----------
    meaning
        As in schemas/layouts/headings.csv.
    look
        What the cells look like.
    """
    if look.n == 0:
        return _BLANK
    if meaning in _TIMES:
        return _of_times(meaning, look)
    if meaning in CODED:
        return _of_codes(meaning, look)
    if meaning in _RANGES:
        low, high = _RANGES[meaning]
        inside = look.number if look.low >= low and look.high <= high else 0.5 * look.number
        return max(inside, 0.1)
    if meaning == "location_text":
        return _of_places(look)
    if meaning in ("attendance_number", "any_number", "hospital_number"):
        return _of_numbers(meaning, look)
    if meaning == "row_number":
        return 1.0 if look.counting else 0.5
    if meaning == "lsoa":
        return max(look.area, 0.3)
    if meaning == "assault_method_more":
        return 0.2 if look.tick > 0.9 else 0.95
    return 0.95 if meaning in ("other", "site") else 1.0


def _of_times(meaning: str, look: Look) -> float:
    timed = max(look.day, look.moment, look.day + look.moment, look.clock)
    if meaning == "date_of_birth":
        timed = max(look.day + look.moment, 0.5)
    return 0.1 + 0.9 * min(timed, 1.0)


def _of_codes(meaning: str, look: Look) -> float:
    known = look.codes[CODED[meaning]]
    if max(look.day, look.moment) > 0.8 or (look.clock > 0.8 and look.number < 0.5):
        return 0.1
    if meaning == "assailants":
        known = max(known, look.number if look.high < 100 else 0.0)
    if meaning == "location_type" and look.n > 20 and look.distinct > 0.6 * look.n:
        known *= 0.7  # every cell its own words: a description
    few = look.distinct <= 40 and look.words < 1.3 and known < 0.5
    return max(0.3 + 0.7 * known, 0.6 if few else 0.0)


def _of_places(look: Look) -> float:
    if max(look.day, look.moment) > 0.8 or look.number > 0.9 or look.tick > 0.9:
        return 0.1
    kinds_only = look.codes["location_type"] > 0.9 and look.distinct <= max(12, 0.35 * look.n)
    return 0.75 if kinds_only else 1.0


def _of_numbers(meaning: str, look: Look) -> float:
    if look.counting:
        return 0.3
    if max(look.day, look.moment) > 0.8 and look.number < 0.5:
        return 0.2
    each_its_own = look.distinct >= 0.9 * look.n and look.nhs < 0.3
    return 1.0 if each_its_own or meaning == "hospital_number" else 0.4
