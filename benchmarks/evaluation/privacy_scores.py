"""What a redacted text still tells, and what it has lost, against labels of both.

Case, punctuation, apostrophes and spacing do not count, and short and long forms of one word are
the same. A number of eight digits or more has leaked when six of them in a row are still there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

import pandas as pd

# Whoever knows one of these can find the person without any other help.
DIRECT = frozenset({"nhs", "mrn", "phone", "email", "nino", "postcode", "dob", "vrm", "addr"})
# None of these may ever be left.
NEVER = frozenset({"nhs", "phone", "email", "addr", "addr_street"})
ADDRESS = frozenset({"addr", "addr_street", "postcode"})

_LONG_NUMBERS = frozenset({"phone", "nhs", "mrn", "ref", "dob"})
_WRITTEN_TOGETHER = frozenset({"postcode", "vrm", "nino"})
_DIGITS_THAT_TELL = 6
_APOSTROPHES = re.compile("['’`]")
_WORD = re.compile(r"[\w&@+]+")
_RUN = re.compile(r"[^\W_]+")
_RUN_THAT_TELLS = 3
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s\-./()]+(?=\d)")
_SAME = {
    word: short
    for short, others in {
        "st": "street saint", "rd": "road", "ave": "avenue av", "dr": "drive", "ln": "lane",
        "pl": "place", "terr": "terrace", "&": "and", "wetherspoons": "spoons",
        "mcdonalds": "maccies maccys",
    }.items()
    for word in others.split()
}  # fmt: skip
# Words of an address line that tell no home by themselves.
_NOT_TELLING = frozenset({"flat", "street", "road", "avenue", "drive", "gardens", "house"})


class Mark(NamedTuple):
    """One thing that a text was labelled with, and how it fared."""

    text: int  # ordinal of the text
    measure: str  # identifier, place, detail, home, clean
    kind: str
    label: str
    good: bool
    characters: int  # letters and digits of an identifier
    left: int  # those of them that still stand


def score(labels: pd.DataFrame, after: pd.Series) -> pd.DataFrame:
    """Compare redacted texts with their labels.

    Parameters
    ----------
    labels
        ``set, text, must_vanish, kinds, must_survive, survive_kinds`` (lists in JSON), ``home``
        (yes or no).
    after
        What was left of each text, in the order of `labels`. Empty: nothing is kept. Missing: the
        text was never answered for, which loses and leaks all.

    Returns
    -------
    DataFrame
        One row for each `Mark`, with the text's ``set``.

    Raises
    ------
    ValueError
        If there are not as many answers as labels.
    """
    if len(after) != len(labels):
        raise ValueError("There must be one answer for each labelled text.")
    marks = [
        mark
        for at, words in enumerate(after)
        for mark in _judge(at, labels.iloc[at], None if pd.isna(words) else str(words))
    ]
    table = pd.DataFrame(marks, columns=list(Mark._fields))
    return table.assign(set=labels["set"].to_numpy()[table["text"].to_numpy(dtype=int)])


def _judge(at: int, row: pd.Series, after: str | None) -> list[Mark]:
    vanish, kinds = json.loads(row["must_vanish"]), json.loads(row["kinds"])
    survive, sorts = json.loads(row["must_survive"]), json.loads(row["survive_kinds"])
    venue = [word for name in survive for word in words_of(name)]
    leaks = [
        after is None or leaked(g, k, after, venue) for g, k in zip(vanish, kinds, strict=True)
    ]
    marks = []
    for label, kind, leak in zip(vanish, kinds, leaks, strict=True):
        size, left = characters_left(label, kind, row["text"], after, survive)
        marks.append(Mark(at, "identifier", kind, label, not leak, size, left))
    for label, kind in zip(survive, sorts, strict=True):
        kept = after is not None and _stands(words_of(label), words_of(after))
        marks.append(Mark(at, kind, "", label, kept, 0, 0))
    if vanish:
        marks.append(Mark(at, "clean", "", "", not any(leaks), 0, 0))
    if row["home"] == "yes":
        lines = [g for g, k in zip(vanish, kinds, strict=True) if k in ADDRESS]
        emptied = not any(leaks) and after is not None and not _tells_home(lines, after)
        marks.append(Mark(at, "home", "", " / ".join(lines), emptied, 0, 0))
    return marks


def words_of(text: str) -> list[str]:
    """Words in lower case, without apostrophes and punctuation."""
    return _WORD.findall(_APOSTROPHES.sub("", text.lower()))


def leaked(label: str, kind: str, after: str, venue: Sequence[str] = ()) -> bool:
    """Whether an identifier can still be read from what was left of its text.

    Parameters
    ----------
    label, kind
        The identifier and what it is.
    after
        The text as it was left.
    venue
        Words of names that had to survive: "Charlie's" may be a bar's and not Charlie's own.
    """
    digits = "".join(c for c in label if c.isdigit())
    if kind in _LONG_NUMBERS and len(digits) >= 8:
        if kind == "phone":  # +44 29… and 029… are one number
            digits = digits[2:] if digits.startswith("44") else digits[1:]
        return _run_left(digits, _BETWEEN_DIGITS.sub("", after))
    if kind in _WRITTEN_TOGETHER:
        return "".join(words_of(label)) in re.sub("[^a-z0-9]", "", after.lower())
    if kind == "email":
        return label.lower().split("@")[0] in after.lower()
    if kind == "handle":
        return label.lower().removeprefix("@") in after.lower()
    name, left = words_of(label), words_of(after)
    if kind == "name" and len(name) == 1:
        own = name[0] + "s"
        if own in left and own not in venue:
            return True
    return _stands(name, left)


def _run_left(digits: str, after: str) -> bool:
    runs = range(max(1, len(digits) - _DIGITS_THAT_TELL + 1))
    return any(digits[i : i + _DIGITS_THAT_TELL] in after for i in runs)


def _stands(name: Sequence[str], text: Sequence[str]) -> bool:
    """Whether words stand in a text side by side, in whichever of their forms."""
    wanted, there = ([_SAME.get(w, w) for w in words] for words in (name, text))
    n = len(wanted)
    return n > 0 and any(there[i : i + n] == wanted for i in range(len(there) - n + 1))


def _tells_home(lines: Sequence[str], after: str) -> bool:
    telling = {w for line in lines for w in words_of(line) if len(w) > 3} - _NOT_TELLING
    return not telling.isdisjoint(words_of(after))


def characters_left(
    label: str, kind: str, text: str, after: str | None, survive: Sequence[str]
) -> tuple[int, int]:
    """Letters and digits that tell of an identifier, and those that still stand in their own place.

    The two texts are laid side by side, so that a letter of the name which stands elsewhere too
    does not count. Words such as "flat" tell nothing of an address. Where the same words are also
    part of a name that must survive, those are not the identifier.
    """
    where = _places_of(label, text)
    allowed = [span for name in survive for span in _places_of(name, text)]
    own = [s for s in where if not any(a <= s[0] and s[1] <= b for a, b in allowed)] or where
    still = _standing(text, after)
    counts = [(0, 0)]
    for start, end in own:
        telling = [
            i
            for word in _RUN.finditer(text, start, end)
            if not (kind in ADDRESS and word.group().lower() in _NOT_TELLING)
            for i in range(*word.span())
        ]
        counts.append((len(telling), sum(i in still for i in telling)))
    # Where a name stands twice, the place that tells most.
    return max(counts, key=lambda count: (count[1], count[0]))


def _standing(text: str, after: str | None) -> set[int]:
    """Positions of the text's letters and digits that are still there.

    A letter or two that both texts have by chance are no trace: a run of three is, and so is a
    whole word.
    """
    if after is None:
        return set(range(len(text)))
    matcher = SequenceMatcher(None, text.lower(), after.lower(), autojunk=False)
    return {
        i
        for block in matcher.get_matching_blocks()
        for run in _RUN.finditer(text, block.a, block.a + block.size)
        if run.end() - run.start() >= _RUN_THAT_TELLS or _is_word(text, *run.span())
        for i in range(*run.span())
    }


def _is_word(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum())


def _places_of(label: str, text: str) -> list[tuple[int, int]]:
    """Where a label stands in a text as whole words, else anywhere."""
    bare = re.escape(label)
    found = [m.span() for m in re.finditer(rf"(?<!\w){bare}(?!\w)(?!['’]\w)", text, re.IGNORECASE)]
    return found or [m.span() for m in re.finditer(bare, text, re.IGNORECASE)]
