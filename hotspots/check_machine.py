"""Check the machine: free disk, kind of file system, time zone data, clock."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path, PurePath, PureWindowsPath
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hotspots.findings import Finding, fault, ok, warning

FAULT_BELOW_BYTES, WARN_BELOW_BYTES = 200_000_000, 2_000_000_000
LONDON = "Europe/London"
# The first day on which this version could have run, and one that no machine will see.
_EARLIEST, _LATEST = datetime(2025, 1, 1), datetime(2100, 1, 1)  # noqa: DTZ001 (local time)
_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "gpfs",
        "beegfs",
        "9p",
        "davfs",
        "vboxsf",
        "prl_fs",
        "virtiofs",
    }
)
_NETWORK_FUSE = ("sshfs", "rclone", "davfs", "glusterfs", "s3fs", "smb", "gvfs", "google", "drive")
_CLOUDS = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "nextcloud", "box sync")
_DRIVE_REMOTE = 4  # of Windows' GetDriveType


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
    remote = on_network(store)
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


def on_network(
    path: PurePath, *, platform: str = sys.platform, mounts: str | None = None
) -> bool | None:
    """Whether a folder lies on a network file system; None where it cannot be told.

    Parameters
    ----------
    path
        The folder; need not exist.
    platform
        As ``sys.platform``.
    mounts
        Text in the form of Linux's ``/proc/mounts``; read from there when not given.
    """
    if str(path).startswith(("\\\\", "//")):
        return True
    if platform == "win32":
        return _remote_drive(path)
    if platform != "linux":
        return None
    if mounts is None:
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None
    kind = _kind_of_mount(path, mounts)
    if kind is None:
        return None
    return kind in _NETWORK or (
        kind.startswith("fuse") and any(word in kind for word in _NETWORK_FUSE)
    )


def _kind_of_mount(path: PurePath, mounts: str) -> str | None:
    best, kind = -1, None
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < 3:
            continue
        # Blanks in a path are written as \040.
        point = PurePath(fields[1].replace("\\040", " "))
        if (path == point or point in path.parents) and len(point.parts) >= best:
            best, kind = len(point.parts), fields[2]
    return kind


def _remote_drive(path: PurePath) -> bool | None:
    try:
        import ctypes

        root = PureWindowsPath(path).anchor
        drive = ctypes.windll.kernel32.GetDriveTypeW(root)  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError, ValueError):
        return None
    return None if drive in (0, 1) else bool(drive == _DRIVE_REMOTE)


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


def has_rights() -> bool:
    """Whether this system tells the rights of owner, group and others."""
    return os.name == "posix"


def owner_only(path: Path) -> bool | None:
    """Whether only its owner may read or change a file or folder; None where it cannot be told."""
    try:
        return path.stat().st_mode & 0o077 == 0 if has_rights() else None
    except OSError:  # gone in the meantime, as the store's journal may be, or not ours to see
        return None
