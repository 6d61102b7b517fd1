"""Named jobs at set times: never two at once, tried again after a failure, done once a period."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler

# The library's default drops a run that begins more than a second late. One thread: never two jobs
# at once. UTC: over the October change it hung, skipped or doubled runs set in local time.
SCHEDULER_OPTIONS = {
    "timezone": UTC,
    "job_defaults": {"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
}


class Job(NamedTuple):
    """Something that is due at times, is done for a period, and may be done again without harm.

    ``due``: given for what it was last done and the moment, the period that it is to be done for
    now, or None. ``run``: does it for that period; False when it was stopped before its end.
    ``at_first``: whether it is done at the first start for a period that began before.
    """

    name: str
    due: Callable[[str | None, datetime], str | None]
    run: Callable[[str], bool]
    at_first: bool = True


class Repeated(NamedTuple):
    """Something that is done again and again, at so many seconds from one beginning to the next."""

    name: str
    every_s: float
    run: Callable[[], None]


class Ledger(NamedTuple):
    """Where it is kept for what each job was last done; outlasts the process."""

    read_done: Callable[[], Mapping[str, str]]
    mark_done: Callable[[str, str, datetime], None]


class BackOff(NamedTuple):
    """How long to wait after a failure, in seconds; doubled with each up to the longest."""

    first_s: float = 60
    longest_s: float = 3600


class Failed(NamedTuple):
    """How often a job failed in succession, and when it is tried again."""

    attempts: int
    next_try: datetime


Failures = MutableMapping[str, Failed]


def run_due(
    jobs: Sequence[Job],
    ledger: Ledger,
    failures: Failures,
    *,
    now: Callable[[], datetime],
    stop: Callable[[], bool],
    failed: Callable[[str, Exception, int], None],
    back_off: BackOff = BackOff(),  # noqa: B008 - a named tuple cannot be changed
) -> None:
    """Do, one after the other, the jobs that are due; what fails is tried again at a later call.

    Parameters
    ----------
    jobs
        In the order in which they are done.
    ledger
        Written after each job; a process that dies in between does that job again.
    failures
        Jobs that failed, by name; changed here.
    now
        The clock, with time zone.
    stop
        Asked before each job.
    failed
        Told the name of a job that failed, its error, and how often in succession.
    back_off
        When a failed job is tried again.
    """
    done = ledger.read_done()
    for job in jobs:
        if stop():
            return
        period = job.due(done.get(job.name), now())
        if period is None:
            continue
        if job.name not in done and not job.at_first:
            ledger.mark_done(job.name, period, now())
            continue

        def run(job: Job = job, period: str = period) -> None:
            if job.run(period):
                ledger.mark_done(job.name, period, now())

        attempt(job.name, run, failures, now=now, failed=failed, back_off=back_off)


def attempt(
    name: str,
    run: Callable[[], None],
    failures: Failures,
    *,
    now: Callable[[], datetime],
    failed: Callable[[str, Exception, int], None],
    back_off: BackOff = BackOff(),  # noqa: B008
) -> bool:
    """Run something unless it failed a short while ago; whether it succeeded.

    Whatever it raises is told and noted, not raised: one job's fault must not stop the others.
    """
    earlier = failures.get(name)
    if earlier is not None and timedelta() < earlier.next_try - now() <= _wait(earlier, back_off):
        return False
    try:
        run()
    except Exception as error:
        attempts = 1 + (earlier.attempts if earlier else 0)
        wait = _wait(Failed(attempts, now()), back_off)
        failures[name] = Failed(attempts, now() + wait)
        failed(name, error, attempts)
        return False
    failures.pop(name, None)
    return True


def _wait(after: Failed, back_off: BackOff) -> timedelta:
    doubled = back_off.first_s * 2 ** min(after.attempts - 1, 30)
    return timedelta(seconds=min(doubled, back_off.longest_s))


def start_schedule(jobs: Sequence[Repeated]) -> BaseScheduler:
    """Begin to run jobs in a thread of their own, each at once for the first time."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # jobs tell of themselves
    scheduler = BackgroundScheduler(
        executors={"default": ThreadPoolExecutor(1)}, **SCHEDULER_OPTIONS
    )
    add_repeated(scheduler, jobs)
    scheduler.start()
    return scheduler


def add_repeated(scheduler: BaseScheduler, jobs: Sequence[Repeated]) -> None:
    """Put jobs on a scheduler that was made with `SCHEDULER_OPTIONS`."""
    for job in jobs:
        scheduler.add_job(
            job.run,
            "interval",
            seconds=job.every_s,
            id=job.name,
            next_run_time=datetime.now(UTC),
        )


def run_soon(scheduler: BaseScheduler, name: str, *, at: datetime) -> None:
    """Run a repeated job at a moment rather than in its turn; its next turns count from then."""
    try:
        scheduler.modify_job(name, next_run_time=at)
    except JobLookupError:  # the schedule has ended in the meantime
        return


def repeat_every(scheduler: BaseScheduler, name: str, *, seconds: float) -> None:
    """Change how often a repeated job is run."""
    scheduler.reschedule_job(name, trigger="interval", seconds=seconds)
