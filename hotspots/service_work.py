"""The work of the service: what its jobs do when they are due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ed_ingest.agreements import new_notices
from ed_ingest.errors import AnalysisError
from ed_ingest.gazetteer import current_gazetteer
from ed_ingest.linking import link_records
from ed_ingest.retention import purge
from ed_ingest.store import open_store
from ed_ingest.watched import take_inbox
from ed_ingest.workspace import Workspace
from hotspots.circulation import circulate, waiting_pack
from hotspots.pack import is_published, publish_month, renew_draft
from hotspots.service_jobs import Stop, Work


def _renew(workspace: Workspace, stop: Stop) -> bool:
    """Link, and renew the draft with its completeness report."""
    places = current_gazetteer(workspace.reference)
    link_records(workspace, gazetteer=places)
    if stop():
        return False
    try:
        renew_draft(workspace, gazetteer=places)
    except AnalysisError:  # these records make no draft, and will make none at another try
        return True
    return True


def _publish(workspace: Workspace, month: str) -> str:
    """Make the pack of a month unless it stands; otherwise what a person has to do."""
    by_hand = f"publish it with: ed-hotspots publish --month {month}"
    if is_published(workspace, month):
        return ""
    settings = workspace.settings
    if settings.partnership.marking is None or settings.audiences.tasking.premises_names is None:
        return (
            f"The pack of {month} was not made: marking or premises_names is not set in "
            f"settings.toml. Set them, and {by_hand}"
        )
    if not _has_records(workspace, month):
        return (
            f"The pack of {month} was not made: no hospital's records of that month have come. "
            f"When they have, {by_hand}"
        )
    places = current_gazetteer(workspace.reference)
    link_records(workspace, gazetteer=places)
    publish_month(workspace, month=month, gazetteer=places)
    return ""


def _has_records(workspace: Workspace, month: str) -> bool:
    query = (
        "SELECT EXISTS (SELECT 1 FROM assaults WHERE source = 'ed'"
        " AND substr(coalesce(arrived_at, assault_from), 1, 7) = ?)"
    )
    with open_store(workspace.store) as store:
        return bool(store.connection.execute(query, (month,)).fetchone()[0])


def _circulate(workspace: Workspace, pack: str) -> list[str]:
    return [f"{pack}, {line}" for line in circulate(workspace, pack, anew=False).lines]


def _purge(workspace: Workspace, now: datetime) -> Mapping[str, int]:
    return purge(workspace, now=now).counts


def _notices(workspace: Workspace, now: datetime) -> list[str]:
    told = new_notices(workspace, now=now)
    return [f"{notice.provider}: {notice.sentence} {notice.remedy}" for notice in told]


WORK = Work(
    take_inbox=take_inbox,
    renew=_renew,
    publish=_publish,
    waiting=waiting_pack,
    circulate=_circulate,
    purge=_purge,
    notices=_notices,
)
