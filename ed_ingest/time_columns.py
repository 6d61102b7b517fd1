"""Which columns tell when the assault was and when the patient came: date, time, or both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from ed_ingest.headings import heading_words
from ed_ingest.weighing import Column
from ed_ingest.when import read_moments


def time_columns(columns: Sequence[Column]) -> dict[str, tuple[str, ...]]:
    """Date, time, or both, of the assault and of the arrival."""
    families: dict[str, list[Column]] = {"assault": [], "arrival": [], "": []}
    for column in columns:
        timed = max(column.look.day, column.look.moment, column.look.clock) > 0.5
        blank = column.look.n == 0
        if column.meaning in _FAMILIES and (timed or blank) and column.score > 0.4:
            families[_FAMILIES[column.meaning]].append(column)
    _share_out(columns, families)
    if not families["arrival"]:
        families["arrival"] = _of_ambulances(columns)
    if not families["arrival"] and not families["assault"]:
        families["assault"] = [c for c in columns if _is_lone_date(c)]
    found: dict[str, tuple[str, ...]] = {}
    for family, stem in (("assault", "assault"), ("arrival", "arrived")):
        for kind, column in _kinds(families[family]).items():
            found[f"{stem}_{kind}"] = (column.heading,)
    return found


_FAMILIES = MappingProxyType(
    {
        "assault_when": "assault", "assault_when_or_other": "assault", "arrival_when": "arrival",
        "when": "",
    }
)  # fmt: skip


def _is_lone_date(column: Column) -> bool:
    """Whether dates under another heading may be the assaults', where there are no others."""
    return column.meaning != "date_of_birth" and column.look.day + column.look.moment > 0.7


def _of_ambulances(columns: Sequence[Column]) -> list[Column]:
    """An ambulance without a time at hospital: when it was at the scene, else the call."""
    for meaning in ("scene_when", "call_when"):
        found = [c for c in columns if c.meaning == meaning and c.score > 0.4]
        if found:
            return found
    return []


def _share_out(columns: Sequence[Column], families: dict[str, list[Column]]) -> None:
    """Give headings such as "Date" to the family beside them, or to the one that lacks it."""
    order = [column.heading for column in columns]
    for column in families[""]:
        kind = _kind(column)
        lacking = [f for f in ("assault", "arrival") if kind not in _kinds(families[f])]
        if not lacking:
            continue
        beside = _beside(column, families, order) if kind == "time" else None
        if beside in lacking:
            families[beside].append(column)
        elif len(lacking) == 1:
            families[lacking[0]].append(column)
        else:
            families[_earlier(column, families[""], kind)].append(column)


def _beside(
    column: Column, families: Mapping[str, list[Column]], order: Sequence[str]
) -> str | None:
    """Family of the column directly to the left."""
    place = order.index(column.heading)
    for family in ("assault", "arrival"):
        if any(order.index(other.heading) == place - 1 for other in families[family]):
            return family
    return None


def _earlier(column: Column, others: Sequence[Column], kind: str) -> str:
    """Of two columns alike the assault's is the earlier; a lone one is the assault's."""
    rivals = [other for other in others if other is not column and _kind(other) == kind]
    if not rivals or kind == "time":
        return "assault"
    mine, theirs = (read_moments(c.cells) for c in (column, rivals[0]))
    at, other_at = (m["day"] + pd.to_timedelta(m["from_min"], unit="min") for m in (mine, theirs))
    later = (at > other_at).sum() > (at < other_at).sum()
    return "arrival" if later else "assault"


def _kind(column: Column) -> str:
    """``at`` (date and time), ``date`` or ``time``."""
    look = column.look
    if look.n == 0:
        words = heading_words(column.heading).split()
        return "at" if {"date", "time"} <= set(words) else "time" if "time" in words else "date"
    if look.day + look.moment < 0.5:
        return "time"
    return "at" if look.moment - look.midnight > 0.1 or look.moment > 0.9 else "date"


def _kinds(family: Sequence[Column]) -> dict[str, Column]:
    """The best column of each kind; a date whose times are all midnight has none beside a time."""
    best: dict[str, Column] = {}
    for column in sorted(family, key=_preference):
        best.setdefault(_kind(column), column)
    if {"at", "time"} <= set(best) and "date" not in best:
        at = best["at"]
        if at.look.moment - at.look.midnight < 0.05:
            best["date"] = best.pop("at")
    if "at" in best and best["at"].look.filled >= 0.8:
        best = {"at": best["at"]}
    return best


def _preference(column: Column) -> tuple[bool, float, float]:
    """Local times before those of UTC, then the surest, then the best filled."""
    local = "local" in heading_words(column.heading).split()
    return not local, -round(column.score, 2), -column.look.filled
