"""What the service does besides the inbox: draft, month pack, circulation, purge, notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ed_ingest.due import When, due_period, month_before
from ed_ingest.job_states import mark_done, newest_data, read_done
from ed_ingest.schedule import Job, Ledger
from ed_ingest.settings import ScheduleSettings
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace
from hotspots.service_log import Event

if TYPE_CHECKING:
    from ed_ingest.watched import Handled

Clock = Callable[[], datetime]
Stop = Callable[[], bool]
Tell = Callable[[Event], None]


class Work(NamedTuple):
    """The work itself, apart from when it is done; tests put their own in its place.

    ``take_inbox``: takes what lies in the inbox, once what an end in mid-delivery left is in order.
    ``renew``: links, and renews the draft; False when stopped in between. ``publish``: makes the
    pack of a month, or says why not. ``waiting``: name of the pack that is to be circulated next,
    or None. ``circulate``: brings it to its audiences, and says what it did. ``purge``: how many
    of what were taken out. ``notices``: sentences of our own, each given once.
    """

    take_inbox: Callable[..., list[Handled]]
    renew: Callable[[Workspace, Stop], bool]
    publish: Callable[[Workspace, str], str]
    waiting: Callable[[Workspace], str | None]
    circulate: Callable[[Workspace, str], list[str]]
    purge: Callable[[Workspace, datetime], Mapping[str, int]]
    notices: Callable[[Workspace, datetime], list[str]]


def jobs_of(
    workspace: Workspace, work: Work, *, now: Clock, stop: Stop, tell: Tell, settle: bool
) -> list[Job]:
    """The jobs as the settings have them now, in the order in which they are done.

    Parameters
    ----------
    workspace
        An open workspace.
    work
        What each job does.
    now, stop
        The clock with time zone; whether the service is to end.
    tell
        Told what each job did.
    settle
        Whether to wait for more deliveries before the draft is renewed.
    """
    times = workspace.settings.schedule
    wait = timedelta(seconds=times.settle_seconds if settle else 0)

    def renew(period: str) -> bool:
        return work.renew(workspace, stop)

    def publish(period: str) -> bool:
        if why_not := work.publish(workspace, month_before(period)):
            tell(Event("notice", job="month pack", notice=why_not))
        return True

    def circulate(pack: str) -> bool:
        for line in work.circulate(workspace, pack):
            tell(Event("notice", job="circulation", notice=line))
        return True

    def purge(period: str) -> bool:
        if taken := {k: n for k, n in work.purge(workspace, now()).items() if n}:
            tell(Event("purged", job="purge", counts=taken))
        return True

    def notices(period: str) -> bool:
        for sentence in work.notices(workspace, now()):
            tell(Event("notice", job="notices", notice=sentence))
        return True

    # The pack comes after the draft, and so of records that are linked.
    return [
        Job("draft", partial(_draft_due, workspace, wait), renew),
        *_pack_job(times, publish),
        # Packs that `publish` made by hand too.
        Job("circulation", lambda last_done, at: work.waiting(workspace), circulate),
        Job("purge", partial(due_period, When("day", times.purge_at)), purge),
        Job("notices", partial(due_period, When("day", times.notices_at)), notices),
    ]


def _pack_job(times: ScheduleSettings, publish: Callable[[str], bool]) -> list[Job]:
    """None where packs are made by hand; a first start makes none of a day that is past."""
    if not times.pack_day:
        return []
    when = When("month", times.pack_at, times.pack_day)
    return [Job("month pack", partial(due_period, when), publish, at_first=False)]


def _draft_due(
    workspace: Workspace, settle: timedelta, last_done: str | None, now: datetime
) -> str | None:
    """The newest change of the stored records, once it is a while ago, unless the draft has it."""
    with open_store(workspace.store) as store:
        newest = newest_data(store.connection)
    if newest is None or str(newest.number) == last_done:
        return None
    if timedelta() <= now - newest.at < settle:
        return None
    return str(newest.number)


def ledger_of(workspace: Workspace) -> Ledger:
    """What each job was last done for, in the workspace's store."""

    def read() -> dict[str, str]:
        with open_store(workspace.store) as store:
            return read_done(store.connection)

    def mark(name: str, done_for: str, at: datetime) -> None:
        with open_store(workspace.store) as store:
            mark_done(store.connection, name, done_for, at=at)

    return Ledger(read, mark)
