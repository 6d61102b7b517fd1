"""JOURNEY 1, its end: stored assaults are grouped into incidents and linked with police crimes."""

from __future__ import annotations

from ed_ingest.errors import StoreError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.given import require_kind
from ed_ingest.linkable import false_places
from ed_ingest.linkage import link_summary
from ed_ingest.linked import link_assaults
from ed_ingest.store import open_store
from ed_ingest.tables import Gazetteer
from ed_ingest.why_link import Explanation, why_link
from ed_ingest.workspace import Workspace


def link_records(workspace: Workspace, *, gazetteer: Gazetteer | None = None) -> dict[str, float]:
    """Group patients into incidents and link them with police crimes; replaces earlier links.

    Parameters
    ----------
    workspace
        An open workspace; its setting ``[linkage] threshold`` counts.
    gazetteer
        The workspace's reference data, where the caller has them loaded already.

    Returns
    -------
    dict
        The figures of ``link --json``, as `linkage.link_summary` gives them.

    Raises
    ------
    EdHotspotsError
        If the store or the reference data cannot be read.
    """
    require_kind(workspace, Workspace, name="workspace", made_by="open_workspace")
    threshold = workspace.settings.linkage.threshold
    places = gazetteer or load_gazetteer(workspace.reference, names=False)
    defaults = false_places(places.places)
    with open_store(workspace.store) as store:
        crimes = store.read("crimes")
        assaults, linkage = link_assaults(
            store.read("assaults"), crimes, threshold=threshold, false_places=defaults
        )
        links = linkage.links
        figures = link_summary(
            assaults, crimes, links, threshold=threshold, false_places=defaults, linkage=linkage
        )
        store.record_links(links, assaults, figures)
    return figures


def explain_link(workspace: Workspace, event_id: str) -> Explanation:
    """Tell why one assault was linked or not; audited, since it ties a hospital's record to others.

    Of the police records only classes and weights are told: no id, time, point or name.

    Raises
    ------
    StoreError
        If there is no such assault, or the records have not been linked yet.
    """
    places = load_gazetteer(workspace.reference, names=False)
    with open_store(workspace.store) as store:
        assaults = store.read("assaults")
        if assaults["link_status"].isna().any():
            raise StoreError("There are records that are not linked yet. First: ed-hotspots link")
        explanation = why_link(
            event_id,
            assaults,
            store.read("crimes"),
            store.read("links"),
            threshold=workspace.settings.linkage.threshold,
            false_places=false_places(places.places),
        )
        if explanation is None:
            raise StoreError(
                "There is no assault of that id. Find it in the column event_id of: ed-hotspots "
                "export assaults assaults.csv"
            )
        store.audit("why link", explanation.provider, {"candidates": explanation.n_candidates})
    return explanation
