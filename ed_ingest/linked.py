"""Assaults grouped into incidents and linked: what every linkage of records consists of."""

from __future__ import annotations

import pandas as pd

from ed_ingest.incidents import flag_transfers, group_incidents
from ed_ingest.linkage import Linkage, link_all, link_status


def link_assaults(
    assaults: pd.DataFrame,
    crimes: pd.DataFrame,
    *,
    threshold: float,
    false_places: pd.DataFrame | None,
) -> tuple[pd.DataFrame, Linkage]:
    """Group patients into incidents, find transfers, link with crimes, and say what was found.

    Parameters
    ----------
    assaults, crimes, threshold, false_places
        As for `linkage.link`.

    Returns
    -------
    tuple
        `assaults` with ``incident_id, transfer, link_status``, and the linkage.
    """
    grouped = assaults.assign(incident_id=group_incidents(assaults))
    grouped = grouped.assign(transfer=flag_transfers(grouped))
    linkage = link_all(grouped, crimes, threshold=threshold, false_places=false_places)
    status = link_status(
        grouped, linkage.links, threshold=threshold, false_places=false_places, crimes=crimes
    )
    return grouped.assign(link_status=status), linkage
