"""How long records are kept: from which day on, and which delivered rows are older."""

from __future__ import annotations

from datetime import date

import pandas as pd

from ed_ingest.issues import HELD_BACK, issue_rows

RULE = "within the time for which records are kept"
REMEDY = "Nothing, or set a longer records_months under [retention] of settings.toml."


def kept_since(today: date, months: int | None) -> date | None:
    """First day whose records are kept: so many whole months before the present one.

    >>> kept_since(date(2026, 3, 31), 12)
    datetime.date(2025, 3, 1)
    >>> kept_since(date(2026, 3, 31), None)
    """
    if months is None:
        return None
    count = today.year * 12 + today.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def held_back_as_old(moments: pd.Series, since: date | None, *, column: str) -> pd.DataFrame:
    """Issues of the rows that are too old to be kept: what was purged does not come back.

    Parameters
    ----------
    moments
        The end of what each row is of, on the index of row numbers; a missing one is not old.
    since
        As `kept_since` tells; None keeps all.
    column
        The contract's column, for the issue.
    """
    old = moments < pd.Timestamp(since) if since else pd.Series(False, index=moments.index)
    return issue_rows(
        old.fillna(False).astype(bool), column=column, rule=RULE, fate=HELD_BACK, remedy=REMEDY
    )
