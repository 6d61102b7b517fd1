"""What the Home Office counts for the whole partnership, beside police.uk's one category."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

# Words of a partnership's name that tell nothing of where it is.
_GENERAL = frozenset(
    {"community", "safety", "partnership", "csp", "the", "and", "of", "council", "county",
     "city", "borough", "district", "police"}
)  # fmt: skip
# The groups that police.uk's category of violence and sexual offences is made of.
_VIOLENCE = ("homicide", "violence_with_injury", "violence_without_injury", "sexual")


def totals_of(
    recorded: pd.DataFrame, *, partnership: str, period_from: date, period_to: date
) -> pd.DataFrame:
    """Counts of the partnership's own area in the quarters that lie whole in the period.

    Parameters
    ----------
    recorded
        As from `ed_ingest.recorded_crime.load_recorded_crime`.
    partnership
        Its name; an area is its own where the telling words of both names are the same.
    period_from, period_to
        First and last day.

    Returns
    -------
    DataFrame
        ``area, quarter_from, quarter_to, offence_group, n``; empty where no area has the name.
    """
    own = recorded["area"].map(_telling) == _telling(partnership)
    whole = (recorded["quarter_from"] >= pd.Timestamp(period_from)) & (
        recorded["quarter_to"] <= pd.Timestamp(period_to)
    )
    order = ["quarter_from", "offence_group"]
    return recorded[own & whole].sort_values(order, ignore_index=True)


def totals_words(totals: pd.DataFrame) -> tuple[str, ...]:
    """How much of the police's violence is with injury; nothing without counts."""
    n = totals.groupby("offence_group")["n"].sum()
    violence = n.reindex(_VIOLENCE).fillna(0).sum()
    if not violence > 0:
        return ()
    injury = n.reindex(["homicide", "violence_with_injury"]).fillna(0).sum()
    first, last = totals["quarter_from"].min(), totals["quarter_to"].max()
    return (
        f"The Home Office counts {violence:,.0f} offences of violence and sexual offences in "
        f"{totals['area'].iloc[0]} from {first:%B %Y} to {last:%B %Y}, {injury / violence:.0%} of "
        "them with injury (recorded_crime.csv).",
    )


def _telling(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", name.casefold())) - _GENERAL
