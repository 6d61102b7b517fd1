"""Journey 2 and gate 2 over the store: what of the stored records may be shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd

from ed_ingest.completeness import summarise
from ed_ingest.completeness_events import load_completeness_events
from ed_ingest.errors import AnalysisError, SettingsError
from ed_ingest.linking import link_records
from ed_ingest.providers import load_provider, provider_ids
from ed_ingest.store import open_store
from ed_ingest.tables import Gazetteer
from ed_ingest.workspace import Workspace
from hotspots.completeness_disclosure import disclose_completeness
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.disclosure import disclose
from hotspots.kept_findings import findings_of, provider_names
from hotspots.publishable import Publishable
from hotspots.small_numbers import Method
from hotspots.timing import whole_months

NO_MARKING = "DRAFT: PROTECTIVE MARKING NOT SET"


def ready_month(workspace: Workspace, month: str | None, gazetteer: Gazetteer) -> str:
    """The month to analyse, once every record is linked: incidents are counted by linkage."""
    month = month_to_show(workspace, month)
    query = "SELECT EXISTS (SELECT 1 FROM assaults WHERE link_status IS NULL)"
    with open_store(workspace.store) as store:
        unlinked = bool(store.connection.execute(query).fetchone()[0])
    if unlinked:
        link_records(workspace, gazetteer=gazetteer)
    return month


def month_to_show(workspace: Workspace, month: str | None) -> str:
    """The month asked for, else the latest that was over when its records came."""
    if month is not None:
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            raise SettingsError("--month: not a month. Write it as YYYY-MM.")
        return month
    with open_store(workspace.store) as store:
        assaults, batches = store.read("assaults"), store.read("batches")
    own = assaults[assaults["source"] == "ed"]
    months = own["arrived_at"].fillna(own["assault_from"]).dt.to_period("M")
    if months.dropna().empty:
        raise AnalysisError("There are no records yet. Next: ed-hotspots ingest FILE …")
    received = own["batch_id"].map(batches.set_index("batch_id")["received_at"])
    over = months[received.dt.to_period("M") > months]
    return str((over if len(over) else months).max())


def months_of_map(workspace: Workspace, month: str) -> tuple[date, date]:
    """First and last night of the map's months up to this one."""
    return whole_months(pd.Period(month, freq="M").end_time.date(), workspace.settings.map.months)


def publishable_of(
    workspace: Workspace,
    period: tuple[date, date],
    gazetteer: Gazetteer,
    *,
    method: Method,
    theme: str | None = None,
    beside: Sequence[str] = (),
) -> Publishable:
    """Journey 2 and gate 2 over the stored records; `beside` as for `disclosure.disclose`."""
    settings = workspace.settings
    findings = findings_of(workspace, period, gazetteer, theme=theme)
    return disclose(
        findings,
        threshold=settings.small_numbers.threshold,
        method=method,
        premises_names=bool(settings.audiences.tasking.premises_names),
        marking=settings.partnership.marking or NO_MARKING,
        beside=beside,
    )


def completeness_of(workspace: Workspace, month: str, *, method: Method) -> PublishableCompleteness:
    """The completeness measures of the 12 months up to `month`, through gate 2."""
    settings = workspace.settings
    providers = [load_provider(workspace.root, i) for i in provider_ids(workspace.root)]
    with open_store(workspace.store) as store:
        summary = summarise(
            store.read_assaults_with_items(),
            store.read_held_back(),
            store.read("batches"),
            provider_names=provider_names(workspace, hospitals_only=True),
            month_to=month,
            usable_share=settings.completeness.usable_share,
            late_days=settings.completeness.late_days,
            frequencies={p.id: p.agreement.frequency for p in providers},
            events=load_completeness_events(workspace.reference, [p.id for p in providers]),
        )
    return disclose_completeness(
        summary,
        partnership=settings.partnership.name,
        marking=settings.partnership.marking or NO_MARKING,
        threshold=settings.small_numbers.threshold,
        method=method,
    )
