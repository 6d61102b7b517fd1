"""All that is found on what the police know of: by group, by what patients said, by the window."""

from __future__ import annotations

import pandas as pd

from ed_ingest.linkable import comparable_crimes
from ed_ingest.sensitivity import sensitivity_grid
from hotspots.capture_recapture import strata_of
from hotspots.tables import HotSpotMap, PoliceKnowledge
from hotspots.timing import evening_of
from hotspots.unseen import not_known, reported_and_found


def police_knowledge(
    seen: pd.DataFrame,
    crimes: pd.DataFrame,
    weighed: pd.DataFrame | None,
    hot_spots: HotSpotMap | None,
    *,
    links: pd.DataFrame | None,
    period: tuple[pd.Timestamp, pd.Timestamp],
) -> PoliceKnowledge | None:
    """Find what the police know of the period's assaults.

    Parameters
    ----------
    seen
        The assaults of the period, contract columns, on the index of `weighed`.
    crimes
        All police records, contract columns.
    weighed
        As `ed_ingest.linkage.weigh` gives it, or None.
    hot_spots
        The hot spots of these assaults.
    links
        As `ed_ingest.linkage.link` gives them, where capture and recapture is wanted, else None.
    period
        First and last night.

    Returns
    -------
    PoliceKnowledge or None
        None before linkage, and where no assault of the period could be compared.
    """
    if weighed is None or not weighed.index.isin(seen.index).any():
        return None
    linkable = seen[seen.index.isin(weighed.index)]
    nights = evening_of(crimes["committed_from"])
    strata = None
    if links is not None:
        strata = strata_of(weighed, linkable, crimes[nights.between(*period)], links)
    return PoliceKnowledge(
        by_group=not_known(
            weighed, linkable, hot_spots=None if hot_spots is None else hot_spots.members
        ),
        reported=reported_and_found(seen),
        sensitivity=sensitivity_grid(linkable, crimes[comparable_crimes(crimes)]),
        strata=strata,
    )
