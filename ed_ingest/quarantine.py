"""Refused files in quarantine: taken up again, or noted as gone when somebody removed them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from ed_ingest.delivered_files import Place
from ed_ingest.file_states import change_file, read_files
from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace


class Retried(NamedTuple):
    """How many files the next scan takes up, and how many lie in quarantine no more."""

    taken_up: int
    gone: int


def retry_refused(workspace: Workspace, *, now: Callable[[], datetime]) -> Retried:
    """Let the next scan take up the files in quarantine again."""
    with open_store(workspace.store) as store:
        gone = note_quarantine(store.connection, workspace.quarantine, at=now())
        refused = read_files(store.connection, states=("refused",), places=("quarantine",))
        for row in refused:
            change_file(
                store.connection,
                row.file_id,
                at=now(),
                state="retry",
                attempts=0,
                next_try=now(),
                told=False,
            )
    return Retried(len(refused), gone)


def note_quarantine(connection: sqlite3.Connection, quarantine: Path, *, at: datetime) -> int:
    """Have the rows of refused files say whether they lie in quarantine; how many left it.

    A person may have removed them, or they were not restored with the store; they may be put back.
    """
    gone = 0
    for row in read_files(connection, states=("refused",), places=("quarantine", "gone")):
        there = (quarantine / row.provider / f"{row.file_id}{row.ending}").is_file()
        place: Place = "quarantine" if there else "gone"
        if place != row.place:
            change_file(connection, row.file_id, at=at, place=place)
            gone += not there
    return gone
