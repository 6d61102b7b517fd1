"""What to do with each file of the inbox: wait, take, leave; decided from what is known of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from ed_ingest.delivered_files import FileRow, Found, Scan

# A copy may begin with an empty file; one that stays empty so long is meant to be taken.
EMPTY_HOLDS = timedelta(minutes=1)
LONGEST_WAIT = timedelta(minutes=15)
PENDING = ("seen", "waiting", "retry")
STILL_WRITTEN = "It is still being written."
NO_FOLDER = "It lies in no provider's folder: move it into the folder of the one that sent it."
NO_PROVIDER = (
    "Its folder has the name of no provider: rename the folder, or make the provider's file with "
    "ed-hotspots profile."
)


class Arrivals(NamedTuple):
    """What one scan says of the inbox.

    ``new``: files not known; ``changed``: known ones that look otherwise now; ``waiting``: ready,
    but for the reason given; ``ready``: to be taken; ``refused``: never to be taken; ``left``:
    handled, but still there; ``vanished``: known ones that lie there no more.
    """

    new: list[Found]
    changed: list[tuple[FileRow, Found]]
    waiting: list[tuple[FileRow, str]]
    ready: list[tuple[FileRow, Found]]
    refused: list[tuple[FileRow, Found]]
    left: list[tuple[FileRow, Found]]
    vanished: list[FileRow]


def judge(
    scan: Scan,
    rows: Sequence[FileRow],
    *,
    now: datetime,
    hold: timedelta,
    providers: Collection[str],
) -> Arrivals:
    """Tell what to do with each file.

    Parameters
    ----------
    scan
        The inbox as it looks now.
    rows
        What is known of files whose place is the inbox.
    now
        With time zone.
    hold
        A file that has looked the same so long, at two scans, is complete.
    providers
        Ids of the providers that the workspace knows.
    """
    known = {row.path_key: row for row in rows}
    arrivals = Arrivals([], [], [], [], [], [], [])
    for found in scan.files:
        row = known.pop(found.path_key, None)
        if row is None:
            arrivals.new.append(found)
        elif row.seen != found.seen:
            arrivals.changed.append((row, found))
        elif row.state in PENDING:
            _judge_pending(row, found, arrivals, now=now, hold=hold, providers=providers)
        elif not found.refused:
            arrivals.left.append((row, found))
    if scan.complete:
        arrivals.vanished.extend(known.values())
    return arrivals


def is_due(row: FileRow, *, now: datetime, hold: timedelta) -> bool | None:
    """Whether a pending file that looks as before is to be taken; None: the clock was set back."""
    if row.state == "retry":
        return row.next_try is None or row.next_try <= now
    held = now - row.changed_at
    if held < timedelta(0):
        return None
    return held >= (hold if row.size else max(hold, EMPTY_HOLDS))


def wait_before(attempts: int, *, scan_seconds: float) -> timedelta:
    """How long to wait after so many tries: one scan, then twice as long each time."""
    if attempts == 0:
        return timedelta(0)
    return min(timedelta(seconds=scan_seconds * 2.0 ** min(attempts - 1, 20)), LONGEST_WAIT)


def _judge_pending(
    row: FileRow,
    found: Found,
    arrivals: Arrivals,
    *,
    now: datetime,
    hold: timedelta,
    providers: Collection[str],
) -> None:
    """A file that looks as at the last scan."""
    due = is_due(row, now=now, hold=hold)
    if found.refused:
        arrivals.refused.append((row, found))
    elif found.trouble:
        arrivals.waiting.append((row, found.trouble))
    elif not found.provider:
        arrivals.waiting.append((row, NO_FOLDER))
    elif found.provider not in providers:
        arrivals.waiting.append((row, NO_PROVIDER))
    elif due is None:  # the wait begins anew
        arrivals.changed.append((row, found))
    elif due:
        arrivals.ready.append((row, found))
