"""Many distinct texts of a few labelled ones, the same each time, so that none is a repeat."""

from __future__ import annotations

import json
import random
import re

import pandas as pd

_FORENAMES = (
    "Aled", "Bronwen", "Carys", "Dylan", "Eirlys", "Farah", "Gethin", "Hana", "Ifan", "Jamal",
    "Karolina", "Lowri", "Megan", "Nadia", "Owen", "Piotr", "Rhian", "Sajid", "Tomos", "Wiktoria",
)  # fmt: skip
_SURNAMES = (
    "Ahmed", "Bevan", "Collins", "Davies", "Evans", "Fernandes", "Griffiths", "Hughes", "Iqbal",
    "Jenkins", "Kowalski", "Lewis", "Morgan", "Nowak", "Osman", "Price", "Roberts", "Singh",
    "Thomas", "Williams",
)  # fmt: skip
_BEFORE = (
    "", "", "o/s ", "outside ", "pt states ", "assaulted in ", "near ", "alleged assault, ",
    "punched at ", "fight in ", "inside ", "hit w bottle, ", "kicked, ",
)  # fmt: skip
_AFTER = (
    "", "", " last night", " approx 2am", " nk assailant", ", 3 males", " - not reported", " ?time",
    ", by door staff", " after the game", ", police aware", " 23.30",
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def people_varied(labels: pd.DataFrame, n: int) -> pd.Series:
    """Make `n` distinct texts: the labelled ones with other numbers and other names of people.

    Parameters
    ----------
    labels
        ``text, must_vanish, kinds``, as the benchmark of privacy reads them.
    """
    chance = random.Random(7)  # noqa: S311 - made-up data
    rows = [
        (text, [g for g, k in zip(json.loads(gone), json.loads(kinds), strict=True) if k == "name"])
        for text, gone, kinds in zip(
            labels["text"], labels["must_vanish"], labels["kinds"], strict=True
        )
    ]
    made: dict[str, None] = {}
    while len(made) < n:
        for text, names in rows:
            made[_other_people(text, names, chance)] = None
    return pd.Series(list(made)[:n], dtype="str")


def _other_people(text: str, names: list[str], chance: random.Random) -> str:
    for name in names:
        pool = _FORENAMES if chance.random() < 0.5 else _SURNAMES
        other = chance.choice(pool)
        other = other.lower() if name.islower() else other.upper() if name.isupper() else other
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", other, text, flags=re.IGNORECASE)
    text = re.sub(r"\d", lambda _: str(chance.randrange(10)), text)
    # Most texts hold neither: the hour told makes them distinct.
    return f"{text} {chance.randrange(24):02d}:{chance.randrange(60):02d}"


def wording_varied(texts: pd.Series, n: int) -> pd.Series:
    """Make `n` distinct texts: the labelled ones misspelt, in another order, among other words."""
    chance = random.Random(11)  # noqa: S311 - made-up data
    made: dict[str, None] = {}
    while len(made) < n:
        for text in texts:
            made[_other_wording(text, chance)] = None
    return pd.Series(list(made)[:n], dtype="str")


def _other_wording(text: str, chance: random.Random) -> str:
    words = text.split()
    if chance.random() < 0.6 and words:
        at = chance.randrange(len(words))
        words[at] = misspelt(words[at], chance)
    if chance.random() < 0.3 and len(words) > 2:
        cut = chance.randrange(1, len(words))
        words = words[cut:] + words[:cut]
    return chance.choice(_BEFORE) + " ".join(words) + chance.choice(_AFTER)


def misspelt(word: str, chance: random.Random) -> str:
    """A word with one letter swapped, left out, doubled or wrong; short ones stay."""
    if len(word) < 5:
        return word
    at = chance.randrange(1, len(word) - 1)
    before, after = word[:at], word[at + 1 :]
    return chance.choice(
        (
            before + word[at + 1] + word[at] + word[at + 2 :],
            before + after,
            before + word[at] * 2 + after,
            before + chance.choice(_LETTERS) + after,
        )
    )
