"""Made-up incidents, patients and towns; the columns a hospital writes of them; the truth beside."""

# ruff: noqa: E501 - tables of wordings are easier to read unwrapped; the dice are seeded on purpose.
from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from telling import DAY, HOUR, Form, Told, no_date, tell, the_day_alone

METHODS = {
    "body_part": 46, "sharp_object": 10, "glass": 7, "blunt_object": 11, "firearm": 1,
    "strangulation": 4, "corrosive_or_burn": 2, "vehicle": 2, "sexual": 2, "other": 4, "unknown": 6,
}  # fmt: skip
PLACES = {
    "licensed_premises": 24, "street": 26, "own_home": 14, "other_home": 7, "food_or_shop": 6,
    "public_transport": 4, "park_or_open_space": 5, "education": 3, "workplace": 3,
    "health_or_care": 2, "custody": 2, "other_public": 4, "other": 2, "unknown": 4,
}  # fmt: skip
YES_NO = {"yes": 38, "no": 45, "unknown": 17}
RELATIONS = {
    "stranger": 40, "acquaintance": 20, "partner_or_ex": 12, "family": 8, "other": 8, "unknown": 12,
}  # fmt: skip
ASSAILANTS = {"1": 50, "2": 18, "3+": 20, "unknown": 12}
NOT_ASSAULTS = ("fall", "rtc", "self_harm", "sport", "accident")
CLOCK_BACK = {2025: date(2025, 10, 26), 2026: date(2026, 10, 25), 2024: date(2024, 10, 27)}
CLOCK_ON = {2025: date(2025, 3, 30), 2026: date(2026, 3, 29), 2024: date(2024, 3, 31)}
BANDS = ((15, "0-15"), (17, "16-17"), (24, "18-24"), (34, "25-34"), (44, "35-44"), (54, "45-54"),
         (64, "55-64"), (999, "65+"))  # fmt: skip


class Town(NamedTuple):
    """A made-up town and how its clerks describe each type of place."""

    name: str
    phrases: Mapping[str, Sequence[str]]
    names: Mapping[str, Sequence[str]]
    homes: Sequence[str]
    surnames: Sequence[str]
    forenames: Sequence[str]
    postcodes: Sequence[str]


@dataclass
class Case:
    """One attendance, as it was: everything written in the file and in the truth comes from it."""

    rng: random.Random
    town: Town
    number: int
    arrived: datetime
    at: datetime
    kind: str
    facts: dict[str, str]
    age: int
    born: date
    truth: dict[str, str] = field(default_factory=dict)
    planted: set[str] = field(default_factory=set)
    hard: set[str] = field(default_factory=set)
    told: Told | None = None
    memory: dict[str, object] = field(default_factory=dict)

    @property
    def is_assault(self) -> bool:
        """Whether it is an assault at all."""
        return self.kind not in NOT_ASSAULTS


def pick(rng: random.Random, shares: Mapping[str, int]) -> str:
    """One key by its share."""
    return rng.choices(list(shares), list(shares.values()))[0]


def age_band(age: int) -> str:
    """The contract's band of an age."""
    return next(band for top, band in BANDS if age <= top)


def _moment(rng: random.Random, first: date, days: int) -> datetime:
    """Mostly Friday and Saturday nights."""
    hour = rng.choices(
        range(24), [6, 7, 6, 4, 2, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 6, 7, 8, 9, 9]
    )[0]
    while True:
        day = first + timedelta(days=rng.randrange(days))
        if day.weekday() in (4, 5) or rng.random() < 0.55:
            minute = rng.choice([0, 0, 0, 15, 30, 30, 45, *range(60)])
            return datetime(day.year, day.month, day.day, hour, minute)


def _facts(rng: random.Random) -> dict[str, str]:
    relation = pick(rng, RELATIONS)
    domestic = {"partner_or_ex": "yes", "family": "yes", "unknown": "unknown"}.get(relation, "no")
    return {
        "assault_method": pick(rng, METHODS), "location_type": pick(rng, PLACES),
        "alcohol": pick(rng, YES_NO), "drugs": pick(rng, {"yes": 10, "no": 62, "unknown": 28}),
        "domestic_abuse": domestic, "reported_to_police": pick(rng, YES_NO),
        "gang_related": pick(rng, {"yes": 5, "no": 70, "unknown": 25}),
        "admitted": pick(rng, {"yes": 15, "no": 78, "unknown": 7}),
        "assailants": pick(rng, ASSAILANTS), "relationship": relation,
        "sex": pick(rng, {"male": 63, "female": 33, "other": 1, "unknown": 3}),
    }  # fmt: skip


def _arrival(rng: random.Random, at: datetime) -> datetime:
    lag = int(min(rng.lognormvariate(4.4, 0.9), 2200)) + 8
    return at + timedelta(minutes=lag)


def make_cases(
    rng: random.Random, town: Town, *, first: date, days: int, n: int, special: Mapping[str, int],
) -> list[Case]:  # fmt: skip
    """Attendances in the order of arrival, no two in one minute, with the special ones among them.

    `special` counts kinds: fall, rtc, self_harm, sport, accident; future (arrival in 2062);
    after_hours, after_day (assault after arrival); no_date; sentinel; back, on (clock changes);
    back_late (arrival before the assault by the clock, in the repeated hour); plain.
    """
    kinds = [kind for kind, count in special.items() for _ in range(count) if kind != "duplicate"]
    kinds += ["plain"] * (n - len(kinds))
    cases: list[Case] = []
    seen: set[datetime] = set()
    for kind in kinds:
        while True:
            at = _moment(rng, first, days)
            arrived = _arrival(rng, at)
            if kind in ("back", "back_late", "on"):
                night = (CLOCK_ON if kind == "on" else CLOCK_BACK)[at.year]
                at = datetime(night.year, night.month, night.day, 1, rng.randrange(5, 58))
                arrived = at + timedelta(minutes=rng.randrange(65, 300))
                if kind == "back_late":
                    at = at.replace(minute=rng.randrange(35, 58))
                    arrived = at.replace(minute=rng.randrange(5, 30))
            if arrived not in seen:
                break
        seen.add(arrived)
        age = max(3, min(91, int(rng.gauss(31, 14))))
        born = date(at.year - age, 1, 1) - timedelta(days=rng.randrange(-30, 300))
        age = at.year - born.year - ((at.month, at.day) < (born.month, born.day))
        cases.append(Case(rng, town, 0, arrived, at, kind, _facts(rng), age, born))
    cases.sort(key=lambda case: case.arrived)
    for number, case in enumerate(cases):
        case.number = number
        if case.kind == "future":
            case.arrived = case.arrived.replace(year=2062)
            case.at = case.at.replace(year=2062)
    return cases


# ---------------------------------------------------------------- when


def stamp(moment: datetime) -> str:
    """As the truth writes it."""
    return moment.strftime("%Y-%m-%d %H:%M")


def clock_change(moment: datetime) -> str:
    """The repeated October hour, the skipped March hour, or neither."""
    if moment.hour == 1 and moment.date() in CLOCK_BACK.values():
        return "ambiguous"
    return "nonexistent" if moment.hour == 1 and moment.date() in CLOCK_ON.values() else "none"


def know_time(case: Case, told: Told | None) -> None:
    """Write into the truth what the file will say of the time."""
    case.told = told
    if not case.is_assault or case.kind in ("future", "after_hours", "after_day") or told is None:
        return
    truth = case.truth
    truth["assault_from"], truth["assault_to"] = stamp(told.start), stamp(told.end)
    truth["time_precision"], truth["time_precision_alt"] = told.precision, told.also
    if told.from_min and told.from_max and told.to_min and told.to_max:
        truth["from_min"], truth["from_max"] = stamp(told.from_min), stamp(told.from_max)
        truth["to_min"], truth["to_max"] = stamp(told.to_min), stamp(told.to_max)
    if told.precision == "minute" and not told.also:
        truth["clock_change"] = clock_change(told.start)
    if told.night:
        truth["night_of"] = (told.night - 6 * HOUR).date().isoformat()


def know_kind(case: Case) -> None:
    """Which of the four fates the row has."""
    fates = {"future": ("rejected", ""), "after_hours": ("rejected", "stored"),
             "after_day": ("rejected", "stored")}  # fmt: skip
    expect, also = fates.get(case.kind, ("stored", ""))
    if not case.is_assault:
        expect = "dropped_not_assault"
    case.truth["expect"], case.truth["expect_alt"] = expect, also


def delivered_at(case: Case) -> datetime:
    """The time of the assault as written: wrong by some hours or a day where that is the trap."""
    if case.kind == "after_hours":
        return case.arrived + (3 + case.number % 5) * HOUR
    return case.arrived + DAY + 2 * HOUR if case.kind == "after_day" else case.at


def tell_all(cases: Iterable[Case], say: Callable[[Case], Told], *, arrivals: bool = True) -> None:
    """Settle for every case what its time cells will say."""
    for case in cases:
        know_kind(case)
        if case.kind in ("no_date", "sentinel") and arrivals:
            know_time(case, no_date(case.arrived))
        else:
            know_time(case, say(case))


def only_day(case: Case) -> Told:
    """A file that gives dates only."""
    return the_day_alone(delivered_at(case), None)


# ---------------------------------------------------------------- columns


class Column(NamedTuple):
    """One column: its header, the contract columns that it feeds, and its cell."""

    header: str
    to: list[str]
    cell: Callable[[Case], object]
    identifier: bool = False
    number_format: str = ""
    hidden: bool = False


WHEN = ["assault_from", "assault_to", "time_precision"]
DAYS = ["assault_from", "assault_to"]


def words(*choices: str) -> list[tuple[str, str]]:
    """Wordings of one code; after `` ~ `` the other codes that are also right."""
    pairs = [choice.partition(" ~ ") for choice in choices]
    return [(text, also) for text, _, also in pairs]


def coded(
    column: str, labels: Mapping[str, Sequence[tuple[str, str]]], *, otherwise: str = "",
    key: str = "",
) -> Callable[[Case], object]:  # fmt: skip
    """A cell with one of the local wordings of the case's code; the truth holds the code."""

    def cell(case: Case) -> object:
        memory = f"{column}:{key}"
        if not case.is_assault:
            return otherwise
        if memory in case.memory:
            return case.memory[memory]
        code = case.facts[column]
        if code not in labels:  # a local list that has no such item: the clerk takes another
            code = "unknown" if "unknown" in labels else "other"
            case.facts[column] = code
        text, also = case.rng.choice(labels[code])
        if case.truth["expect"] != "rejected":
            case.truth[column] = code
            if also:
                case.truth[column + "_alt"] = also
        case.memory[memory] = text
        return text

    return cell


def again(
    column: str, labels: Mapping[str, Sequence[tuple[str, str]]], *, otherwise: str = ""
) -> Callable[[Case], object]:
    """A second wording of a code that another cell has settled already (code beside its term)."""

    def cell(case: Case) -> object:
        if not case.is_assault:
            return otherwise
        return case.rng.choice(labels.get(case.facts[column], [("", "")]))[0]

    return cell


def disagreed(case: Case, columns: Iterable[str]) -> None:
    """Age band and sex that are not agreed may not come out."""
    for column in columns:
        if case.truth["expect"] == "stored":
            case.truth[column], case.truth[column + "_alt"] = "unknown", "<empty>"


def not_assault(**texts: str) -> Callable[[Case], str]:
    """A reason for attendance: the wording of the kind, or the assault's."""

    def cell(case: Case) -> str:
        key = case.kind if case.kind in texts else "assault" if case.is_assault else "accident"
        return case.rng.choice(texts[key].split("|"))

    return cell


# ---------------------------------------------------------------- people (all invented)


def nhs_number(rng: random.Random) -> str:
    """A valid number of the range for tests, 999."""
    while True:
        body = "999" + "".join(str(rng.randrange(10)) for _ in range(6))
        check = 11 - sum(int(d) * w for d, w in zip(body, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return body + str(check % 11)


def plant(case: Case, *texts: str) -> str:
    """Note down an identifier in each form that it could leak in; gives the first."""
    case.planted |= set(texts)
    return texts[0]


def nhs(case: Case, *, spaced: bool = False) -> str:
    """An NHS number, as ten digits or 3-3-4."""
    plain = str(case.memory.setdefault("nhs", nhs_number(case.rng)))
    apart = f"{plain[:3]} {plain[3:6]} {plain[6:]}"
    plant(case, plain, apart)
    return apart if spaced else plain


def dob(case: Case, pattern: str) -> str:
    """Date of birth."""
    born = case.born
    plant(case, born.strftime("%d/%m/%Y"), born.isoformat(), born.strftime("%d%m%Y"))
    return plant(case, born.strftime(pattern))


def serial_no(case: Case, pattern: str) -> str:
    """A local number: every # a digit, every @ a letter."""
    if pattern not in case.memory:
        case.memory[pattern] = "".join(
            str(case.rng.randrange(10)) if c == "#" else case.rng.choice("BCDFGHJKM") if c == "@"
            else c for c in pattern
        )  # fmt: skip
    return plant(case, str(case.memory[pattern]))


def surname(case: Case) -> str:
    """An invented surname."""
    return plant(case, str(case.memory.setdefault("surname", case.rng.choice(case.town.surnames))))


def forename(case: Case) -> str:
    """An ordinary first name; not planted, for it is a word of the language too."""
    return str(case.memory.setdefault("forename", case.rng.choice(case.town.forenames)))


def phone(case: Case) -> str:
    """A mobile number of the range kept for drama."""
    number = f"07700 900{case.rng.randrange(1000):03d}"
    return plant(case, str(case.memory.setdefault("phone", number)),
                 str(case.memory["phone"]).replace(" ", ""))  # fmt: skip


def address(case: Case) -> str:
    """House number and street of the patient's home."""
    line = f"{case.rng.randrange(3, 190)} {case.rng.choice(case.town.homes)}"
    return plant(case, str(case.memory.setdefault("address", line)))


def postcode(case: Case) -> str:
    """The patient's home postcode, in districts that do not exist."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    code = (
        f"{case.rng.choice(case.town.postcodes)} {case.rng.randrange(1, 10)}"
        f"{case.rng.choice(letters)}{case.rng.choice(letters)}"
    )
    code = str(case.memory.setdefault("postcode", code))
    return plant(case, code, code.replace(" ", ""))


def stranger_name(case: Case) -> str:
    """Another person's full name, for free text."""
    return f"{case.rng.choice(case.town.forenames)} {case.rng.choice(case.town.surnames)}"


def place_words(case: Case) -> str:
    """The free text on the place, fitting its type; a home's address is planted."""
    if "place" not in case.memory:
        kind = case.facts["location_type"] if case.is_assault else "street"
        text = case.rng.choice(case.town.phrases[kind])
        for name, choices in case.town.names.items():
            while "{" + name + "}" in text:
                text = text.replace("{" + name + "}", case.rng.choice(choices), 1)
        text = text.replace("{town}", case.town.name)
        if "{address}" in text:
            text = text.replace("{address}", address(case))
        if "{postcode}" in text:
            text = text.replace("{postcode}", postcode(case))
        if "{person}" in text:
            name = stranger_name(case)
            case.hard |= {name, name.split(" ", 1)[1]}
            text = text.replace("{person}", name)
        case.memory["place"] = text
    return str(case.memory["place"])


def coordinates(case: Case, east: int, north: int) -> tuple[int, int]:
    """A point in the made-up town, in metres."""
    point = (east + case.rng.randrange(-1800, 1800), north + case.rng.randrange(-1500, 1500))
    return case.memory.setdefault("point", point)  # type: ignore[return-value]


# ---------------------------------------------------------------- cells of dates and times

STROKE = 30  # the weight that marks the forms of midnight and noon
EXACT_KINDS = ("future", "after_hours", "after_day", "back", "back_late", "on")


def teller(forms: list[tuple[int, Form]], *, rounded: float = 0.2) -> Callable[[Case], Told]:
    """Say each case's time in one of the forms; the first is used where the minute is the trap."""

    def say(case: Case) -> Told:
        if "on the stroke" in case.memory:  # only words that do not name another day will do
            stroke = [form for form in forms if form[0] >= STROKE]
            return tell(case.rng, case.at, case.arrived, stroke or forms[:1])
        if case.kind in EXACT_KINDS or not case.is_assault:
            return tell(case.rng, delivered_at(case), case.arrived, forms[:1])
        if case.rng.random() < rounded:
            case.at = case.at.replace(minute=0)
        return tell(case.rng, case.at, case.arrived, forms)

    return say


def move_to_midnight(cases: Iterable[Case], n: int) -> None:
    """Some of the assaults of the small hours happened on the stroke of twelve."""
    early = [
        c
        for c in cases
        if c.kind == "plain" and c.at.hour in (0, 1) and c.at.date() == c.arrived.date()
    ]
    for case in early[:n]:
        case.at = case.at.replace(hour=0, minute=0)
        case.memory["on the stroke"] = True


def arrival(pattern: str) -> Callable[[Case], object]:
    """The arrival as text."""
    return lambda case: case.arrived.strftime(pattern)


def written_day(case: Case) -> datetime:
    """The day that the date cell gives."""
    other = case.told.written if case.told else None
    return other or delivered_at(case)


def on_the_way(case: Case, share: float) -> datetime:
    """A moment between the assault and the arrival: the call, the crew at the scene."""
    return (case.at + (case.arrived - case.at) * share).replace(second=0, microsecond=0)


def home_lsoa(case: Case) -> str:
    """The small area of the patient's home: to be left alone."""
    return str(case.memory.setdefault("lsoa", f"E010{case.rng.randrange(10000, 33000)}"))


def day_text(pattern: str, sentinel: str = "01/01/1900") -> Callable[[Case], object]:
    """The assault's date as text."""

    def cell(case: Case) -> object:
        if case.kind == "no_date":
            return ""
        if case.kind == "sentinel":
            return sentinel
        return written_day(case).strftime(pattern)

    return cell


def time_text(missing: str = "") -> Callable[[Case], object]:
    """The assault's time as it was told."""

    def cell(case: Case) -> object:
        known = case.told is not None and case.told.precision not in ("arrival", "missing")
        return case.told.text if case.told and known else missing

    return cell


def both_text(pattern: str, missing: str = "", sentinel: str = "") -> Callable[[Case], object]:
    """Date and time in one cell; the pattern of the date with {} for the time as told."""

    def cell(case: Case) -> object:
        if case.kind in ("no_date", "sentinel"):
            return sentinel if case.kind == "sentinel" else missing
        text = case.told.text if case.told else ""
        return written_day(case).strftime(pattern).replace("{}", text).strip()

    return cell
