"""Put a workspace's files in the place of others: all of them or none, whatever crashes."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from ed_ingest.alone import SERVICE_LOCK, alone
from ed_ingest.errors import WorkspaceError
from ed_ingest.file_systems import make_owner_only

# In store/restoring: the new files, those that they take the place of, and how far it has come.
_WORK, _NEW, _OLD, _UNDO, _DONE = "restoring", "new", "old", "undo.json", "done.json"


def staging(root: Path) -> Path:
    """Make the empty folder in which new files are made ready; as in the workspace, from its root.

    The caller holds the service's lock.
    """
    work = root / "store" / _WORK
    if work.exists():
        _settle(root, work)
    make_owner_only(work)
    (work / _NEW).mkdir()
    return work / _NEW


def exchange(root: Path, parts: Sequence[str], *, gone: Sequence[str], aside: str) -> None:
    """Put the files that were made ready in their places, and what was there aside.

    Until the last file is in its place every step can be undone: by this call when it fails, else
    by whoever opens the workspace next. The caller holds the service's lock.

    Parameters
    ----------
    root
        The workspace.
    parts
        Paths from the root of the files in `staging`, in the order in which they are put.
    gone
        Paths of files that nothing takes the place of.
    aside
        Name of the new folder in ``store/`` for what was there.

    Raises
    ------
    WorkspaceError
        If a file cannot be put in its place, as one that is open on Windows; nothing has changed.
    """
    work = root / "store" / _WORK
    both = [*gone, *parts]
    had = [part for part in both if (root / part).exists()]
    try:
        for part in had:
            _keep(root / part, work / _OLD / part)
        undo = {"had": had, "absent": sorted(set(both) - set(had)), "aside": aside}
        _write(work / _UNDO, json.dumps(undo))
        for part in gone:
            (root / part).unlink(missing_ok=True)
        for part in parts:
            _put(work / _NEW / part, root / part)
        (work / _UNDO).replace(work / _DONE)
    except BaseException as error:
        _settle(root, work)
        if isinstance(error, OSError):
            raise WorkspaceError(
                f"{error.filename or root}: cannot be replaced ({error.strerror}). Stop the "
                "service, close other programs that use the workspace, see to room and rights, "
                "and try again. Nothing was changed."
            ) from None
        raise
    _settle(root, work)


def finish_or_undo(root: Path) -> None:
    """Bring a workspace to rest whose files were being exchanged when the process died.

    Raises
    ------
    WorkspaceError
        If they are being exchanged right now.
    """
    work = root / "store" / _WORK
    if not (work / _UNDO).exists() and not (work / _DONE).exists():
        return  # nothing has been touched yet; what lies there goes with the next restore
    busy = WorkspaceError(
        f"{root}: being restored from a back-up right now. Try again when that is done."
    )
    with alone(work.parent, SERVICE_LOCK, busy=lambda: busy):
        _settle(root, work)


def _settle(root: Path, work: Path) -> None:
    """Undo what was not done to the end, finish what was, and tidy up; can be done again."""
    if (work / _UNDO).exists():
        told = json.loads((work / _UNDO).read_text(encoding="utf-8"))
        for part in told["had"]:
            if (work / _OLD / part).exists():  # else it is back in its place already
                _put(work / _OLD / part, root / part)
        for part in told["absent"]:
            (root / part).unlink(missing_ok=True)
        (work / _UNDO).unlink()
    elif (work / _DONE).exists():
        aside = json.loads((work / _DONE).read_text(encoding="utf-8"))["aside"]
        if (work / _OLD).exists():
            (work / _OLD).replace(work.with_name(aside))
    shutil.rmtree(work, ignore_errors=True)


def _keep(path: Path, kept: Path) -> None:
    """The same file under a second name; a copy where the file system has no such links."""
    make_owner_only(kept.parent)
    try:
        os.link(path, kept, follow_symlinks=True)
    except (OSError, NotImplementedError):
        shutil.copy2(path, kept)


def _put(path: Path, place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # A folder of the workspace may be a link to another disk.
        beside = place.with_name(f".{place.name}.restoring")
        shutil.copy2(path, beside)
        beside.replace(place)
        path.unlink()


def _write(path: Path, text: str) -> None:
    """Write a file that is there whole or not at all, and stays there when the power goes."""
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
