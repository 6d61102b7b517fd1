"""Journey 2 over the stored records, and its results kept: nothing is worked out twice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any

import geopandas as gpd
import pandas as pd

import ed_ingest
from ed_ingest.errors import AnalysisError
from ed_ingest.gazetteer import content_of_reference
from ed_ingest.linkable import false_places
from ed_ingest.linkage import link_all
from ed_ingest.providers import load_provider, provider_ids
from ed_ingest.recorded_crime import load_recorded_crime
from ed_ingest.settings import Settings
from ed_ingest.store import Store, open_store
from ed_ingest.store_analyses import (
    AnalysisKey,
    keep_analysis,
    read_analysis,
    version_of_records,
)
from ed_ingest.store_hot_spots import keep_hot_spots, read_hot_spots_before
from ed_ingest.store_tables import one_state
from ed_ingest.tables import Gazetteer
from ed_ingest.workspace import Workspace
from hotspots.events_file import load_events
from hotspots.findings_code import decode_findings, encode_findings
from hotspots.harm import HarmWeights
from hotspots.linked_analysis import Beside, analyse_linked
from hotspots.premises_file import load_premises_facts
from hotspots.tables import Findings
from hotspots.timing import whole_months


def findings_of(
    workspace: Workspace,
    period: tuple[date, date],
    gazetteer: Gazetteer,
    *,
    theme: str | None = None,
) -> Findings:
    """Find, or take from the store, what journey 2 says of the stored records.

    Kept findings are taken where records, links, deliveries, reference data, settings and the
    product's own code are what they were.

    Parameters
    ----------
    workspace
        An open workspace.
    period
        First and last night.
    gazetteer
        The workspace's reference data.
    theme
        Key of the one theme to analyse; None for all assaults.

    Raises
    ------
    AnalysisError
        If there are no records for the period.
    """
    chosen = settings_of_analysis(workspace.settings)
    chosen["provider_names"] = provider_names(workspace)
    settings = hash_of([chosen, workspace.settings.linkage.model_dump(mode="json")])
    with open_store(workspace.store) as store, one_state(store.connection):
        before = read_hot_spots_before(store.connection, f"{period[1]:%Y-%m}")
        data = _data(workspace, store, before)
        key = AnalysisKey(*period, theme or "", settings, data)
        kept = read_analysis(store.connection, key)
        findings = decode_findings(kept) if kept else None
        if findings is not None:
            return replace(findings, boundary=gazetteer.boundary, basemap=gazetteer.basemap)
        records = {name: store.read(name) for name in ("assaults", "crimes", "batches")}
        figures = store.link_figures()
    chosen |= {"theme": theme, "hot_spots_before": before}
    findings = _analysed(workspace, period, gazetteer, records, figures, chosen)
    if not findings.n_recorded:
        raise AnalysisError(
            f"There are no records from {period[0]:%d %B %Y} to {period[1]:%d %B %Y}. "
            "Choose another period; see: ed-hotspots status"
        )
    _keep(workspace, key, findings)
    return findings


def settings_of_analysis(settings: Settings) -> dict[str, Any]:
    """The settings that `analyse` goes by, under its own names."""
    night = settings.night_time_economy
    harm = HarmWeights(
        {str(k): v for k, v in settings.harm.weights.items()}, settings.harm.admitted
    )
    return {
        "partnership": settings.partnership.name,
        "months": settings.map.months,
        "cell_m": settings.map.cell_m,
        "bandwidth_m": settings.map.bandwidth_m,
        "eps_m": settings.map.eps_m,
        "min_samples": max(settings.map.min_samples, settings.small_numbers.threshold),
        "threshold": settings.small_numbers.threshold,
        "largest_radius_m": settings.map.largest_radius_m,
        "nte_hours": (night.start_hour, night.end_hour),
        "country": night.country,
        "change_months": settings.change.months,
        "themes": settings.themes.show,
        "youth_bands": settings.themes.youth_bands,
        "harm_weights": harm if harm.by_method else None,
    }


def provider_names(workspace: Workspace, *, hospitals_only: bool = False) -> dict[str, str]:
    """Names of the workspace's providers by id."""
    providers = [load_provider(workspace.root, i) for i in provider_ids(workspace.root)]
    hospitals = {p.id for p in providers if (p.kind, p.source) == ("ed", "ed")}
    return {p.id: p.name for p in providers if not hospitals_only or p.id in hospitals}


def _analysed(
    workspace: Workspace,
    period: tuple[date, date],
    gazetteer: Gazetteer,
    records: dict[str, pd.DataFrame],
    figures: dict[str, float],
    chosen: dict[str, Any],
) -> Findings:
    linkage = link_all(
        records["assaults"],
        records["crimes"],
        threshold=workspace.settings.linkage.threshold,
        false_places=false_places(gazetteer.places),
    )
    return analyse_linked(
        records,
        figures,
        linkage=linkage,
        capture_recapture=workspace.settings.linkage.capture_recapture,
        gazetteer=gazetteer,
        period=period,
        beside=reference_beside(workspace),
        chosen=chosen,
    )


def reference_beside(workspace: Workspace) -> Beside:
    """What a workspace's reference folder holds beside the gazetteer."""
    folder = workspace.reference
    return Beside(load_recorded_crime(folder), load_events(folder), load_premises_facts(folder))


def _keep(workspace: Workspace, key: AnalysisKey, findings: Findings) -> None:
    """Keep the findings, without what comes from the reference data, and the month's hot spots."""
    light = replace(findings, boundary=None, basemap=findings.basemap.iloc[:0])
    with open_store(workspace.store) as store:
        keep_analysis(store.connection, key, encode_findings(light), at=datetime.now().astimezone())
        whole = (key.period_from, key.period_to) == whole_months(
            key.period_to, workspace.settings.map.months
        )
        if whole and not key.theme and findings.assaults is not None:
            keep_hot_spots(
                store.connection,
                f"{key.period_to:%Y-%m}",
                findings.assaults.hot_spots,
                period_from=key.period_from,
                providers=list(findings.providers["provider"]),
                settings=key.settings,
            )


def _data(workspace: Workspace, store: Store, before: gpd.GeoDataFrame | None) -> str:
    """Hash of all that findings are made of beside the settings."""
    return hash_of(
        {
            "records": version_of_records(store.connection),
            # What cannot be read now is not known to be the same the next time.
            "reference": content_of_reference(workspace.reference) or token_hex(),
            "hot spots before": None if before is None else before.to_wkb().to_csv(),
            "product": product(),
        }
    )


@cache
def product() -> str:
    """Hash of the product's own code: a change of method is a change of the findings."""
    digest = hashlib.sha256(ed_ingest.__version__.encode())
    for folder in (Path(ed_ingest.__file__).parent, Path(__file__).parent):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def hash_of(value: object) -> str:
    """SHA-256 of what can be written as JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
