"""What a check-up of a workspace found: states, sentences and remedies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

State = Literal["ok", "warning", "fault"]
_ORDER: tuple[State, ...] = ("ok", "warning", "fault")


class Finding(NamedTuple):
    """One thing that was looked at.

    Attributes
    ----------
    check
        What was looked at, in a word or two.
    state
        ``ok``; ``warning``: something works less well, or will not for long; ``fault``: something
        does not work, or is not safe.
    sentence
        What was found; never a cell of a record.
    remedy
        What to do; empty where there is nothing to do.
    """

    check: str
    state: State
    sentence: str
    remedy: str = ""


def ok(check: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(check, "ok", sentence)


def warning(check: str, sentence: str, remedy: str) -> Finding:
    """Something works less well, or will not for long."""
    return Finding(check, "warning", sentence, remedy)


def fault(check: str, sentence: str, remedy: str) -> Finding:
    """Something does not work, or is not safe."""
    return Finding(check, "fault", sentence, remedy)


def worst(findings: Iterable[Finding]) -> State:
    """The worst state of all; ``ok`` where nothing was looked at."""
    return max((f.state for f in findings), key=_ORDER.index, default="ok")


def counted(n: int, one: str, several: str = "") -> str:
    """A count in words: ``1 place``, ``1,200 places``."""
    return f"{n:,} {one if n == 1 else several or one + 's'}"
