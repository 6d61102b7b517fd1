"""Journey 2 over linked records with their reference tables: of a workspace, and of each area."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from ed_ingest.linkage import Linkage
from ed_ingest.tables import Gazetteer
from hotspots.analysis import analyse
from hotspots.halo import Neighbours
from hotspots.tables import Findings


class Beside(NamedTuple):
    """Tables of the reference folder, beside the gazetteer, as `analysis.analyse` takes them."""

    recorded_crime: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    premises_facts: pd.DataFrame | None = None


def analyse_linked(
    records: Mapping[str, pd.DataFrame],
    link_figures: Mapping[str, float],
    *,
    linkage: Linkage,
    capture_recapture: bool,
    gazetteer: Gazetteer,
    period: tuple[date, date],
    beside: Beside,
    chosen: Mapping[str, Any],
    neighbours: Neighbours | None = None,
) -> Findings:
    """Analyse records together with what their linkage told.

    Parameters
    ----------
    records
        ``assaults, crimes`` and, where they are at hand, ``batches``, as the store gives them.
    link_figures, gazetteer, neighbours
        As for `analysis.analyse`.
    linkage
        As from `ed_ingest.linkage.link_all`, of these records and their neighbours'.
    capture_recapture
        Whether it is wanted.
    period
        First and last night.
    beside
        What else the reference folder holds.
    chosen
        Further arguments of `analysis.analyse`, by name: settings, names, theme.
    """
    return analyse(
        records["assaults"],
        records["crimes"],
        link_figures,
        weighed=linkage.weighed,
        links=linkage.links if capture_recapture else None,
        batches=records.get("batches"),
        gazetteer=gazetteer,
        period_from=period[0],
        period_to=period[1],
        neighbours=neighbours,
        **beside._asdict(),
        **chosen,
    )
