"""Files of the watched folder: what is known of one, and what a look at the folder finds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

State = Literal["seen", "waiting", "claimed", "stored", "refused", "retry", "duplicate"]
Place = Literal["inbox", "processing", "quarantine", "archive", "gone"]


class Seen(NamedTuple):
    """What tells whether a file has changed: size in bytes, time, hash of its head and tail."""

    size: int
    modified_ns: int
    sample: str


class FileRow(NamedTuple):
    """One file. No name of a person is kept: ``name`` is redacted, ``path_key`` a hash.

    ``file_id``: its name in processing/ and quarantine/; ``path_key``: where in the inbox it lies,
    as `path_key` hashes it; ``ending``: with the dot; ``provider``: whose folder it was in, empty
    for none; ``reason``: why it waits, was refused or is tried again, in plain words; ``attempts``,
    ``next_try``: of a passing error; ``told``: whether its receipt was written. Times are UTC.
    """

    file_id: str
    path_key: str
    name: str
    ending: str
    provider: str
    size: int
    modified_ns: int
    sample: str
    file_hash: str | None
    state: State
    place: Place
    reason: str
    attempts: int
    next_try: datetime | None
    batch_id: str | None
    seen_at: datetime
    changed_at: datetime
    told: bool

    @property
    def seen(self) -> Seen:
        """What it looked like at the last scan."""
        return Seen(self.size, self.modified_ns, self.sample)


class Found(NamedTuple):
    """One file of the inbox as it looks now.

    ``path_key``: hash of where it lies; ``provider``: first folder of the path, empty for none;
    ``trouble``: why it can never be taken from there, or not now; empty for none. ``refused``:
    never.
    """

    path: Path
    path_key: str
    provider: str
    seen: Seen
    trouble: str = ""
    refused: bool = False


class Scan(NamedTuple):
    """All files found; ``complete`` is False where a folder could not be read."""

    files: list[Found]
    complete: bool
