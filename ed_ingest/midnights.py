"""Whether a file writes 00:00 where it does not know the time."""

from __future__ import annotations

import pandas as pd

# Full hours beside midnight: as many assaults are told of each as of a true midnight.
_BESIDE = (22, 23, 1, 2)
_FEWEST = 3
_TIMES_AS_MANY = 3.0


def midnight_stands_for_missing(clock: pd.DataFrame) -> bool:
    """Judge from the share of times that are exactly midnight.

    Parameters
    ----------
    clock
        ``kind`` and ``from_min`` of each row, as in `Clock`.

    Returns
    -------
    bool
        True when 00:00 is told at least three times, and more than three times as often as one
        would expect from the full hours around it (one more is granted to each, for small files).
    """
    minutes = clock.loc[clock["kind"] == "minute", "from_min"]
    midnight = int((minutes == 0).sum())
    beside = minutes.isin([hour * 60 for hour in _BESIDE]).sum() / len(_BESIDE)
    return midnight >= _FEWEST and midnight > _TIMES_AS_MANY * (beside + 1)
