"""What is told of a delivery beside its rows: numbers, period, notes on the whole file."""

from __future__ import annotations

import pandas as pd

from ed_ingest.deidentify import attendance_names, opaque_ids
from ed_ingest.issues import NOTED, issue_rows

# What only the store can tell is filled in there.
OF_THE_STORE = ("n_replaced", "n_withdrawn", "n_superseded", "n_outdated")


def held_back_rows(
    rows: pd.DataFrame, present: pd.Series, *, key: bytes, provider: str
) -> pd.DataFrame:
    """Of the rows held back, what the completeness measures count; no value is kept."""
    month = rows["arrived_at"].fillna(rows["assault_from"]).dt.strftime("%Y-%m")
    return pd.DataFrame(
        {
            "row": rows.index,
            "event_id": numbered_ids(rows, key=key, provider=provider).to_numpy(),
            "month": month.to_numpy(),
            "items_present": present.loc[rows.index].to_numpy(),
        }
    )


def numbered_ids(rows: pd.DataFrame, *, key: bytes, provider: str) -> pd.Series:
    """Opaque ids of the rows that carry an attendance number; missing for the others."""
    ids = pd.Series(None, index=rows.index, dtype="object")
    if "attendance_number" in rows:
        names = attendance_names(rows["attendance_number"])
        ids[names.notna()] = opaque_ids(key, provider, names[names.notna()])
    return ids


def counted(
    n_read: int,
    records: pd.DataFrame,
    *,
    held_back: int,
    not_assault: int = 0,
    duplicate: int = 0,
) -> dict[str, int]:
    """Numbers of a delivery for its receipt, and for the table of batches."""
    return {
        "n_read": n_read,
        "n_stored": len(records),
        **dict.fromkeys(OF_THE_STORE, 0),
        "n_held_back": held_back,
        "n_not_assault": not_assault,
        "n_duplicate": duplicate,
        "n_no_place": int((records["location_level"] == "none").sum()),
    }


def period_of_records(records: pd.DataFrame) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of what a delivery holds; missing where it holds nothing."""
    if "period_from" in records:
        return records["period_from"].min(), records["period_to"].max()
    if "committed_from" in records:
        when = records["committed_from"]
    else:
        when = records["arrived_at"].fillna(records["assault_from"])
    days = when.dt.normalize()  # of all, since nothing is no day
    return days.min(), days.max()


def overlapping_periods(
    counts: pd.DataFrame, stored: list[tuple[pd.Timestamp, pd.Timestamp]]
) -> pd.DataFrame:
    """A note on the whole file where its periods share days with other periods of the store.

    Parameters
    ----------
    counts
        ``period_from, period_to`` of the delivery.
    stored
        First and last day of each period that the provider's stored counts are of.
    """
    own = set(zip(counts["period_from"], counts["period_to"], strict=True))
    n = sum(
        any(first <= last_own and first_own <= last for first, last in set(stored) - own)
        for first_own, last_own in own
    )
    return issue_rows(
        pd.Index([0] if n else []),
        column="period_from",
        rule="periods that share no day with others",
        fate=NOTED,
        remedy=f"{n} periods share days with periods of other lengths stored before, so the counts "
        "of both must not be added up: ask the provider for one kind of period.",
    )


def rules_told(issues: pd.DataFrame) -> dict[str, int]:
    """How many rows were held back or noted, by rule."""
    return {str(rule): int(n) for rule, n in issues["rule"].value_counts().items()}
