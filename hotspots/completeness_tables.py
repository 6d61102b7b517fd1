"""The completeness measures after gate 2, as the report, workbook and sheets take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class PublishableCompleteness:
    """What data managers see, after gate 2. Only ``completeness_disclosure`` makes one.

    Counts are rounded or suppressed (missing), shares come from rounded counts (0 to 1; missing
    where there are too few rows). ``provider, name`` lead every table; all are of twelve months
    but `history` and `events`.

    Attributes
    ----------
    providers
        ``n, share_complete, share_mapped, share_placed, share_linkable, months_passed,
        months_received, frequency``: one row per ED provider. Placed: of the rows not at a home.
    items
        ``item, title, national_2009, n, share_present, share_valid, share_usable``: one row per
        ED provider and item of the minimum data set and the survey's Table 5.
    months
        ``month, n, share_type, share_time, share_location, share_complete, received_on,
        days_after_month, passed, received``: one row per ED provider and calendar month; ``n`` 0
        and ``received_on`` missing where nothing was delivered.
    history
        ``item`` (also ``complete``)``, month, share_usable``: up to sixty months.
    asks
        ``item, title, received_instead, n``: what came instead of a usable value.
    gains
        ``rank, item, whom, words, n_alone, n_added, n_a_month``: the changes that make most rows
        complete: rows of twelve months by this one alone, added to those before it, and added a
        month (missing where a month adds too few).
    told
        ``item, code, share``: of stored rows, by level of place and precision of time.
    habits
        ``habit, item, code, share, expected, odd``: how values are heaped or repeated; ``code``
        only where it is odd that one value stands in nearly all rows.
    ledger
        ``month, n_received, n_stored, n_outdated, n_held_back, n_dropped, n_duplicate``: all
        rounded, ``n_received`` their sum.
    periods
        ``frequency, period_from, period_to, words, received_on, days_after, state``.
    events
        ``month, event, new_limits``.
    n_rows, share_complete, share_mapped, share_placed, share_linkable, n_held_back
        Of all ED providers together.
    partnership_passed, partnership_received
        Every ED provider passed, or its type, time and place were received, in each month.
    received_by_any
        Type, time and place were received from some ED provider in each month, as 2009 asked.
    usable_share, late_days
        What a month had to meet: least share of rows with type, time and place each usable (0 to
        1); most days from its end to its delivery.
    """

    partnership: str
    marking: str
    period_from: date
    period_to: date
    providers: pd.DataFrame
    items: pd.DataFrame
    months: pd.DataFrame
    history: pd.DataFrame
    asks: pd.DataFrame
    gains: pd.DataFrame
    told: pd.DataFrame
    habits: pd.DataFrame
    ledger: pd.DataFrame
    periods: pd.DataFrame
    events: pd.DataFrame
    n_rows: int
    share_complete: float | None
    share_mapped: float | None
    share_placed: float | None
    share_linkable: float | None
    n_held_back: int
    partnership_passed: bool
    partnership_received: bool
    received_by_any: bool
    usable_share: float
    late_days: int
    threshold: int
    rounding: str
