"""The watched folder and its service in plain words: what waits and why, whether anybody looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ed_ingest.arrivals import STILL_WRITTEN
from ed_ingest.delivered_files import FileRow, State

# What `status` lists file by file: the others are done with.
OPEN_STATES: tuple[State, ...] = ("seen", "waiting", "claimed", "retry", "refused")
# The service renews its sign of life every two seconds.
_ALIVE_FOR = timedelta(minutes=1)
_MOST = 20
_EMPTY = "It is empty so far: waited for a minute."
_STATES = {
    "seen": "just come, taken at the next scan",
    "waiting": "waiting",
    "claimed": "being taken now",
    "retry": "tried again by itself",
    "refused": "refused",
}


def listed(rows: Sequence[FileRow]) -> list[FileRow]:
    """Those that a person can still do something about: not what was refused and is gone."""
    return [row for row in rows if (row.state, row.place) != ("refused", "gone")]


def file_facts(row: FileRow) -> dict[str, Any]:
    """A file for machines; its name is redacted."""
    times = {
        "seen_at": row.seen_at.isoformat(timespec="seconds"),
        "next_try": row.next_try.isoformat(timespec="seconds") if row.next_try else None,
    }
    names = ("file_id", "name", "provider", "size", "state", "place", "attempts")
    return {name: getattr(row, name) for name in names} | {"reason": _reason(row)} | times


def file_lines(rows: Sequence[FileRow], workspace: Path) -> list[str]:
    """The files that are not stored, a line each, and what to do about them."""
    if not rows:
        return []
    lines = ["", f"Files not stored yet ({len(rows)}):"]
    for row in rows[-_MOST:]:
        reason = _reason(row)
        why = f": {reason.removeprefix(f'{row.name}: ')}" if reason else ""
        # Names are redacted: size and time tell several of the same name apart.
        lines.append(
            f"  {row.provider or 'inbox'}: {row.name}, {row.file_id}, {row.size:,} bytes, came "
            f"{row.seen_at.astimezone():%d %B %Y, %H:%M}, {_STATES[row.state]}{why}"
        )
    if len(rows) > _MOST:
        lines.append(f"  and {len(rows) - _MOST} older ones; all of them: --json")
    kept = sum(row.state == "refused" and row.place == "quarantine" for row in rows)
    if kept:
        lines.append(
            f"  In quarantine/: {kept}. Once what was wrong is mended: ed-hotspots retry "
            f"-w {workspace}"
        )
    return lines


def _reason(row: FileRow) -> str:
    empty = row.size == 0 and row.state in ("seen", "waiting")
    return _EMPTY if empty and row.reason in ("", STILL_WRITTEN) else row.reason


def service_lines(health: Mapping[str, Any] | None, *, now: datetime) -> list[str]:
    """Whether the service lives, in one line."""
    if health is None:
        return ["Nobody watches the inbox. Start the service: ed-hotspots watch"]
    alive = datetime.fromisoformat(str(health["alive_at"]))
    if health["state"] == "stopped":
        return [f"The service was stopped on {alive:%d %B %Y at %H:%M}: ed-hotspots watch"]
    if now - alive > _ALIVE_FOR:
        return [
            f"The service has given no sign since {alive:%d %B %Y, %H:%M}: it ended or hangs. "
            "Start it again: ed-hotspots watch"
        ]
    doing = f", at work on: {health['runs']}" if health.get("runs") else ""
    return [f"The service watches the inbox{doing}."]
