"""The schedule: every job exactly as often as set, whatever the clocks, restarts and faults do."""

from __future__ import annotations

import random
import threading
import time as real_time
from datetime import UTC, datetime, time, timedelta
from functools import partial
from types import SimpleNamespace

import apscheduler.schedulers.base
import apscheduler.triggers.interval
import pytest
from apscheduler.executors.debug import DebugExecutor
from apscheduler.schedulers.base import BaseScheduler

from ed_ingest.due import When, due_period
from ed_ingest.schedule import (
    SCHEDULER_OPTIONS,
    BackOff,
    Failed,
    Job,
    Ledger,
    Repeated,
    add_repeated,
    attempt,
    repeat_every,
    run_due,
    run_soon,
    start_schedule,
)
from tests.ed_ingest.test_due import moment_of

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def book(done: dict[str, str] | None = None) -> Ledger:
    done = {} if done is None else done
    return Ledger(lambda: dict(done), lambda name, period, at: done.update({name: period}))


def never() -> bool:
    return False


def call(jobs, ledger, *, failures=None, moment=START, stop=never, told=None):
    told = [] if told is None else told
    run_due(
        jobs,
        ledger,
        {} if failures is None else failures,
        now=lambda: moment,
        stop=stop,
        failed=lambda name, error, attempts: told.append((name, type(error).__name__, attempts)),
    )
    return told


def always(last_done, now):
    return None if last_done == "p" else "p"


def test_a_job_is_done_once_for_its_period():
    ran, ledger = [], book()
    jobs = [Job("a", always, lambda period: ran.append(period) is None)]

    call(jobs, ledger)
    call(jobs, ledger)

    assert ran == ["p"]


def test_a_job_that_was_stopped_is_done_again():
    ran, ledger = [], book()
    jobs = [Job("a", always, lambda period: ran.append(period) is not None)]

    call(jobs, ledger)
    call(jobs, ledger)

    assert ran == ["p", "p"]


def test_a_job_that_begins_with_its_next_period_is_not_done_at_the_first_start():
    ran, done = [], {}
    job = Job("a", partial(due_period, When("month", time(6), 15)), ran.append, at_first=False)

    call([job], book(done), moment=datetime(2026, 3, 20, tzinfo=UTC))
    assert (ran, done) == ([], {"a": "2026-03"})
    call([job], book(done), moment=datetime(2026, 4, 16, tzinfo=UTC))
    assert ran == ["2026-04"]


def test_a_failure_is_told_does_not_hold_up_others_and_is_tried_again_later_and_later():
    ran, failures, done = [], {}, {}

    def fail(period):
        ran.append(period)
        raise ValueError("a value")

    jobs = [Job("bad", always, fail), Job("good", always, lambda period: True)]
    tried_at = [
        s
        for s in range(0, 4 * 3600, 10)
        if call(jobs, book(done), failures=failures, moment=START + timedelta(seconds=s))
    ]

    # 60 s, doubled with each failure, an hour at most.
    assert tried_at == [0, 60, 180, 420, 900, 1860, 3780, 7380, 10980]
    assert done == {"good": "p"}


def test_a_clock_that_was_put_back_does_not_put_off_the_next_try():
    failures = {"a": Failed(1, START + timedelta(days=30))}

    assert attempt("a", lambda: None, failures, now=lambda: START, failed=print)
    assert failures == {}


def test_a_stop_is_heeded_between_jobs():
    ran = []
    jobs = [Job(name, always, lambda period: ran.append(period) is None) for name in "ab"]

    call(jobs, book(), stop=lambda: bool(ran))

    assert ran == ["p"]


def test_the_back_off_of_the_first_failures():
    failures, told = {}, []
    moment = [START]

    def fail():
        raise OSError

    def failed(name, error, attempts):
        told.append(((moment[0] - START).seconds, attempts))

    for seconds in (0, 5, 10, 24, 25, 30):
        moment[0] = START + timedelta(seconds=seconds)
        attempt(
            "scan", fail, failures, now=lambda: moment[0], failed=failed, back_off=BackOff(10, 15)
        )

    assert told == [(0, 1), (10, 2), (25, 3)]  # waits of 10 and 15 seconds


# A year, simulated through the scheduler itself.


@pytest.fixture
def clock(monkeypatch):
    """A clock that the scheduler reads too; moved by the test alone."""
    at = SimpleNamespace(now=START)

    class FakeDatetime(datetime):
        @classmethod
        def now(cls, tz=None):
            return at.now.astimezone(tz)

    for module in (apscheduler.schedulers.base, apscheduler.triggers.interval):
        monkeypatch.setattr(module, "datetime", FakeDatetime)
    monkeypatch.setattr("ed_ingest.schedule.datetime", FakeDatetime)
    return at


class ManualScheduler(BaseScheduler):
    """The library's scheduler, whose waiting is done by the test."""

    def shutdown(self, wait=True):
        super().shutdown(wait)

    def wakeup(self):
        pass

    def _create_default_executor(self):
        return DebugExecutor()


def run_until(clock, end, jobs):
    """Start, run and end a scheduler, as one life of the service."""
    scheduler = ManualScheduler(**SCHEDULER_OPTIONS)
    add_repeated(scheduler, jobs)
    scheduler.start()
    while True:
        wait = scheduler._process_jobs()
        if clock.now + timedelta(seconds=wait) >= end:
            break
        clock.now += timedelta(seconds=wait)
    scheduler.shutdown()
    clock.now = end


PERIODS = {
    "nightly": When("day", time(1, 30)),
    "morning": When("day", time(7)),
    "midnight": When("day", time(0)),
    "sunday": When("week", time(1, 30), 7),
    "monday": When("week", time(6), 1),
    "fifteenth": When("month", time(6), 15),
    "last": When("month", time(23, 59), 31),
}


def simulate_year(clock, lives, *, tick_s):
    """What ran at which moment of a year; `lives`: when the service ran."""
    done, ran, scans = {}, [], []
    for begins, ends in lives:
        clock.now = begins
        jobs = [
            Job(
                name, partial(due_period, when), lambda p, n=name: not ran.append((n, p, clock.now))
            )
            for name, when in PERIODS.items()
        ]
        due = partial(call_at, clock, jobs, book(done), {})
        scans.append([])
        scan = partial(append_now, clock, scans[-1])
        run_until(clock, ends, [Repeated("scan", 2 * tick_s, scan), Repeated("due", tick_s, due)])
    return ran, scans


def call_at(clock, jobs, ledger, failures):
    call(jobs, ledger, failures=failures, moment=clock.now)


def note(clock, ran, name, period):
    ran.append((name, period, clock.now))
    return True


def append_now(clock, moments):
    moments.append(clock.now)


def days_of_year(first, last):
    return [first.date() + timedelta(days=n) for n in range((last - first).days + 2)]


def expected_days(when, first, last):
    """The days of the set time, by a plain list of all days."""
    days = days_of_year(first - timedelta(days=40), last)
    if when.every == "week":
        days = [d for d in days if d.isoweekday() == when.day]
    if when.every == "month":
        days = [
            d for d in days
            if d.day == when.day or (d.day < when.day and (d + timedelta(days=1)).day == 1)
        ]  # fmt: skip
    return days


def test_a_year_without_a_stop_runs_every_job_exactly_as_often_as_set(clock):
    end = START + timedelta(days=365)
    ran, (scans,) = simulate_year(clock, [(START, end)], tick_s=1800)

    counts = {name: sum(1 for job, _, _ in ran if job == name) for name in PERIODS}
    # 365 days and what was due at the start: 366 of the daily ones, of 52 Sundays and Mondays 53
    # with that before the start, of 12 months 13.
    assert counts == {
        "nightly": 366, "morning": 366, "midnight": 366,
        "sunday": 53, "monday": 53, "fifteenth": 13, "last": 13,
    }  # fmt: skip
    assert len(ran) == len({(name, period) for name, period, _ in ran})
    assert [p for n, p, _ in ran if n == "nightly" and p[5:] in ("03-29", "10-25")] == [
        "2026-03-29", "2026-10-25",
    ]  # fmt: skip
    # One scan an hour, not one more or less in the nights of the clock changes.
    assert scans == [START + timedelta(hours=n) for n in range(365 * 24)]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_restarts_and_downtimes_lose_no_period_that_could_be_done_and_double_none(clock, seed):
    dice = random.Random(seed)  # noqa: S311
    lives, moment, end = [], START, START + timedelta(days=365)
    while moment < end:
        up = timedelta(minutes=dice.choice([3, 70, 1_000, 10_000, 30_000]))
        lives.append((moment, min(moment + up, end)))
        moment += up + timedelta(minutes=dice.choice([0, 1, 45, 600, 3_000, 60_000]))
    ran, scans = simulate_year(clock, lives, tick_s=3600)

    ticks = sorted(t for life in scans for t in life)
    ticks = sorted({t + timedelta(hours=n) for t in ticks for n in (0, 1)})
    ticks = [t for t in ticks if any(begins <= t < ends for begins, ends in lives)]
    for name, when in PERIODS.items():
        days = expected_days(when, START, end)
        begins = [moment_of(day, when.at) for day in days]
        ends = [*begins[1:], datetime.max.replace(tzinfo=UTC)]
        # A period is done at the first look between its moment and that of the next.
        expected = [
            next(t for t in ticks if first <= t < after)
            for first, after in zip(begins, ends, strict=True)
            if any(first <= t < after for t in ticks)
        ]  # fmt: skip
        assert [at for job, _, at in ran if job == name] == expected, name
    for (begins, ends), life in zip(lives, scans, strict=True):
        assert len(life) == -(-(ends - begins) // timedelta(hours=2))


def test_after_a_suspended_night_a_repeated_job_runs_once(clock):
    scheduler = ManualScheduler(**SCHEDULER_OPTIONS)
    moments = []
    add_repeated(scheduler, [Repeated("scan", 10, partial(append_now, clock, moments))])
    scheduler.start()
    scheduler._process_jobs()
    clock.now += timedelta(hours=8)
    scheduler._process_jobs()
    clock.now += timedelta(seconds=9)
    scheduler._process_jobs()

    assert len(moments) == 2
    scheduler.shutdown()


def test_jobs_never_overlap_and_can_be_run_early_and_repeated_otherwise():
    inside, most, ran = [], [], {"a": 0, "b": 0}
    enough = threading.Event()

    def run(name):
        inside.append(name)
        most.append(len(inside))
        real_time.sleep(0.01)
        inside.remove(name)
        ran[name] += 1
        if ran["a"] > 3 and ran["b"] > 1:
            enough.set()

    schedule = start_schedule(
        [Repeated("a", 0.02, partial(run, "a")), Repeated("b", 3600, partial(run, "b"))]
    )
    try:
        while not ran["b"]:
            real_time.sleep(0.005)
        run_soon(schedule, "b", at=datetime.now(UTC))
        assert enough.wait(10)
        repeat_every(schedule, "a", seconds=3600)
        assert schedule.get_job("a").trigger.interval == timedelta(hours=1)
    finally:
        schedule.shutdown()

    assert max(most) == 1
