"""The watched folder's journey: what lies in the inbox is taken into the store, exactly once.

scan -> judge -> claim (a row, then a rename) -> copy, hash -> `ingest` (one transaction) -> state
-> source removed or archived -> receipt. A file's state is in the store alone; whatever ends the
program, the next scan goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from ed_ingest.arrivals import PENDING, STILL_WRITTEN, Arrivals, is_due, judge
from ed_ingest.claiming import write_whole
from ed_ingest.delivered_files import FileRow, Found, State
from ed_ingest.errors import WorkspaceError
from ed_ingest.file_names import kept_ending, redact_file_name
from ed_ingest.file_states import change_file, forget_file, new_file, read_files
from ed_ingest.gazetteer import current_gazetteer
from ed_ingest.inbox import look, scan_inbox
from ed_ingest.leftovers import NOT_THERE, REMOVED, clear_away, kept_at, recover
from ed_ingest.providers import provider_ids
from ed_ingest.quarantine import note_quarantine
from ed_ingest.receipts import receipt_name, receipt_text, receipts_of
from ed_ingest.store import Store, open_store
from ed_ingest.taking import take_file
from ed_ingest.workspace import Workspace

_HANDLED: tuple[State, ...] = ("stored", "duplicate", "refused")


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
        An open workspace; only one process may do this at a time.
    now
        The clock, with time zone.
    stop
        Asked between files; True ends the scan early, and the next one goes on.
    tell
        Called with each file as soon as it was handled.

    Raises
    ------
    WorkspaceError
        If the inbox cannot be reached; what was claimed from it before is taken first.
    StoreError
        If the store cannot be written to; the next scan goes on.
    """
    handled: list[Handled] = []
    gazetteer = partial(current_gazetteer, workspace.reference)
    with open_store(workspace.store) as store:
        recover(store, workspace, at=now())
        note_quarantine(store.connection, workspace.quarantine, at=now())
        waiting, unreachable = _ready_files(store, workspace, now=now())
        for row, path in waiting:
            if stop():
                break
            row = take_file(store, workspace, row, path, gazetteer=gazetteer, now=now)
            _give_receipt(store, workspace, row, at=now())
            handled.append(_as_told(store, row))
            tell(handled[-1])
        for row in read_files(store.connection, states=_HANDLED, untold=True):
            _give_receipt(store, workspace, row, at=now())
    if unreachable is not None:
        raise unreachable
    return handled


def _ready_files(
    store: Store, workspace: Workspace, *, now: datetime
) -> tuple[list[tuple[FileRow, Path]], WorkspaceError | None]:
    """Files to take now, in the order in which they were written; why the inbox was not read."""
    ready = _of_earlier_scans(store, workspace, now=now)
    try:
        ready += _of_the_inbox(store, workspace, now=now)
    except WorkspaceError as error:
        return ready, error
    return sorted(ready, key=lambda one: (one[0].modified_ns, one[1].name)), None


def _of_earlier_scans(
    store: Store, workspace: Workspace, *, now: datetime
) -> list[tuple[FileRow, Path]]:
    """Files that were claimed before: in processing or quarantine."""
    ready = []
    for row in read_files(store.connection, places=("processing", "quarantine")):
        path = kept_at(workspace, row)
        if row.state in PENDING:
            ready += _pending_of_ours(store, row, path, workspace, now=now)
        elif row.place == "processing" or row.state != "refused":
            clear_away(store, workspace, row, path, at=now)
    return ready


def _pending_of_ours(
    store: Store, row: FileRow, path: Path, workspace: Workspace, *, now: datetime
) -> list[tuple[FileRow, Path]]:
    try:
        seen = look(path)
    except FileNotFoundError:
        read_before = row.place == "quarantine"
        if not read_before and not path.parent.is_dir():  # the share is away, and its folders
            return []
        earlier = store.batch_of_file(row.file_hash or "", row.provider)
        not_there = REMOVED if read_before else NOT_THERE
        state, reason = ("duplicate", "") if earlier else ("refused", not_there)
        values = {"state": state, "reason": reason, "batch_id": earlier, "place": "gone"}
        change_file(store.connection, row.file_id, at=now, **values)
        return []
    except OSError:
        return []
    due = is_due(row, now=now, hold=_hold(workspace))
    if seen != row.seen or due is None:
        change_file(store.connection, row.file_id, at=now, **seen._asdict())
        return []
    return [(row, path)] if due else []


def _of_the_inbox(
    store: Store, workspace: Workspace, *, now: datetime
) -> list[tuple[FileRow, Path]]:
    """Note what the inbox holds, and tell which of its files are complete."""
    key = workspace.key(needed=store.holds_batches())
    providers = provider_ids(workspace.root)
    arrivals = judge(
        scan_inbox(workspace.inbox, key=key),
        read_files(store.connection, places=("inbox",)),
        now=now,
        hold=_hold(workspace),
        providers=providers,
    )
    _note(store, arrivals, now=now, providers=providers)
    for row, found in arrivals.left:
        clear_away(store, workspace, row, found.path, at=now)
    return [(_whose(store, row, found, at=now), found.path) for row, found in arrivals.ready]


def _whose(store: Store, row: FileRow, found: Found, *, at: datetime) -> FileRow:
    """The row with its provider, whose file may have been made after it was noted."""
    if row.provider == found.provider:
        return row
    values = {"changed_at": row.changed_at, "provider": found.provider}
    return change_file(store.connection, row.file_id, at=at, **values)


def _note(store: Store, arrivals: Arrivals, *, now: datetime, providers: Collection[str]) -> None:
    """Write down what a scan found."""
    for found in arrivals.new:
        _note_new(store, found, at=now, providers=providers)
    for row, found in arrivals.changed:
        if row.state in PENDING:
            values = {"state": "waiting", "reason": STILL_WRITTEN, "attempts": 0, "next_try": None}
            change_file(store.connection, row.file_id, at=now, **values, **found.seen._asdict())
        else:  # handled before, and now another file lies in its place
            change_file(store.connection, row.file_id, at=now, path_key="", place="gone")
            _note_new(store, found, at=now, providers=providers)
    for row, reason in arrivals.waiting:
        if (row.state, row.reason) != ("waiting", reason):
            change_file(store.connection, row.file_id, at=now, state="waiting", reason=reason)
    for row, found in arrivals.refused:
        values = {"state": "refused", "reason": found.trouble}
        change_file(store.connection, row.file_id, at=now, **values)
    for row in arrivals.vanished:
        if row.state in PENDING:
            forget_file(store.connection, row.file_id)
        else:
            change_file(store.connection, row.file_id, at=now, path_key="", place="gone")


def _note_new(store: Store, found: Found, *, at: datetime, providers: Collection[str]) -> None:
    # The name of any other folder may be a person's.
    provider = found.provider if found.provider in providers else ""
    new_file(
        store.connection,
        path_key=found.path_key,
        name=redact_file_name(found.path.name, provider=provider),
        ending=kept_ending(found.path.name),
        provider=provider,
        seen=found.seen,
        at=at,
    )


def _give_receipt(store: Store, workspace: Workspace, row: FileRow, *, at: datetime) -> None:
    """Write a handled file's receipt into its provider's folder; if that fails, the next time."""
    if row.state not in _HANDLED or row.told or not row.provider:
        return
    folder = receipts_of(workspace.inbox, row.provider)
    # Its provider's folder is never made here: the share may be away.
    if folder is None or not folder.parent.is_dir():
        return
    with suppress(OSError):
        batch = store.batch(row.batch_id or "") if row.state == "stored" else None
        write_whole(folder / receipt_name(row), receipt_text(row, batch))
        change_file(store.connection, row.file_id, at=at, told=True)


def _as_told(store: Store, row: FileRow) -> Handled:
    batch = store.batch(row.batch_id or "") if row.state == "stored" else {}
    counts = {name: int(n) for name, n in batch.items() if name.startswith("n_")}
    return Handled(
        row.file_id, row.name, row.provider, row.state, row.batch_id or "", row.reason, counts
    )


def _hold(workspace: Workspace) -> timedelta:
    # A scan that comes a little early is the next one all the same.
    return timedelta(seconds=0.9 * workspace.settings.inbox.scan_seconds)
