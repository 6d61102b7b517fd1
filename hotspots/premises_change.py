"""Which premises are named more, or less, than before, beyond what chance and the calendar do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from hotspots.change import MOST_FALSE, changes_of_places
from hotspots.compared_months import Months, period_of_nights

COLUMNS = ("place_id", "n_now", "n_before", "expected_now", "p_value", "q_value", "trend")


def find_premises_changes(
    points: pd.DataFrame,
    providers: pd.Series,
    *,
    compared: Months,
    shares: pd.DataFrame,
    is_called: bool,
    least: int,
) -> pd.DataFrame:
    """Test each of the premises for a change of the rate of incidents that name it.

    As `change.find_changes`: exact and conditional on the premises' incidents in both periods
    together, by weekday and hospital, widened by how much they come in clumps, and adjusted after
    Benjamini and Hochberg (1995, DOI 10.1111/j.2517-6161.1995.tb02031.x). Which premises are tested
    depends on both periods together and not on one of them, so that being picked for a busy year is
    no reason to seem changed.

    Parameters
    ----------
    points
        As from `points.assault_points`, of the compared providers in both periods.
    providers
        Id of the provider of each point, on the same index.
    compared, shares, is_called
        Months as from `compared_months.months_to_compare`, mapped shares as from
        `compared_months.mapped_shares`; whether recording stayed alike, so that calls are made.
    least
        Fewest incidents of both periods together, at least 1.

    Returns
    -------
    DataFrame
        By ``place_id``, one row for each of the premises with enough: ``n_now, n_before``
        (incidents), ``expected_now`` (had nothing changed), ``p_value, q_value`` (missing where no
        call is made), ``trend``: ``up``, ``down``, ``no_clear_change`` or ``recording_changed``.
    """
    named = pd.DataFrame(
        {
            "hotspot_id": points["place_id"].where(points["premises"].notna()),
            "incident": points["incident"],
            "provider": providers,
            "night": points["night"],
            "period": period_of_nights(points["night"], compared),
        }
    ).dropna(subset=["hotspot_id", "period"])
    # Sorted: the same premises, night and hospital stand for an incident in any order of records.
    named = named.sort_values(["hotspot_id", "night", "provider"], kind="stable")
    named = named.drop_duplicates("incident")
    counts = named["hotspot_id"].value_counts()
    ids = pd.Series(sorted(counts.index[counts >= least]), dtype="str")
    placed = named[named["hotspot_id"].isin(ids)]
    placed = placed.assign(weekday=placed["night"].dt.day_of_week)
    table = changes_of_places(ids, placed, compared, shares, is_called=is_called)
    clear = (table["q_value"] <= MOST_FALSE).to_numpy()
    more = (table["n_now"] > table["expected_now"]).to_numpy()
    words = np.select(
        [np.full(len(table), not is_called), clear & more, clear],
        ["recording_changed", "up", "down"],
        "no_clear_change",
    )
    named_so = table.rename(columns={"hotspot_id": "place_id"})
    return named_so.assign(trend=pd.Series(words, dtype="str"))[list(COLUMNS)]
