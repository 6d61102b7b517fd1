"""What kind of file system a folder lies on, and who may read a file."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePath, PureWindowsPath

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
_DRIVE_REMOTE = 4  # of Windows' GetDriveType


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


def has_rights() -> bool:
    """Whether this system tells the rights of owner, group and others."""
    return os.name == "posix"


def owner_only(path: Path) -> bool | None:
    """Whether only its owner may read or change a file or folder; None where it cannot be told."""
    try:
        return path.stat().st_mode & 0o077 == 0 if has_rights() else None
    except OSError:  # gone in the meantime, as the store's journal may be, or not ours to see
        return None
