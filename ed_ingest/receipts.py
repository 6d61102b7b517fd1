"""What a provider's folder is told of each handled file: a receipt in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ed_ingest.delivered_files import FileRow

# Where receipts of handled files lie, in each provider's folder.
RECEIPTS = "receipts"
_NAME = re.compile(r"\d{4}-\d\d-\d\d-[0-9a-f]{12}\.txt")
_LONDON = ZoneInfo("Europe/London")
# Counts of the batches table -> how a receipt says them, in the order of a record's way.
_COUNTS = {
    "n_read": "rows read",
    "n_stored": "stored",
    "n_held_back": "held back, to be mended",
    "n_not_assault": "not assaults, left out",
    "n_duplicate": "the same row twice, kept once",
    "n_outdated": "left out, as a later delivery has said otherwise",
    "n_replaced": "records of earlier deliveries corrected",
    "n_withdrawn": "records of earlier deliveries taken out",
    "n_superseded": "records that the period sent again does not hold any more",
    "n_no_place": "stored without a place that can be mapped",
}
_UNPACKED = "Unpacked: each file of crimes that it held is taken by itself, with its own receipt."
_ALWAYS = ("n_read", "n_stored", "n_held_back")


def receipt_name(row: FileRow) -> str:
    """Name of a file's receipt: the day on which it came, and its id."""
    return f"{row.seen_at.astimezone(_LONDON):%Y-%m-%d}-{row.file_id}.txt"


def is_receipt(name: str) -> bool:
    """Whether a name is that of a receipt; all else in their folder was put there by somebody."""
    return _NAME.fullmatch(name) is not None


def receipts_of(inbox: Path, provider: str) -> Path | None:
    """Folder of a provider's receipts, there or not; None where a link leads out of the inbox."""
    folder = inbox / provider / RECEIPTS
    return None if folder.is_symlink() or folder.parent.is_symlink() else folder


def receipt_text(row: FileRow, batch: Mapping[str, Any] | None) -> str:
    """Say what became of a file, for whoever delivered it.

    Parameters
    ----------
    row
        A handled file: stored, duplicate or refused.
    batch
        Of a stored one, its row of the batches table; none of a zip, whose files are on their own.
    """
    came = row.seen_at.astimezone(_LONDON)
    content = f", SHA-256 begins with {row.file_hash[:8]}" if row.file_hash else ""
    lines = [
        f"Receipt {row.file_id}",
        f"File: {row.name} ({row.size:,} bytes{content})",
        f"Came: {came:%d %B %Y, %H:%M}",
    ]
    lines += {
        "stored": [f"Stored as batch {row.batch_id}." if row.batch_id else _UNPACKED],
        "duplicate": [
            f"The very same file was stored before, as batch {row.batch_id}: nothing was stored "
            "again."
        ],
        "refused": ["Refused. Nothing of it was stored.", f"Why: {row.reason}"],
    }[row.state]
    if row.state == "stored" and batch:
        told = [(n, batch[n], words) for n, words in _COUNTS.items() if n in batch]
        lines += [f"{n:,} {words}" for name, n, words in told if n or name in _ALWAYS]
        if batch["n_held_back"]:
            lines.append(f"What to mend: ed-hotspots why {row.batch_id}")
    return "\n".join(lines) + "\n"
