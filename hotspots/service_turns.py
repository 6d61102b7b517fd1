"""The turns of the service: one look at the inbox, one at the schedule, each told and logged."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apscheduler.schedulers.base import BaseScheduler

from ed_ingest.errors import EdHotspotsError
from ed_ingest.file_states import count_files
from ed_ingest.schedule import BackOff, Failed, Job, attempt, repeat_every, run_due
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace, open_workspace
from hotspots.health import write_health
from hotspots.service_jobs import Work, jobs_of, ledger_of
from hotspots.service_log import Event, failure, fault_of, write_event

if TYPE_CHECKING:
    from ed_ingest.watched import Handled

INBOX, DUE = "inbox", "due"
DONE, MENDABLE, FAULT = 0, 2, 3


class Pace(NamedTuple):
    """Seconds: between looks at what is due, signs of life, and given to a job that is stopped.

    ``jump``: by how much the clock may go otherwise than time does before all is looked at anew.
    """

    due_s: float = 2
    alive_s: float = 2
    stop_s: float = 3
    jump_s: float = 30
    retry_scan: BackOff = BackOff(10, 60)
    retry_job: BackOff = BackOff(60, 3600)


@dataclass(frozen=True)
class Watch:
    """A service that runs: what its two threads share.

    ``good``: the workspace with the last settings that were right; ``facts``: of the health file;
    ``asked``: signals to stop; ``busy``: held while a job runs; ``codes``: with `once`, of
    what failed.
    """

    root: Path
    work: Work
    once: bool
    pace: Pace
    good: list[Workspace]
    facts: dict[str, Any]
    asked: list[int]
    told: list[str] = field(default_factory=list)
    failures: dict[str, Failed] = field(default_factory=dict)
    codes: list[int] = field(default_factory=list)
    schedules: list[BaseScheduler] = field(default_factory=list)
    busy: threading.Lock = field(default_factory=threading.Lock)

    @property
    def logs(self) -> Path:
        """Where log and health file lie."""
        return self.root / "logs"

    def stop(self) -> bool:
        """Whether it is to end."""
        return bool(self.asked)


def inbox_turn(watch: Watch) -> None:
    """Look at the inbox once."""
    _in_turn(watch, INBOX, _take_files, watch.pace.retry_scan)


def due_turn(watch: Watch) -> None:
    """Do the jobs that are due."""
    _in_turn(watch, DUE, _run_jobs, watch.pace.retry_job)


def _in_turn(
    watch: Watch, name: str, body: Callable[[Watch, Workspace], None], back_off: BackOff
) -> None:
    """Do something with the settings as they are now, and no other thing meanwhile."""
    with watch.busy:
        if watch.stop():
            return
        watch.facts.update({"runs": name, "runs_since": _stamp()})
        attempt(
            name,
            lambda: body(watch, _reloaded(watch)),
            watch.failures,
            now=now,
            failed=partial(_failed, watch),
            back_off=back_off,
        )
        watch.facts["runs"] = None


def _reloaded(watch: Watch) -> Workspace:
    """The workspace with its settings read anew; the last good ones where they are broken."""
    try:
        workspace = open_workspace(watch.root)
    except (EdHotspotsError, OSError) as error:
        if str(error) not in watch.told:
            watch.told[:] = [str(error)]
            fault, where = fault_of(error)
            kept = f"{error} Until then the last good settings are used."
            tell(watch, Event("settings_broken", fault=fault, where=where, words=kept))
        return watch.good[0]
    if watch.told:
        watch.told.clear()
        tell(watch, Event("settings_mended"))
    scan_s = workspace.settings.inbox.scan_seconds
    if scan_s != watch.good[0].settings.inbox.scan_seconds:
        for schedule in watch.schedules:
            repeat_every(schedule, INBOX, seconds=scan_s)
    watch.good[:] = [workspace]
    return workspace


def _take_files(watch: Watch, workspace: Workspace) -> None:
    began = time.monotonic()
    handled_now = watch.work.take_inbox(
        workspace, now=now, stop=watch.stop, tell=lambda handled: tell(watch, _of_file(handled))
    )
    with open_store(workspace.store) as store:
        files = count_files(store.connection)
    watch.facts.update({"last_scan": _stamp(), "files": files})
    if watch.once and any(one.state in ("retry", "refused") for one in handled_now):
        watch.codes.append(MENDABLE)
    if handled_now:
        seconds = round(time.monotonic() - began, 3)
        tell(watch, Event("scanned", counts={"files": len(handled_now)}, seconds=seconds))


def _run_jobs(watch: Watch, workspace: Workspace) -> None:
    jobs = jobs_of(
        workspace,
        watch.work,
        now=now,
        stop=watch.stop,
        tell=partial(tell, watch),
        settle=not watch.once,
    )
    run_due(
        [job._replace(run=partial(_told_job, watch, job)) for job in jobs],
        ledger_of(workspace),
        watch.failures,
        now=now,
        stop=watch.stop,
        failed=partial(_failed, watch),
        back_off=watch.pace.retry_job,
    )


def _told_job(watch: Watch, job: Job, period: str) -> bool:
    watch.facts.update({"runs": job.name, "runs_since": _stamp()})
    began = time.monotonic()
    done = job.run(period)
    seconds = round(time.monotonic() - began, 3)
    tell(watch, Event("job_done" if done else "job_stopped", job=job.name, seconds=seconds))
    watch.facts["runs"] = DUE
    return done


def _of_file(handled: Handled) -> Event:
    return Event(
        "file",
        provider=handled.provider,
        file_id=handled.file_id,
        batch_id=handled.batch_id,
        state=handled.state,
        counts=dict(handled.counts),
        # Most reasons begin with the name.
        words=f"{handled.name} {handled.reason.removeprefix(f'{handled.name}: ')}".strip(),
    )


def _failed(watch: Watch, name: str, error: Exception, attempts: int) -> None:
    event = failure(name, error, attempts)
    if watch.once:
        watch.codes.append(MENDABLE if isinstance(error, EdHotspotsError) else FAULT)
    watch.facts["last_error"] = {
        "at": _stamp(),
        "job": name,
        "fault": event.fault,
        "where": event.where,
    }
    tell(watch, event)


def tell(watch: Watch, event: Event) -> None:
    """Log an event."""
    write_event(watch.logs, event, at=now())


def ended(watch: Watch, event: Event) -> None:
    """Say how it ended, in the log and in the health file."""
    watch.facts["state"] = "stopped"
    sign_of_life(watch)
    tell(watch, event)


def sign_of_life(watch: Watch) -> None:
    """Renew the health file."""
    write_health(watch.logs, {"alive_at": _stamp(), **watch.facts.copy()})


def now() -> datetime:
    """The clock, in UTC."""
    return datetime.now(UTC)


def _stamp() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
