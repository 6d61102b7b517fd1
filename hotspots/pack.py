"""From stored records to the folders that people open: the draft and the frozen month packs."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ed_ingest import __version__, audit
from ed_ingest.completeness import summarise
from ed_ingest.completeness_events import load_completeness_events
from ed_ingest.errors import AnalysisError, SettingsError, WorkspaceError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.linkable import false_places
from ed_ingest.linkage import link_all
from ed_ingest.linking import link_records
from ed_ingest.notices import Sender
from ed_ingest.recorded_crime import load_recorded_crime
from ed_ingest.senders import sender
from ed_ingest.settings import load_provider, load_providers, provider_ids
from ed_ingest.store import open_store
from ed_ingest.tables import Gazetteer
from ed_ingest.what_left import published
from ed_ingest.workspace import Workspace
from hotspots.analysis import analyse
from hotspots.completeness_disclosure import disclose_completeness
from hotspots.completeness_figures import change_lines, completeness_figures
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_workbook import write_completeness_workbook
from hotspots.disclosure import disclose
from hotspots.geofiles import write_geopackage, write_tables
from hotspots.maps import write_tasking_map
from hotspots.pages import write_index
from hotspots.report import write_completeness
from hotspots.small_numbers import Method
from hotspots.tables import Publishable
from hotspots.timing import whole_months
from hotspots.words import period_words

NO_MARKING = "DRAFT: PROTECTIVE MARKING NOT SET"


@dataclass(frozen=True)
class Made:
    """What was made, for people and for machines; holds only what passed gate 2."""

    folder: Path
    figures: Mapping[str, Any]
    lines: list[str]


def publish_month(
    workspace: Workspace, *, month: str | None = None, gazetteer: Gazetteer | None = None
) -> Made:
    """Make the month pack and freeze it; where one exists, a new version is made beside it.

    Parameters
    ----------
    workspace
        An open workspace with linked records.
    month
        ``YYYY-MM``; default the latest month with records.
    gazetteer
        The workspace's reference data, where the caller has them loaded already.

    Raises
    ------
    SettingsError
        If the marking or the rule on premises' names is not set.
    AnalysisError
        If there are no records for the month.
    """
    _require_choices(workspace)
    places = gazetteer or load_gazetteer(workspace.reference)
    month = _ready_month(workspace, month, places)
    with open_store(workspace.store) as store:
        earlier = {pack.name for pack in published(store.connection)}
    folder = _next_version(workspace.outputs / month, earlier)
    # Exact counts of two versions would give away by difference whom a correction concerns.
    method = workspace.settings.small_numbers.method if folder.name == month else "round5"
    publishable = _publishable(workspace, _whole_months(workspace, month), places, method=method)
    scored = _scored(workspace, month, method=method)
    with _built(folder) as unfinished:
        _write_pack(unfinished, workspace, publishable, scored, version=folder.name)
    _tell_published(workspace, folder.name)
    return _made(folder, publishable, scored)


def is_published(workspace: Workspace, month: str) -> bool:
    """Whether the first pack of a month (``YYYY-MM``) stands.

    Where it was put in its place and the machine failed before that was noted, it is noted now.
    """
    if not (workspace.outputs / month).exists():
        return False
    with open_store(workspace.store) as store:
        noted = store.has_done("publish", month)
    if not noted:
        _tell_published(workspace, month)
    return True


def renew_draft(
    workspace: Workspace,
    *,
    month: str | None = None,
    nights: tuple[date, date] | None = None,
    gazetteer: Gazetteer | None = None,
) -> Made:
    """Make outputs/draft/ anew: for the analyst, never circulated.

    Parameters
    ----------
    workspace
        An open workspace.
    month
        As for `publish_month`; its whole months are analysed.
    nights
        First and last night to analyse instead; completeness is that of the last one's month.
    gazetteer
        The workspace's reference data, where the caller has them loaded already.

    Raises
    ------
    SettingsError
        If `nights` end before they begin, or are given together with `month`.
    AnalysisError
        If there are no records for the period.
    """
    if nights and (month or nights[1] < nights[0]):
        raise SettingsError("--from, --to: give both, in order, and without --month.")
    places = gazetteer or load_gazetteer(workspace.reference)
    month = _ready_month(workspace, f"{nights[1]:%Y-%m}" if nights else month, places)
    period = nights or _whole_months(workspace, month)
    publishable = _publishable(workspace, period, places, method="round5")
    scored = _scored(workspace, month, method="round5")
    folder = workspace.outputs / "draft"
    with _built(folder) as unfinished:
        _write_pack(unfinished, workspace, publishable, scored, version="draft")
    return _made(folder, publishable, scored)


def renew_completeness(workspace: Workspace, *, month: str | None = None) -> Made:
    """Make completeness.html and completeness.xlsx in outputs/draft/data-quality/ anew."""
    month = _month(workspace, month)
    scored = _scored(workspace, month, method="round5")
    folder = workspace.outputs / "draft" / "data-quality"
    _write_data_quality(folder, scored)
    figures = {"month": month, **completeness_figures(scored)}
    report = folder / "completeness.html"
    lines = [*_completeness_lines(scored), *change_lines(scored), f"Report: {report}"]
    return Made(folder, figures, lines)


def _write_data_quality(folder: Path, scored: PublishableCompleteness) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_completeness(scored, folder / "completeness.html")
    write_completeness_workbook(scored, folder / "completeness.xlsx")


def _require_choices(workspace: Workspace) -> None:
    open_choices = []
    if workspace.settings.partnership.marking is None:
        open_choices.append("partnership.marking")
    if workspace.settings.audiences.tasking.premises_names is None:
        open_choices.append("audiences.tasking.premises_names")
    if open_choices:
        raise SettingsError(
            f"settings.toml: set {' and '.join(open_choices)} before publishing: "
            "your sharing agreement says which."
        )


def _ready_month(workspace: Workspace, month: str | None, gazetteer: Gazetteer) -> str:
    """The month to analyse, once every record is linked: incidents are counted by linkage."""
    month = _month(workspace, month)
    with open_store(workspace.store) as store:
        unlinked = bool(store.read("assaults")["link_status"].isna().any())
    if unlinked:
        link_records(workspace, gazetteer=gazetteer)
    return month


def _month(workspace: Workspace, month: str | None) -> str:
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


def _whole_months(workspace: Workspace, month: str) -> tuple[date, date]:
    """First and last night of the map's months up to this one."""
    return whole_months(pd.Period(month, freq="M").end_time.date(), workspace.settings.map.months)


def _tell_published(workspace: Workspace, name: str) -> None:
    _name_latest(workspace.outputs / "latest.txt", name)
    with open_store(workspace.store) as store:
        store.audit("publish", name, {})


def _name_latest(path: Path, name: str) -> None:
    """Name the newest published month; a pack of an older month changes nothing."""
    earlier = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if name[:7] >= earlier[:7]:
        path.write_text(name + "\n", encoding="utf-8")


def _publishable(
    workspace: Workspace, period: tuple[date, date], gazetteer: Gazetteer, *, method: Method
) -> Publishable:
    """Journey 2 and gate 2 over the stored records."""
    settings = workspace.settings
    with open_store(workspace.store) as store:
        assaults, crimes = store.read("assaults"), store.read("crimes")
        figures = store.link_figures()
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
        gazetteer=gazetteer,
        partnership=settings.partnership.name,
        provider_names=_provider_names(workspace),
        period_from=period[0],
        period_to=period[1],
        cell_m=settings.map.cell_m,
        bandwidth_m=settings.map.bandwidth_m,
        eps_m=settings.map.eps_m,
        min_samples=max(settings.map.min_samples, settings.small_numbers.threshold),
        largest_radius_m=settings.map.largest_radius_m,
        nte_hours=(settings.night_time_economy.start_hour, settings.night_time_economy.end_hour),
        recorded_crime=load_recorded_crime(workspace.reference),
    )
    if not findings.n_recorded:
        raise AnalysisError(
            f"There are no records from {period[0]:%d %B %Y} to {period[1]:%d %B %Y}. "
            "Choose another period; see: ed-hotspots status"
        )
    return disclose(
        findings,
        threshold=settings.small_numbers.threshold,
        method=method,
        premises_names=bool(settings.audiences.tasking.premises_names),
        marking=settings.partnership.marking or NO_MARKING,
    )


def _scored(workspace: Workspace, month: str, *, method: Method) -> PublishableCompleteness:
    """The completeness measures of the 12 months up to `month`, through gate 2."""
    settings = workspace.settings
    providers = [load_provider(workspace.root, i) for i in provider_ids(workspace.root)]
    with open_store(workspace.store) as store:
        summary = summarise(
            store.read_assaults_with_items(),
            store.read_held_back(),
            store.read("batches"),
            provider_names=_provider_names(workspace, hospitals_only=True),
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


def _provider_names(workspace: Workspace, *, hospitals_only: bool = False) -> dict[str, str]:
    providers = [load_provider(workspace.root, i) for i in provider_ids(workspace.root)]
    hospitals = {p.id for p in providers if (p.kind, p.source) == ("ed", "ed")}
    return {p.id: p.name for p in providers if not hospitals_only or p.id in hospitals}


def _next_version(folder: Path, earlier: Collection[str]) -> Path:
    """The month's folder; `.v2`, `.v3` … where packs of the month stand or went out already."""
    version, name = 1, folder
    while name.exists() or name.name in earlier:
        version += 1
        name = folder.with_name(f"{folder.name}.v{version}")
    return name


@contextmanager
def _built(folder: Path) -> Iterator[Path]:
    """Build a folder beside its place and put it there whole, so that nobody sees half a pack."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = folder.with_name(f".{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    try:
        yield unfinished
        if folder.exists():
            folder.rename(aside)
        unfinished.rename(folder)
    except PermissionError:
        raise WorkspaceError(
            f"{folder}: cannot be renewed. Close its files in other programs, and try again."
        ) from None
    finally:
        for left_over in (unfinished, aside):
            shutil.rmtree(left_over, ignore_errors=True)


def _write_pack(
    folder: Path,
    workspace: Workspace,
    publishable: Publishable,
    scored: PublishableCompleteness,
    *,
    version: str,
) -> None:
    for audience in ("tasking", "analyst"):
        (folder / audience).mkdir()
    write_tasking_map(publishable, folder / "tasking" / "tasking-map.html")
    _write_data_quality(folder / "data-quality", scored)
    write_geopackage(publishable, folder / "analyst" / "hotspots.gpkg")
    write_tables(publishable, folder / "analyst")
    manifest = json.dumps(_manifest(workspace, publishable, version), indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(manifest + "\n", encoding="utf-8")
    write_index(
        folder / "index.html",
        title=f"Violence seen by hospitals: {publishable.partnership}",
        marking=publishable.marking,
        period_words=period_words(publishable.period_from, publishable.period_to),
        entries=[
            (
                "tasking/tasking-map.html",
                "Tasking map",
                "Which streets, which nights and hours, and what the police have no record of.",
            ),
            (
                "data-quality/completeness.html",
                "Completeness report",
                "What each hospital sends, what is missing, and what to ask for.",
            ),
            (
                "data-quality/completeness.xlsx",
                "Completeness tables",
                "The same figures, one table a sheet, with the control charts’ limits.",
            ),
            (
                "analyst/hotspots.gpkg",
                "GeoPackage and tables",
                "For QGIS, Excel and Power BI, in the analyst folder; dictionary.csv explains.",
            ),
            ("manifest.json", "Manifest", "Inputs, settings, versions and what was withheld."),
        ],
        caveats=publishable.caveats,
    )


def _manifest(workspace: Workspace, publishable: Publishable, version: str) -> dict[str, Any]:
    """What the pack was made from and with; its counts are those of gate 2."""
    with open_store(workspace.store) as store:
        batches = store.read("batches").sort_values(["provider", "file_hash"])
        audit_head = audit.head(store.connection)
    settings = workspace.settings.model_dump(mode="json", exclude={"paths"})
    agreements = sorted(set(batches.loc[batches["agreement"] == "not recorded", "provider"]))
    return {
        "product": f"ed-hotspots {__version__}",
        "pack": version,
        "replaces": _replaced_by(version),
        "partnership": publishable.partnership,
        "marking": publishable.marking,
        "period_from": f"{publishable.period_from:%Y-%m-%d}",
        "period_to": f"{publishable.period_to:%Y-%m-%d}",
        "inputs": [
            {
                "batch_id": row["batch_id"],
                "provider": row["provider"],
                "kind": row["kind"],
                "received_on": f"{row['received_at']:%Y-%m-%d}",
                "sha256": row["file_hash"],
                "agreement": row["agreement"],
            }
            for row in batches.to_dict("records")
        ],
        "providers_without_recorded_agreement": agreements,
        "providers_without_agreement_dates": [s.id for s in _senders(workspace) if s.undated],
        "settings": settings,
        "counts": {
            "n_recorded": publishable.n_recorded,
            "n_mapped": publishable.n_mapped,
            "hot_spots": len(publishable.hot_spots),
            "rounding": publishable.rounding,
            "threshold": publishable.threshold,
        },
        "links": _link_figures(publishable),
        "bandwidth_m": publishable.bandwidth_m,
        "cell_m": publishable.cell_m,
        "withheld": list(publishable.withheld),
        "caveats": list(publishable.caveats),
        "analyst_notes": list(publishable.analyst_notes),
        # A copy outside the store, against which `audit verify --expect` checks it later.
        "audit_head": audit_head,
    }


def _link_figures(publishable: Publishable) -> dict[str, float | None]:
    """The share with no matching police record, and what chance alone would find."""
    return {
        "share_not_found": publishable.share_not_found,
        "share_not_found_low": publishable.share_not_found_low,
        "share_not_found_high": publishable.share_not_found_high,
        "chance_rate": publishable.chance_rate,
    }


def _senders(workspace: Workspace) -> list[Sender]:
    return [sender(provider) for provider in load_providers(workspace.root)]


def _replaced_by(version: str) -> str | None:
    """The pack that this version takes the place of."""
    month, _, number = version.partition(".v")
    if not number:
        return None
    return month if number == "2" else f"{month}.v{int(number) - 1}"


def _made(folder: Path, publishable: Publishable, scored: PublishableCompleteness) -> Made:
    columns = ["hotspot_id", "rank", "name", "n", "n_low", "n_high", "peak", "share_not_found"]
    table = pd.DataFrame(publishable.hot_spots)[columns]
    figures = {
        "folder": str(folder),
        "period_from": f"{publishable.period_from:%Y-%m-%d}",
        "period_to": f"{publishable.period_to:%Y-%m-%d}",
        "n_recorded": publishable.n_recorded,
        "n_mapped": publishable.n_mapped,
        "n_home": publishable.n_home,
        "share_placed": publishable.share_placed,
        **_link_figures(publishable),
        "hot_spots": json.loads(table.to_json(orient="records")),
        "withheld": list(publishable.withheld),
    }
    lines = [
        f"{row.rank}. {row.name}: {row.n:g}, {row.peak}" for row in table.itertuples(index=False)
    ]
    notes = [*publishable.analyst_notes] if publishable.area_comparison is not None else []
    return Made(folder, figures, [*lines, *notes, *_completeness_lines(scored), f"Pack: {folder}"])


def _completeness_lines(scored: PublishableCompleteness) -> list[str]:
    share = "too few to say" if scored.share_complete is None else f"{scored.share_complete:.0%}"
    word = "passes" if scored.partnership_passed else "does not pass"
    return [f"Complete rows: {share}. Type, time and place at least monthly: {word}."]
