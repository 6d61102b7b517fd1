"""The service: the watched folder and the schedule, run together until it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from apscheduler.schedulers.base import BaseScheduler

from ed_ingest import __version__
from ed_ingest.file_systems import require_local
from ed_ingest.lease import lease
from ed_ingest.schedule import Repeated, run_soon, start_schedule
from ed_ingest.workspace import open_workspace
from hotspots.early_wake import not_more_often, wake_on_events
from hotspots.service_jobs import Work
from hotspots.service_log import Event
from hotspots.service_turns import (
    DONE,
    DUE,
    INBOX,
    Pace,
    Watch,
    due_turn,
    ended,
    inbox_turn,
    now,
    sign_of_life,
    tell,
)
from hotspots.stopping import catch_stops, end_at_once


def run_service(
    root: Path,
    *,
    once: bool = False,
    work: Work | None = None,
    pace: Pace = Pace(),  # noqa: B008
) -> int:
    """Run a workspace's inbox and schedule until a signal stops it; or once, all that is due.

    Parameters
    ----------
    root
        The workspace.
    once
        One look at the inbox and one at the schedule, then the end.
    work, pace
        What is done (the product's own work when not given), and how often it is looked at.

    Returns
    -------
    int
        Exit code: 0; of `once` 2 if something failed that can be mended, 3 at a fault.

    Raises
    ------
    EdHotspotsError
        If it is no workspace, its settings are wrong, its store lies on a network share, or
        another service runs it.
    """
    workspace = open_workspace(root)
    require_local(workspace.store)
    with lease(workspace.store.parent, now=now()) as holder:
        facts = {"state": "running", "version": __version__, **holder._asdict(), "runs": None}
        asked: list[int] = []
        with catch_stops(asked):
            watch = Watch(
                workspace.root, work or _the_work(), once, pace, [workspace], facts, asked
            )
            tell(watch, Event("started", state="once" if once else "until stopped"))
            if once:
                _run_once(watch)
            else:
                _run_until_stopped(watch)
        ended(watch, Event("stopped"))
    return max(watch.codes, default=DONE) if once else DONE


def _the_work() -> Work:
    """The heavy libraries come last: a second service is refused, and a signal heard, before."""
    from hotspots.service_work import WORK

    return WORK


def _run_once(watch: Watch) -> None:
    def all_due() -> None:
        inbox_turn(watch)
        if any(watch.facts.get("files", {}).get(state) for state in ("seen", "waiting")):
            # A file is complete when two scans find it the same.
            _wait(watch, seconds=watch.good[0].settings.inbox.scan_seconds)
            inbox_turn(watch)
        due_turn(watch)

    thread = threading.Thread(target=all_due, daemon=True)
    thread.start()
    _stay(watch, over=lambda: not thread.is_alive())
    _let_finish(watch)


def _wait(watch: Watch, *, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not watch.stop():
        time.sleep(min(0.1, seconds))


def _run_until_stopped(watch: Watch) -> None:
    scan_s = watch.good[0].settings.inbox.scan_seconds
    schedule = start_schedule(
        [
            Repeated(INBOX, scan_s, partial(inbox_turn, watch)),
            Repeated(DUE, watch.pace.due_s, partial(due_turn, watch)),
        ]
    )
    watch.schedules.append(schedule)
    wake = partial(_scan_soon, schedule, gap_s := max(1.0, scan_s / 5))
    end_events = wake_on_events(watch.good[0].inbox, not_more_often(wake, gap_s=gap_s))
    _stay(watch, over=lambda: False)
    end_events()
    schedule.pause()
    _let_finish(watch)
    schedule.shutdown(wait=False)


def _scan_soon(schedule: BaseScheduler, gap_s: float) -> None:
    run_soon(schedule, INBOX, at=datetime.fromtimestamp(time.time() + gap_s, UTC))


def _stay(watch: Watch, *, over: Callable[[], bool]) -> None:
    """Give signs of life until it is over; mind the clock."""
    offset, next_sign = time.time() - time.monotonic(), 0.0
    while not watch.stop() and not over():
        if time.monotonic() >= next_sign:
            sign_of_life(watch)
            next_sign = time.monotonic() + watch.pace.alive_s
        # A clock that was put back would leave the next scan in the far future.
        if abs(time.time() - time.monotonic() - offset) > watch.pace.jump_s:
            offset = time.time() - time.monotonic()
            for schedule in watch.schedules:
                for name in (INBOX, DUE):
                    run_soon(schedule, name, at=now())
        time.sleep(0.1)


def _let_finish(watch: Watch) -> None:
    """Wait for the job that runs; one that takes too long ends with the process."""
    began = time.monotonic()
    watch.facts["state"] = "stopping"
    while not watch.busy.acquire(timeout=0.2):
        sign_of_life(watch)
        if time.monotonic() - began > watch.pace.stop_s:
            seconds = round(time.monotonic() - began, 1)
            ended(
                watch,
                Event(
                    "stopped_in_mid_job",
                    job=str(watch.facts["runs"]),
                    seconds=seconds,
                    words="what it had begun is rolled back, and done at the next start.",
                ),
            )
            end_at_once(DONE)
    watch.busy.release()
