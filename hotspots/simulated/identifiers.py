"""People who do not exist: names, numbers and addresses to plant where they should not be."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspots.simulated.names import Words, names
from hotspots.simulated.network import Ints
from hotspots.simulated.town import Town

# Of each hospital's and force's texts; chance alone would leave some below one in twenty.
PLANTED_SHARE, LEAST_SHARE = 0.05, 0.06
# Words that lead up to a planted identifier.
_CUES = {
    "name": (" by ex {}", ", assaulted by {}", " - with friend {}", ". Pt states {} hit her"),
    "telephone": (" - ring {}", ", NOK on {}", " tel {}"),
    "home_address": (", lives at {}", " - pt of {}", ". Home address {}"),
    "nhs_number": (" - NHS no {}", " NHS {}"),
}


def make_people(rng: np.random.Generator, town: Town, ages: Ints) -> pd.DataFrame:
    """Make a person for each age in years.

    NHS numbers begin with 999, a range that is never issued, and pass the check; telephone numbers
    are of the range kept for drama.

    Returns
    -------
    pandas.DataFrame
        ``nhs_number, hospital_number, surname, forename, born_on, home_address, telephone``.
    """
    n = len(ages)
    known = names("people")
    first, second, given = (
        np.array(known[k], dtype=object) for k in ("surname_first", "surname_second", "forenames")
    )
    days = (ages * 365.25 + rng.integers(1, 360, n)).astype("m8[D]")
    return pd.DataFrame(
        {
            "nhs_number": _nhs_numbers(rng, n),
            "hospital_number": "H" + digits(1_000_000 + rng.choice(9_000_000, n, replace=False)),
            "surname": first[rng.integers(0, len(first), n)]
            + second[rng.integers(0, len(second), n)],
            "forename": given[rng.integers(0, len(given), n)],
            "born_on": np.datetime64("2025-01-01", "D") - days,
            "home_address": addresses(rng, town, n),
            "telephone": "07700 900" + digits(rng.integers(0, 1000, n), width=3),
        }
    )


def digits(numbers: Ints, *, width: int = 0) -> Words:
    """Numbers as text, with leading zeros up to a width."""
    return pd.Series(numbers).astype(str).str.zfill(width).to_numpy(dtype=object)


def _nhs_numbers(rng: np.random.Generator, n: int) -> Words:
    """Ten digits with a valid check digit (modulus 11); none twice up to some 900,000."""
    body = 999_000_000 + rng.permutation(1_000_000)
    total: Ints = np.zeros(len(body), dtype=np.int64)
    for place in range(9):
        total += body // 10**place % 10 * (place + 2)
    check = (11 - total % 11) % 11
    whole = (body * 10 + check)[check < 10]
    return digits(np.resize(whole, n))


def addresses(rng: np.random.Generator, town: Town, n: int) -> Words:
    """House and street; no known place has its address in these streets."""
    places = town.places
    taken = " | ".join([*places.loc[places["kind"] != "street", "address"], *places["street"]])
    streets = places.loc[places["kind"] == "street", "name"].unique()
    quiet = np.array([name for name in streets if name not in taken], dtype=object)
    street: Words = quiet[rng.integers(0, len(quiet), n)]
    return np.asarray(digits(rng.integers(2, 99, n)) + " " + street)


def plant(
    rng: np.random.Generator, people: pd.DataFrame, text: Words, at_home: np.ndarray
) -> tuple[Words, pd.DataFrame]:
    """Leave an identifier of a person in the words of some rows.

    Returns
    -------
    tuple
        The words, and what was planted: ``row`` (position), ``kind, identifier``.
    """
    rows = np.flatnonzero(rng.random(len(text)) < PLANTED_SHARE)
    text, first = _put_into(rng, people, text, at_home, rows)
    # Drawn apart: how many are lacking changes nothing that is drawn later.
    apart = rng.spawn(1)[0]
    lacking = max(0, int(np.ceil(LEAST_SHARE * len(text))) - len(rows))
    others = np.setdiff1d(np.arange(len(text)), rows)
    further = np.sort(apart.choice(others, lacking, replace=False))
    text, second = _put_into(apart, people, text, at_home, further)
    whole = pd.concat([first, second], ignore_index=True)
    return text, whole[whole["identifier"] != ""].sort_values("row", ignore_index=True)


def _put_into(
    rng: np.random.Generator, people: pd.DataFrame, text: Words, at_home: np.ndarray, rows: Ints
) -> tuple[Words, pd.DataFrame]:
    """Put an identifier of one kind into the words of each of these rows."""
    chances = np.where(at_home[rows, None], [0.35, 0.15, 0.4, 0.1], [0.45, 0.25, 0.15, 0.15])
    kind = (chances.cumsum(axis=1) < rng.random((len(rows), 1))).sum(axis=1)
    text = text.copy()
    planted = []
    for number, (name, cues) in enumerate(_CUES.items()):
        mine = rows[kind == number]
        # Numbers and addresses are the patient's own; names are of somebody else.
        person = (mine + 1) % len(people) if name == "name" else mine
        said, found = _named(rng, people.iloc[person], name)
        before, after = np.array([cue.split("{}") for cue in cues], dtype=object)[
            rng.integers(0, len(cues), len(mine))
        ].T
        told = text[mine] + before + said + after
        text[mine] = [words.lstrip(" ,.-") for words in told]
        planted += [pd.DataFrame({"row": mine, "kind": k, "identifier": v}) for k, v in found]
    return text, pd.concat(planted, ignore_index=True)


def _named(
    rng: np.random.Generator, people: pd.DataFrame, kind: str
) -> tuple[Words, list[tuple[str, Words]]]:
    """How the identifier is written, and the strings that a search must not find later."""
    if kind == "name":
        forename, surname = (people[c].to_numpy(dtype=object) for c in ("forename", "surname"))
        full = rng.random(len(people)) < 0.7
        said = np.where(full, forename + " " + surname, "Mr " + surname)
        return said, [("forename", np.where(full, forename, "")), ("surname", surname)]
    said = people[kind].to_numpy(dtype=object)
    if kind == "nhs_number":
        number = people[kind].str
        spaced = (number[:3] + " " + number[3:6] + " " + number[6:]).to_numpy(dtype=object)
        said = np.where(rng.random(len(people)) < 0.5, spaced, said)
    return said, [(kind, said)]
