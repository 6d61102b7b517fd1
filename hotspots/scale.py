"""Journey 2 and gate 2 for many areas at once, on the workers of a cluster."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ed_ingest.errors import AnalysisError, SettingsError
from ed_ingest.gazetteer import content_of_reference, load_gazetteer
from ed_ingest.store import open_store
from ed_ingest.tables import Gazetteer
from ed_ingest.workspace import Workspace
from hotspots.area_files import begin, finish, keep_result, read_areas, write_figures
from hotspots.area_plan import (
    Plan,
    delivered_of,
    homes_and_lost,
    neighbourhood,
    part_of_gazetteer,
    paths_by_area,
    plan_of,
)
from hotspots.area_tally import Tally, TallyTask, tally
from hotspots.area_task import TABLES, AreaTask, Rules, analyse_area, halo_of
from hotspots.delivered_months import Delivered
from hotspots.halo import default_halo_m
from hotspots.kept_findings import (
    hash_of,
    product,
    provider_names,
    reference_beside,
    settings_of_analysis,
)
from hotspots.linked_analysis import Beside
from hotspots.pack_analysis import NO_MARKING, months_of_map, ready_month
from hotspots.record_files import (
    RECORD_TABLES,
    SQUARE_M,
    RecordFiles,
    open_records,
    partitions_touching,
    read_records,
    write_records,
)
from hotspots.small_numbers import round_count
from hotspots.words import period_words
from hotspots.workers import Workers, workers

Tell = Callable[[str, int, int], None]
FOLDER = "areas"
# Hosts that read the same disk as this process.
_HERE = ("127.0.0.1", "localhost", "[::1]")


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


@dataclass(frozen=True)
class ManyAreas:
    """What came of it: figures for machines, lines for people, and whether every area was done."""

    figures: Mapping[str, Any]
    lines: list[str]
    all_done: bool


def analyse_areas(
    workspace: Workspace, question: Question, *, tell: Tell = lambda *_: None
) -> ManyAreas:
    """Run journey 2 and gate 2 for every area, each a task of its own.

    Parameters
    ----------
    workspace
        Its settings and reference data are every area's; its name is not: areas have their own.
    question
        What is asked.
    tell
        Told the stage, and how much of it is done.

    Raises
    ------
    EdHotspotsError
        If areas, records, settings, folder or cluster are not what they must be. An area that
        fails does not raise: the others stand.
    """
    started = time.monotonic()
    gazetteer = load_gazetteer(workspace.reference)
    plan = plan_of(read_areas(question.areas, question.by), gazetteer)
    folder = question.folder or workspace.outputs / FOLDER
    tell("Reading the records", 0, 1)
    with _record_files(workspace, question, gazetteer) as (files, month):
        rules = _rules(workspace, question, month)
        fingerprint = _fingerprint(workspace, plan, rules, files)
        done = begin(folder, fingerprint, resume=question.resume)
        left = [code for code in plan.areas["code"] if code not in done]
        run = _Run(folder, fingerprint, plan, rules, files)
        outcome = _Outcome({}, [], {}, 0)
        if left:
            with workers(question.n_workers, address=question.dask) as pool:
                outcome = _analysed(run, left, pool, reference_beside(workspace), tell)
    period = period_words(*rules.period)
    summary = finish(
        folder,
        plan.areas,
        outcome.faults,
        fingerprint=fingerprint,
        of=f"{period}. {rules.marking}",
        day=rules.period[1],
    )
    figures = {
        "state": "done" if not outcome.faults else "areas failed",
        "period_from": f"{rules.period[0]:%Y-%m-%d}",
        "period_to": f"{rules.period[1]:%Y-%m-%d}",
        "marking": rules.marking,
        "areas": len(summary),
        "done": int(summary["state"].eq("done").sum()),
        "taken_from_before": len(done),
        "failed": outcome.faults,
        "in_no_area": outcome.lost,
        "seconds": round(time.monotonic() - started, 1),
        "workers": outcome.n_workers,
        **_effort(outcome.results),
        "halo_m": rules.halo_m,
        "settings": json.loads(json.dumps(rules.chosen, default=str)),
    }
    write_figures(folder, figures)
    return ManyAreas(
        {"folder": str(folder), **figures}, _lines(folder, figures), not outcome.faults
    )


@dataclass(frozen=True)
class _Run:
    folder: Path
    fingerprint: str
    plan: Plan
    rules: Rules
    files: RecordFiles


@dataclass(frozen=True)
class _Outcome:
    """Fault by code; effort of each area that was done; rounded counts of records in no area."""

    faults: dict[str, str]
    results: list[tuple[float, float]]
    lost: dict[str, int]
    n_workers: int


def _analysed(run: _Run, left: list[str], pool: Workers, beside: Beside, tell: Tell) -> _Outcome:
    """Do the areas that are left; each is kept as soon as it is done."""
    whole = _tallied(run, pool, tell)
    homes, lost = homes_and_lost(whole.counts)
    delivered = delivered_of(whole.days, read_records(run.files, "batches"))
    touching = (
        (code, table, list(partitions_touching(run.files, table, _bounds(run, code))["path"]))
        for code in left
        for table in TABLES
    )
    paths = paths_by_area(touching, whole.counts, homes)
    sizes = run.files.partitions.set_index("path")["rows"]
    # The largest first: none is left to the end, when nobody can help.
    order = sorted(left, key=lambda c: (-sum(sizes[list(p)].sum() for p in paths[c].values()), c))
    tasks = ((c, _task(run, c, paths[c], homes, delivered, beside)) for c in order)
    names = run.plan.areas.set_index("code")["name"]
    faults, effort = {}, []
    tell("Analysing areas", 0, len(left))
    for n, done in enumerate(pool.run(analyse_area, tasks), start=1):
        if done.result is None:
            faults[done.key] = done.words
        else:
            keep_result(run.folder, done.key, names[done.key], done.result, run.fingerprint)
            effort.append((done.result.processor_s, done.result.peak_mb))
        tell("Analysing areas", n, len(left))
    threshold = run.rules.threshold
    rounded = {table: round_count(n, threshold=threshold) for table, n in lost.items()}
    return _Outcome(dict(sorted(faults.items())), effort, rounded, pool.n)


def _tallied(run: _Run, pool: Workers, tell: Tell) -> Tally:
    """Count what lies where, one table of one provider a task."""
    partitions = run.files.partitions
    tasks = {}
    for (table, provider), rows in partitions[partitions["table"].isin(TABLES)].groupby(
        ["table", "provider"]
    ):
        squares = [square for held in rows["squares"] for square in held]
        areas = run.plan.areas.iloc[:0]
        if squares:
            at = pd.DataFrame(squares, columns=["e", "n"]) * SQUARE_M
            bounds = (at["e"].min(), at["n"].min(), at["e"].max(), at["n"].max())
            beyond = bounds[2] + SQUARE_M, bounds[3] + SQUARE_M
            areas = neighbourhood(run.plan.areas, (*bounds[:2], *beyond))
        files = replace(run.files, partitions=rows)
        tasks[f"{table} of {provider}"] = TallyTask(
            files, str(table), tuple(rows["path"]), areas, run.plan.of_small_area
        )
    counts, days = [], []
    tell("Looking at the records", 0, len(tasks))
    for n, done in enumerate(pool.run(tally, tasks), start=1):
        if done.result is None:
            raise AnalysisError(f"The records' files of {done.key} cannot be read: {done.words}")
        counts.append(done.result.counts)
        days.append(done.result.days)
        tell("Looking at the records", n, len(tasks))
    if not counts:
        raise AnalysisError("There are no records yet. Next: ed-hotspots ingest FILE …")
    order = ["table", "path", "provider", "area_code"]
    whole = pd.concat(counts).sort_values(order, ignore_index=True)
    by_day = pd.concat(days).sort_values(["table", "provider", "day"], ignore_index=True)
    return Tally(whole, by_day)


def _task(
    run: _Run,
    code: str,
    paths: Mapping[str, tuple[str, ...]],
    homes: Mapping[str, str],
    delivered: Delivered,
    beside: Beside,
) -> AreaTask:
    """Made when a worker is about to be free: what tasks carry is not held for all at once."""
    bounds = _bounds(run, code)
    named = {path for of_table in paths.values() for path in of_table}
    partitions = run.files.partitions
    gazetteer = part_of_gazetteer(run.plan, code, bounds)
    return AreaTask(
        code=code,
        name=str(run.plan.areas.set_index("code")["name"][code]),
        files=replace(run.files, partitions=partitions[partitions["path"].isin(named)]),
        paths={table: paths.get(table, ()) for table in TABLES},
        areas=neighbourhood(run.plan.areas, bounds),
        of_small_area=run.plan.of_small_area,
        homes={provider: area for provider, area in homes.items() if area == code},
        gazetteer=gazetteer,
        delivered=delivered,
        beside=_of_places(beside, gazetteer),
        rules=run.rules,
    )


def _of_places(beside: Beside, gazetteer: Gazetteer) -> Beside:
    facts = beside.premises_facts
    if facts is None:
        return beside
    return beside._replace(
        premises_facts=facts[facts["place_id"].isin(gazetteer.places["place_id"])]
    )


def _bounds(run: _Run, code: str) -> tuple[float, float, float, float]:
    return halo_of(run.plan.areas.set_index("code").geometry[code], run.rules.halo_m)


@contextmanager
def _record_files(
    workspace: Workspace, question: Question, gazetteer: Gazetteer
) -> Iterator[tuple[RecordFiles, str]]:
    """The records as files, and the month to analyse.

    Those of the workspace are written into a folder that only this account can read, and that is
    deleted afterwards.
    """
    if question.records is not None:
        files = open_records(question.records)
        yield files, question.month or _latest_month(files)
        return
    if question.dask is not None and not any(host in question.dask for host in _HERE):
        raise SettingsError(
            "--dask: workers elsewhere cannot read this workspace's store. Give --records with an "
            "address that they can read; see: ed-hotspots export --to"
        )
    nights = question.nights
    month = ready_month(workspace, f"{nights[1]:%Y-%m}" if nights else question.month, gazetteer)
    with tempfile.TemporaryDirectory(prefix="ed-hotspots-", ignore_cleanup_errors=True) as folder:
        with open_store(workspace.store) as store:
            tables = {name: store.read(name) for name in RECORD_TABLES}
        files = write_records(tables, folder)
        del tables
        yield files, month


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


def _rules(workspace: Workspace, question: Question, month: str) -> Rules:
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


def _fingerprint(workspace: Workspace, plan: Plan, rules: Rules, files: RecordFiles) -> str:
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
            "reference": content_of_reference(workspace.reference),
            "product": product(),
        }
    )


def _effort(results: list[tuple[float, float]]) -> dict[str, float]:
    if not results:
        return {}
    seconds = [second for second, _ in results]
    return {
        "processor_s": round(sum(seconds), 1),
        "processor_s_area": round(sum(seconds) / len(seconds), 2),
        "peak_mb_worker": round(max(peak for _, peak in results)),
    }


def _lines(folder: Path, figures: Mapping[str, Any]) -> list[str]:
    lines = [f"{code}: {fault}" for code, fault in figures["failed"].items()]
    words = {"assaults": "assaults", "crimes": "police records"}
    lines += [
        f"About {n} {words[table]} lie in none of the areas."
        for table, n in figures["in_no_area"].items()
        if n
    ]
    before = figures["taken_from_before"]
    lines.append(
        f"{figures['done']} of {figures['areas']} areas done"
        + (f", {before} of them before" if before else "")
        + f", in {figures['seconds']:g} s."
    )
    if figures["failed"]:
        lines.append("Mend what failed, then the same command with --resume does these alone.")
    return [*lines, f"Results: {folder}"]
