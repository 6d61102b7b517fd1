"""A small workspace with a watched folder, and a clock that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from ed_ingest.file_states import read_files
from ed_ingest.store import open_store
from ed_ingest.watched import Handled, take_inbox
from ed_ingest.workspace import Workspace, make_workspace, open_workspace

HEADER = "Number,Arrived,Assault at,Type,Where,Method\n"
COLUMNS = """
name = "St. Mary's"
kind = "ed"
[columns]
attendance_number = "Number"
arrived_at = "Arrived"
assault_from = "Assault at"
attendance_reason = "Type"
location_text = "Where"
assault_method = "Method"
"""
PLACES = (
    "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
    "p1,The Harbour Bar,,premises,318500,176500,1 Quay Street,CF10 1AA\n"
)


class Clock:
    """A clock that stands still between the moves of a test."""

    def __init__(self) -> None:
        self.time = datetime(2025, 4, 3, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, seconds: float) -> None:
        """Move the clock on."""
        self.time += timedelta(seconds=seconds)


def make_watched(root: Path, providers: tuple[str, ...] = ("st-marys",)) -> Workspace:
    """Make a workspace whose providers send files of `month_text`."""
    made = make_workspace(root, name="Testby", marking="OFFICIAL", premises_names=True)
    (root / "reference" / "places.csv").write_text(PLACES, encoding="utf-8")
    for provider in providers:
        (root / "providers" / f"{provider}.toml").write_text(COLUMNS, encoding="utf-8")
        (made.inbox / provider).mkdir()
    return open_workspace(root)


def month_text(first: int = 1, rows: int = 5, month: str = "2025-03") -> str:
    """Write a delivery of `rows` attendances, numbered from `first`."""
    lines = [
        f"{first + i},{month}-{1 + i % 28:02d} 23:{i % 60:02d},{month}-{1 + i % 28:02d} 22:30,"
        "Assault,The Harbour Bar,Punched\n"
        for i in range(rows)
    ]
    return HEADER + "".join(lines)


def drop(
    workspace: Workspace, text: str, name: str = "march.csv", folder: str = "st-marys"
) -> Path:
    """Put a file into a provider's folder."""
    path = workspace.inbox / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def scans(workspace: Workspace, clock: Clock, n: int = 2) -> list[Handled]:
    """Scan so many times, ten seconds apart; all that was handled."""
    handled = []
    for _ in range(n):
        handled += take_inbox(workspace, now=clock)
        clock.move(10)
    return handled


def states(workspace: Workspace) -> list[tuple[str, str]]:
    """State and place of every file, in the order in which they were seen."""
    with open_store(workspace.store) as store:
        return [(row.state, row.place) for row in read_files(store.connection)]


def stored_ids(workspace: Workspace) -> list[str]:
    """Event ids in the store."""
    with open_store(workspace.store) as store:
        return sorted(store.read("assaults")["event_id"])


def raw_files(workspace: Workspace) -> list[Path]:
    """Every file as delivered that lies anywhere in the workspace."""
    folders = (workspace.inbox, workspace.processing, workspace.incoming)
    folders += (workspace.quarantine, workspace.archive)
    found = {p for f in folders for p in f.rglob("*") if p.is_file()}
    return sorted(p for p in found if p.suffix != ".txt")
