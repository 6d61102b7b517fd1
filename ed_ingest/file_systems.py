"""What kind of file system a folder lies on, and who may read a file."""

from __future__ import annotations

import getpass
import os
import shutil
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path, PurePath, PureWindowsPath

from ed_ingest.errors import StoreError

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
OWNER_ONLY_FOLDER, OWNER_ONLY_FILE = 0o700, 0o600
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


def require_local(store: Path) -> None:
    """Refuse a store on a network file system, whose locks cannot be trusted.

    Raises
    ------
    StoreError
        If it lies there, as far as can be told.
    """
    # Its folder may be a link, or a drive's letter that stands for a share.
    if on_network(store.resolve()):
        raise StoreError(
            "The store lies on a network share, where records can be lost. Move the workspace to a "
            "local disk; [paths] in settings.toml may leave inbox and outputs on the share."
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


def make_owner_only(folder: Path) -> None:
    """Make a folder, where it is not there yet, and keep it for its owner."""
    folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    keep_owner_only(folder)


def keep_owner_only(path: Path) -> None:
    """Let only its owner read and change a file or folder, whatever rights it came with.

    A link is left alone: the rights would be those of what it leads to. Where the rights cannot be
    set, as on some shares, nothing is raised: `owner_only` then says so, and ``doctor`` tells it.

    Parameters
    ----------
    path
        A file or folder. On Windows what is made in a folder later has the folder's rights; a file
        that is moved there keeps those that it came with, until this is called for it too.
    """
    if path.is_symlink():
        return
    if not has_rights():
        _icacls(str(path), "/inheritance:r", "/grant:r", _grant(path.is_dir()))
        return
    with suppress(OSError):
        path.chmod(OWNER_ONLY_FOLDER if path.is_dir() else OWNER_ONLY_FILE)


def owner_only(path: Path) -> bool | None:
    """Whether only its owner may read or change a file or folder; None where it cannot be told."""
    if not has_rights():
        listed = _icacls(str(path))
        return None if listed is None else only_of(listed, str(path), _account())
    try:
        return stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    except OSError:  # gone in the meantime, as the store's journal may be, or not ours to see
        return None


def only_of(listed: str, path: str, account: str) -> bool | None:
    r"""Whether a listing of Windows' ``icacls`` names this account and no other.

    Parameters
    ----------
    listed
        What ``icacls PATH`` printed: a line for each account, ``NAME:(…)``, the first one after
        the path; then a blank line and a summary in the language of the system.
    path
        As it was given to ``icacls``.
    account
        ``NAME`` or ``DOMAIN\NAME``; letter case does not count.

    Returns
    -------
    bool or None
        None where the listing names no account.
    """
    lines = listed.removeprefix(path).splitlines()
    accounts = {line.split(":(")[0].strip().casefold() for line in lines if ":(" in line}
    return accounts == {account.casefold()} if accounts else None


def _grant(folder: bool) -> str:
    # (OI)(CI): files and folders that are made in it have the same rights. F: all rights.
    return f"{_account()}:{'(OI)(CI)' if folder else ''}F"


def _account() -> str:
    domain = os.environ.get("USERDOMAIN")
    return f"{domain}\\{getpass.getuser()}" if domain else getpass.getuser()


def _icacls(*arguments: str) -> str | None:
    """What Windows' own command for rights prints; None where it fails or is not there."""
    command = shutil.which("icacls")
    if command is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 (the system's own command, and no shell)
            [command, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout if done.returncode == 0 else None
