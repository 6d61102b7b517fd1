"""Journey 2 and gate 2 for many areas at once, on the workers of a cluster."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from ed_ingest.errors import AnalysisError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.tables import Gazetteer
from ed_ingest.workspace import Workspace
from hotspots.area_files import begin, finish, keep_result, read_areas, write_figures
from hotspots.area_inputs import (
    Question,
    fingerprint_of,
    records_of,
    require_raster,
    rules_of,
)
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
from hotspots.kept_findings import (
    reference_beside,
)
from hotspots.kept_packs import AREAS
from hotspots.linked_analysis import Beside
from hotspots.record_files import (
    SQUARE_M,
    RecordFiles,
    partitions_touching,
    read_records,
)
from hotspots.small_numbers import round_count
from hotspots.words import period_words
from hotspots.workers import Workers, workers

Tell = Callable[[str, int, int], None]


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
    gazetteer = load_gazetteer(workspace.reference, names=False)
    plan = plan_of(read_areas(question.areas, question.by), gazetteer)
    require_raster(question, tuple(plan.areas.total_bounds))
    folder = question.folder or workspace.outputs / AREAS
    tell("Reading the records", 0, 1)
    with records_of(workspace, question, gazetteer) as (files, month):
        rules = rules_of(workspace, question, month)
        fingerprint = fingerprint_of(workspace, plan, rules, files)
        done = begin(folder, fingerprint, resume=question.resume)
        left = [code for code in plan.areas["code"] if code not in done]
        run = _Run(folder, fingerprint, plan, rules, files)
        outcome, rasters = _Outcome({}, [], {}, 0), list[str]()
        if left or question.raster_m:
            with workers(question.n_workers, address=question.dask) as pool:
                if left:
                    outcome = _analysed(run, left, pool, reference_beside(workspace), tell)
                # The areas stand, whatever becomes of the surfaces.
                summary = _finished(run, outcome)
                if question.raster_m:
                    rasters = _drawn_whole(run, question.raster_m, pool, tell)
        else:
            summary = _finished(run, outcome)
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
        "rasters": rasters,
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


def _finished(run: _Run, outcome: _Outcome) -> gpd.GeoDataFrame:
    period = run.rules.period
    return finish(
        run.folder,
        run.plan.areas,
        outcome.faults,
        fingerprint=run.fingerprint,
        of=f"{period_words(*period)}. {run.rules.marking}",
        day=period[1],
    )


def _drawn_whole(run: _Run, cell_m: float, pool: Workers, tell: Tell) -> list[str]:
    """Draw the surfaces over all areas; gives the names of the files."""
    # Loaded only here: rasters need a library of their own.
    from hotspots.national_surface import write_national_surfaces

    paths = write_national_surfaces(
        run.files,
        run.plan.areas.union_all(),
        cell_m=cell_m,
        bandwidth_m=run.rules.chosen["bandwidth_m"],
        least=run.rules.threshold,
        period=run.rules.period,
        folder=run.folder,
        workers=pool,
        tell=lambda words: tell(words, 0, 1),
        marking=run.rules.marking,
    )
    return [path.name for path in paths]


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
