"""Journey 2 and gate 2 over the store: what of the stored records may be shown."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd

from ed_ingest.completeness import summarise
from ed_ingest.errors import AnalysisError, SettingsError
from ed_ingest.linkable import false_places
from ed_ingest.linkage import link_all
from ed_ingest.linking import link_records
from ed_ingest.recorded_crime import load_recorded_crime
from ed_ingest.settings import Settings, load_provider, provider_ids
from ed_ingest.store import open_store
from ed_ingest.store_hot_spots import keep_hot_spots, read_hot_spots_before
from ed_ingest.tables import Gazetteer
from ed_ingest.workspace import Workspace
from hotspots.analysis import analyse
from hotspots.disclosure import disclose, disclose_completeness
from hotspots.events_file import load_events
from hotspots.harm import HarmWeights
from hotspots.premises_file import load_premises_facts
from hotspots.small_numbers import Method
from hotspots.tables import Findings, Publishable, PublishableCompleteness
from hotspots.timing import whole_months

NO_MARKING = "DRAFT: PROTECTIVE MARKING NOT SET"


def ready_month(workspace: Workspace, month: str | None, gazetteer: Gazetteer) -> str:
    """The month to analyse, once every record is linked: incidents are counted by linkage."""
    month = month_to_show(workspace, month)
    with open_store(workspace.store) as store:
        unlinked = bool(store.read("assaults")["link_status"].isna().any())
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
) -> Publishable:
    """Journey 2 and gate 2 over the stored records, or over those of one theme."""
    settings, month = workspace.settings, f"{period[1]:%Y-%m}"
    with open_store(workspace.store) as store:
        assaults, crimes = store.read("assaults"), store.read("crimes")
        batches, figures = store.read("batches"), store.link_figures()
        before = read_hot_spots_before(store.connection, month)
    linkage = link_all(
        assaults,
        crimes,
        threshold=settings.linkage.threshold,
        false_places=false_places(gazetteer.places),
    )
    findings = analyse(
        assaults,
        crimes,
        figures,
        weighed=linkage.weighed,
        links=linkage.links if settings.linkage.capture_recapture else None,
        batches=batches,
        gazetteer=gazetteer,
        provider_names=_provider_names(workspace),
        period_from=period[0],
        period_to=period[1],
        recorded_crime=load_recorded_crime(workspace.reference),
        events=load_events(workspace.reference),
        premises_facts=load_premises_facts(workspace.reference),
        theme=theme,
        hot_spots_before=before if theme is None else None,
        **_settings_of_analysis(settings),
    )
    if not findings.n_recorded:
        raise AnalysisError(
            f"There are no records from {period[0]:%d %B %Y} to {period[1]:%d %B %Y}. "
            "Choose another period; see: ed-hotspots status"
        )
    if theme is None and period == months_of_map(workspace, month):
        _keep_hot_spots(workspace, month, findings)
    return disclose(
        findings,
        threshold=settings.small_numbers.threshold,
        method=method,
        premises_names=bool(settings.audiences.tasking.premises_names),
        marking=settings.partnership.marking or NO_MARKING,
    )


def _keep_hot_spots(workspace: Workspace, month: str, findings: Findings) -> None:
    """Keep the month's hot spots, from which those of the next month have their ids."""
    if findings.assaults is None:
        return
    with open_store(workspace.store) as store:
        keep_hot_spots(
            store.connection,
            month,
            findings.assaults.hot_spots,
            period_from=findings.period_from,
            providers=set(findings.providers["provider"]),
        )


def _settings_of_analysis(settings: Settings) -> dict[str, Any]:
    """The settings that `analyse` goes by, under its own names."""
    night = settings.night_time_economy
    return {
        "partnership": settings.partnership.name,
        "months": settings.map.months,
        "cell_m": settings.map.cell_m,
        "bandwidth_m": settings.map.bandwidth_m,
        "eps_m": settings.map.eps_m,
        "min_samples": max(settings.map.min_samples, settings.small_numbers.threshold),
        "largest_radius_m": settings.map.largest_radius_m,
        "nte_hours": (night.start_hour, night.end_hour),
        "country": night.country,
        "change_months": settings.change.months,
        "themes": settings.themes.show,
        "youth_bands": settings.themes.youth_bands,
        "harm_weights": _harm_weights(settings),
    }


def _harm_weights(settings: Settings) -> HarmWeights | None:
    by_method = {str(method): weight for method, weight in settings.harm.weights.items()}
    return HarmWeights(by_method, settings.harm.admitted) if by_method else None


def completeness_of(workspace: Workspace, month: str, *, method: Method) -> PublishableCompleteness:
    """The completeness measures of the 12 months up to `month`, through gate 2."""
    settings = workspace.settings
    with open_store(workspace.store) as store:
        summary = summarise(
            store.read_assaults_with_items(),
            store.read_held_back(),
            store.read("batches"),
            provider_names=_provider_names(workspace, hospitals_only=True),
            month_to=month,
            usable_share=settings.completeness.usable_share,
            late_days=settings.completeness.late_days,
        )
    return disclose_completeness(
        summary,
        partnership=settings.partnership.name,
        marking=settings.partnership.marking or NO_MARKING,
        threshold=settings.small_numbers.threshold,
        method=method,
    )


def _provider_names(workspace: Workspace, *, hospitals_only: bool = False) -> dict[str, str]:
    providers = [load_provider(workspace.root, i) for i in provider_ids(workspace.root)]
    hospitals = {p.id for p in providers if (p.kind, p.source) == ("ed", "ed")}
    return {p.id: p.name for p in providers if not hospitals_only or p.id in hospitals}
