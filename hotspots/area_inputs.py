"""What a run over many areas is given: the question, the records as files, rules, their hash."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

from ed_ingest.alone import alone
from ed_ingest.errors import AnalysisError, SettingsError, StoreError
from ed_ingest.gazetteer import content_of_reference
from ed_ingest.store import open_store
from ed_ingest.store_tables import one_state
from ed_ingest.tables import Gazetteer
from ed_ingest.workspace import Workspace
from hotspots.area_plan import Plan
from hotspots.area_task import Rules
from hotspots.halo import default_halo_m
from hotspots.kept_findings import hash_of, product, provider_names, settings_of_analysis
from hotspots.pack_analysis import NO_MARKING, months_of_map, ready_month
from hotspots.record_files import (
    RECORD_TABLES,
    RecordFiles,
    open_records,
    read_records,
    write_records,
)

# Hosts that read the same disk as this process.
_HERE = ("127.0.0.1", "localhost", "::1")
_COPIES, _LOCK = "areas", "areas.lock"
_BUSY = "Another analysis of many areas of this workspace is running. Wait until it is done."


@dataclass(frozen=True)
class Question:
    """What is asked for many areas.

    Attributes
    ----------
    areas, by
        File of the areas, and the column of their codes.
    records
        Address of record files; None: the workspace's own store.
    dask, n_workers
        Address of a scheduler; else how many processes of this machine (None: one a processor).
    halo_m
        Metres; None: as `halo.default_halo_m` has it.
    folder
        Where results go; None: ``outputs/areas/``.
    month, nights, theme
        As for `pack.renew_draft`.
    resume
        Whether an earlier run of the same inputs is taken up.
    raster_m
        Side of a cell of the surfaces over all areas, metres; None: none are drawn.
    """

    areas: Path
    by: str
    records: str | None = None
    dask: str | None = None
    n_workers: int | None = None
    halo_m: float | None = None
    folder: Path | None = None
    month: str | None = None
    nights: tuple[date, date] | None = None
    theme: str | None = None
    resume: bool = False
    raster_m: float | None = None


@contextmanager
def records_of(
    workspace: Workspace, question: Question, gazetteer: Gazetteer
) -> Iterator[tuple[RecordFiles, str]]:
    """The records as files, and the month to analyse.

    Raises
    ------
    SettingsError
        If workers elsewhere could not read them, or would be sent them unencrypted.

    Those of the workspace are written into a folder that only this account can read, and that is
    deleted afterwards.
    """
    if question.dask and not _is_here(question.dask) and not question.dask.startswith("tls://"):
        raise SettingsError(
            "--dask: victims' records travel to the workers. Use a scheduler whose address begins "
            "with tls://"
        )
    if question.records is not None:
        files = open_records(question.records)
        yield files, question.month or _latest_month(files)
        return
    if not _is_here(question.dask):
        raise SettingsError(
            "--dask: workers elsewhere cannot read this workspace's store. Give --records with an "
            "address that they can read; see: ed-hotspots export --to"
        )
    nights = question.nights
    month = ready_month(workspace, f"{nights[1]:%Y-%m}" if nights else question.month, gazetteer)
    # In the store's own folder: on the same encrypted disk, its owner's alone, and found by the
    # next run should this one be killed.
    copies = workspace.store.parent / _COPIES
    with alone(workspace.store.parent, _LOCK, busy=lambda: StoreError(_BUSY)):
        shutil.rmtree(copies, ignore_errors=True)
        try:
            with open_store(workspace.store) as store, one_state(store.connection):
                tables = {name: store.read(name) for name in RECORD_TABLES}
            files = write_records(tables, str(copies))
            del tables
            yield files, month
        finally:
            shutil.rmtree(copies, ignore_errors=True)


def _is_here(scheduler: str | None) -> bool:
    return scheduler is None or urlsplit(scheduler).hostname in _HERE


def require_raster(question: Question, bounds: tuple[float, ...]) -> None:
    """Refuse surfaces that cannot be drawn before hours are spent on the areas.

    Raises
    ------
    AnalysisError, SettingsError
        If there would be absurdly many cells, or surfaces of a theme are asked for.
    """
    if not question.raster_m:
        return
    if question.theme:
        raise SettingsError("--raster: surfaces are of all assaults. Leave --theme out.")
    # Loaded only here: rasters need a library of their own.
    from hotspots.tiles import raster_over

    west, south, east, north = bounds
    raster_over((west, south, east, north), cell_m=question.raster_m)


def _latest_month(files: RecordFiles) -> str:
    """The latest month with hospital records that was over when its records came."""
    of = files.partitions
    rows = of[of["table"].eq("assaults") & of["month"].str.match(r"\d{4}-\d{2}$")]
    if rows.empty:
        raise AnalysisError("The record files hold no assault with a date.")
    batches = read_records(files, "batches", columns=["provider", "received_at"])
    received = batches.groupby("provider")["received_at"].max()
    came = rows["provider"].map(received).dt.strftime("%Y-%m")
    over = rows.loc[came > rows["month"], "month"]
    return str((over if len(over) else rows["month"]).max())


def rules_of(workspace: Workspace, question: Question, month: str) -> Rules:
    """The settings and the question as every task has them."""
    settings = workspace.settings
    if question.nights and (question.month or question.nights[1] < question.nights[0]):
        raise SettingsError("--from, --to: give both, in order, and without --month.")
    chosen = settings_of_analysis(settings)
    del chosen["partnership"]
    chosen |= {"provider_names": provider_names(workspace), "theme": question.theme}
    halo_m = question.halo_m
    if halo_m is None:
        halo_m = default_halo_m(
            **{name: chosen[name] for name in ("bandwidth_m", "eps_m", "largest_radius_m")}
        )
    return Rules(
        chosen=chosen,
        period=question.nights or months_of_map(workspace, month),
        halo_m=halo_m,
        link_threshold=settings.linkage.threshold,
        capture_recapture=settings.linkage.capture_recapture,
        method="round5",
        threshold=settings.small_numbers.threshold,
        premises_names=bool(settings.audiences.tasking.premises_names),
        marking=settings.partnership.marking or NO_MARKING,
    )


def fingerprint_of(workspace: Workspace, plan: Plan, rules: Rules, files: RecordFiles) -> str:
    """Hash of all that the results are made of; files of records bear the hash of their content."""
    return hash_of(
        {
            "areas": [
                *plan.areas["code"],
                *plan.areas["name"],
                *plan.areas.geometry.to_wkb(hex=True),
            ],
            "rules": json.dumps(asdict(rules), default=str, sort_keys=True),
            "records": sorted(files.partitions["path"]),
            # A file that cannot be read may have changed: nothing of before is taken then.
            "reference": content_of_reference(workspace.reference) or token_hex(),
            "product": product(),
        }
    )
