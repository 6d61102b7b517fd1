"""The service's sign of life: a small file that is replaced every few seconds."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = "health.json"


def write_health(folder: Path, facts: Mapping[str, Any]) -> None:
    """Replace the file whole, so that no monitor reads half of one; a failure stops nothing.

    Parameters
    ----------
    folder
        The workspace's ``logs``.
    facts
        What is to be known; no name of a file, no value of a record.
    """
    path = folder / NAME
    unfinished = path.with_name(f".{NAME}.{os.getpid()}")
    text = json.dumps(dict(facts), indent=2, ensure_ascii=False, default=str) + "\n"
    with suppress(OSError):  # full disk; on Windows a monitor that has it open
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.touch(mode=0o600)
        unfinished.write_text(text, encoding="utf-8")
        unfinished.replace(path)
    with suppress(OSError):
        unfinished.unlink(missing_ok=True)


def read_health(folder: Path) -> dict[str, Any] | None:
    """What the service last told of itself; None where there is nothing to read."""
    try:
        facts = json.loads((folder / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return facts if isinstance(facts, dict) else None
