"""The watch over sharing agreements and deliveries: what stands now, and what is new."""

from __future__ import annotations

from datetime import date, datetime

from ed_ingest.notices import Notice, standing_notices
from ed_ingest.providers import load_providers
from ed_ingest.senders import sender
from ed_ingest.store import open_store
from ed_ingest.store_tables import transaction
from ed_ingest.told_notices import tell_once
from ed_ingest.workspace import Workspace


def notices_of(workspace: Workspace, *, today: date) -> list[Notice]:
    """What stands of all providers whose files are right; by provider.

    Parameters
    ----------
    workspace
        An open workspace.
    today
        The day to judge by, local.
    """
    with open_store(workspace.store) as store:
        deliveries = store.read("batches")
    return standing_notices(
        [sender(provider) for provider in load_providers(workspace.root)],
        deliveries,
        today=today,
        expiry_days=workspace.settings.agreements.expiry_days,
        late_days=workspace.settings.completeness.late_days,
    )


def new_notices(workspace: Workspace, *, now: datetime) -> list[Notice]:
    """What stands and was not told before; each is told once, until it was mended and comes again.

    Parameters
    ----------
    workspace
        An open workspace.
    now
        The moment, with time zone.
    """
    standing = notices_of(workspace, today=now.astimezone().date())
    with open_store(workspace.store) as store, transaction(store.connection):
        new = tell_once(store.connection, [notice.id for notice in standing], at=now)
    return [notice for notice in standing if notice.id in new]
