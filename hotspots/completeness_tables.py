"""The completeness measures after gate 2, as the report, workbook and sheets take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd


@dataclass(frozen=True)
class PublishableCompleteness:
    """What data managers see, after gate 2. Only ``completeness_disclosure`` makes one.

    Counts are rounded or suppressed (missing), shares come from rounded counts.

    Attributes
    ----------
    items
        ``provider, name, item, title, national_2009, n, share_present, share_valid, share_usable``:
        one row per ED provider and item of the minimum data set and the survey's Table 5, for the
        whole period.
    months
        ``provider, name, month, n, share_type, share_time, share_location, share_complete,
        received_on, days_after_month, passed``: one row per ED provider and calendar month;
        ``n`` 0 and ``received_on`` missing where nothing was delivered.
    asks
        ``provider, name, item, title, received_instead, n``: what came instead of a usable value.
    n_rows, share_complete, share_mapped, n_held_back
        Of all ED providers together.
    partnership_passed
        Every ED provider passed in each month of the period.
    usable_share, late_days
        What a month had to meet: least share of rows with type, time and place each usable (0 to
        1); most days from its end to its delivery.
    """

    partnership: str
    marking: str
    period_from: date
    period_to: date
    items: pd.DataFrame
    months: pd.DataFrame
    asks: pd.DataFrame
    n_rows: int
    share_complete: float | None
    share_mapped: float | None
    n_held_back: int
    partnership_passed: bool
    usable_share: float
    late_days: int
    threshold: int
    rounding: str
