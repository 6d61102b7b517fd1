"""What the stages make of one delivered file, ready to be stored, and what is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from ed_ingest.issues import IssueKind
from ed_ingest.tables import Counts, Crimes, Held, Issues, Sealed


@dataclass(frozen=True)
class AttendanceDelivery:
    """One hospital's file after all stages, ready to be stored."""

    records: Sealed
    issues: Issues
    held_back: pd.DataFrame
    items_present: pd.Series
    numbered: pd.Series
    # Attendances that this delivery says are no assault, or that must be mended first.
    withdrawn: pd.Series
    # Words of records without a place, and those of them that may be held.
    words: pd.DataFrame
    counts: Mapping[str, int]
    # The agreement's least k of stored records; None where it sets none.
    k_min: int | None
    held: Held | None = None


@dataclass(frozen=True)
class CrimeDelivery:
    """One police file after all stages, ready to be stored."""

    records: Crimes
    issues: Issues
    counts: Mapping[str, int]


@dataclass(frozen=True)
class CountsDelivery:
    """One file of counts after all stages, ready to be stored."""

    records: Counts
    count_ids: pd.Series
    issues: Issues
    counts: Mapping[str, int]


Delivery = AttendanceDelivery | CrimeDelivery | CountsDelivery


@dataclass(frozen=True)
class Receipt:
    """What became of one file; holds counts and rules, never a value."""

    file: str
    provider: str
    state: str  # stored, duplicate or checked
    batch_id: str
    counts: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, int] = field(default_factory=dict)
    issues: tuple[IssueKind, ...] = ()
