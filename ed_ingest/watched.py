"""The watched folder's journey: what lies in the inbox is taken into the store, exactly once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ed_ingest.file_states import State
from ed_ingest.workspace import Workspace


@dataclass(frozen=True)
class Handled:
    """What became of one file at a scan; holds counts and words of our own, never a value.

    ``name`` is redacted; ``reason`` says in plain words why it was refused or is tried again.
    """

    file_id: str
    name: str
    provider: str
    state: State
    batch_id: str = ""
    reason: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


def take_inbox(
    workspace: Workspace,
    *,
    now: Callable[[], datetime],
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[Handled], None] = lambda handled: None,
) -> list[Handled]:
    """Look at the inbox once, and take every file that is complete or due for another try.

    Parameters
    ----------
    workspace
        An open workspace.
    now
        The clock, with time zone.
    stop
        Asked between files; True ends the scan early, and the next one goes on.
    tell
        Called with each file as soon as it was handled.
    """
    raise NotImplementedError


def reconcile(workspace: Workspace, *, now: Callable[[], datetime]) -> list[Handled]:
    """Finish what an end in mid-delivery left: to be called once, before the first scan."""
    raise NotImplementedError


def retry_refused(workspace: Workspace, *, now: Callable[[], datetime]) -> int:
    """Let the next scan take up the files in quarantine again; how many they are."""
    raise NotImplementedError
