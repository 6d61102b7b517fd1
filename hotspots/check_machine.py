"""Check the machine: free disk, kind of file system, time zone data, clock."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ed_ingest.file_systems import on_network
from hotspots.findings import Finding, fault, ok, warning

FAULT_BELOW_BYTES, WARN_BELOW_BYTES = 200_000_000, 2_000_000_000
LONDON = "Europe/London"
# The first day on which this version could have run, and one that no machine will see.
_EARLIEST, _LATEST = datetime(2025, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 (local time)
_CLOUDS = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "box sync")


def disk_findings(folders: Iterable[tuple[str, Path]]) -> list[Finding]:
    """Check that there is room where we write: 200 MB at the least, 2 GB for comfort.

    Parameters
    ----------
    folders
        Name and path of each folder; of one that is missing the nearest above it counts.
    """
    findings = []
    for name, folder in folders:
        there = next((p for p in (folder, *folder.parents) if p.exists()), None)
        try:
            free = shutil.disk_usage(there).free if there else None
        except OSError:
            free = None
        findings.append(_room(name, free))
    return findings


def _room(name: str, free: int | None) -> Finding:
    if free is None:
        return warning(
            f"disk of {name}",
            "How much room is left cannot be told.",
            "Look at the free room of that disk yourself.",
        )
    said = f"{free / 1e9:,.1f} GB are free."
    if free >= WARN_BELOW_BYTES:
        return ok(f"disk of {name}", said)
    tell = fault if free < FAULT_BELOW_BYTES else warning
    return tell(f"disk of {name}", f"Only {said}", "Make room on that disk: 2 GB or more.")


def file_system_findings(store: Path) -> list[Finding]:
    """Check that the store's folder is on a local disk that no service copies elsewhere."""
    remote = on_network(store.resolve())
    move = "Move the workspace to a local disk; [paths] may leave inbox and outputs on the share."
    if remote:
        state = fault(
            "file system",
            "The store lies on a network share, where SQLite can lose or spoil records.",
            move,
        )
    elif remote is None:
        state = warning(
            "file system",
            "Whether the store lies on a local disk cannot be told here.",
            "Make sure that the workspace is no network share.",
        )
    else:
        state = ok("file system", "The store lies on a local disk.")
    cloud = any(word in part.lower() for part in store.parts for word in _CLOUDS)
    if not cloud:
        return [state]
    return [
        state,
        fault(
            "cloud folder",
            "The store lies in a folder named like a cloud service: records may be "
            "copied off this machine, and half-copied files spoil the store.",
            "Move the workspace to a folder that no service copies.",
        ),
    ]


def time_findings(
    now: datetime, *, newest: datetime | None, zone: Callable[[str], ZoneInfo] = ZoneInfo
) -> list[Finding]:
    """Check the time zone data and the machine's clock.

    Parameters
    ----------
    now
        Local wall-clock time without zone.
    newest
        When the newest delivery was received, or None.
    zone
        Finds a time zone by its name.
    """
    return [_zone(now, zone), _clock(now, newest)]


def _zone(now: datetime, zone: Callable[[str], ZoneInfo]) -> Finding:
    try:
        london = zone(LONDON)
        summer = datetime(2025, 7, 1, 12, tzinfo=london).utcoffset()
        winter = datetime(2025, 1, 1, 12, tzinfo=london).utcoffset()
    except (ZoneInfoNotFoundError, OSError, ValueError):
        summer = winter = None
    if (summer, winter) != (timedelta(hours=1), timedelta(0)):
        return fault(
            "time zone",
            "There are no time zone data for Europe/London: clock changes would be missed.",
            "Install them: pip install tzdata",
        )
    there = now.replace(tzinfo=london).utcoffset()
    if _here(now) != there:
        return warning(
            "time zone",
            "Time zone data are there, but this machine's clock does not "
            "show the time of Europe/London: days of receipt may be off by one.",
            "Set the machine's time zone to London; times in the records are not affected.",
        )
    return ok("time zone", "Time zone data are there, and the clock shows London time.")


def _here(now: datetime) -> timedelta | None:
    return now.astimezone().utcoffset()


def _clock(now: datetime, newest: datetime | None) -> Finding:
    if not _EARLIEST <= now <= _LATEST:
        return fault(
            "clock",
            f"The machine says it is the year {now.year}: agreements and months "
            "would be judged by a wrong date.",
            "Set the machine's clock.",
        )
    if newest is not None and newest > now + timedelta(days=1):
        return warning(
            "clock",
            "The newest delivery was received after today: the clock is wrong, or --received was.",
            "Set the machine's clock; later deliveries win over earlier ones.",
        )
    return ok("clock", f"The machine says it is {now:%d %B %Y}, {now:%H:%M}.")
