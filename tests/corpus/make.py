"""Make the labelled corpus: ``python tests/corpus/make.py [FOLDER]``, the same for every run."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import aside_layouts  # noqa: E402
import tallies  # noqa: E402
import tune_layouts  # noqa: E402
import wordings  # noqa: E402


def make(folder: Path) -> list[str]:
    """Write everything; gives the names of the deliveries whose optional writer is missing."""
    skipped = []
    for part, layouts in (
        ("tune", (*tune_layouts.ALL, *tallies.TUNE)),
        ("aside", aside_layouts.ALL),
    ):
        (folder / part).mkdir(parents=True, exist_ok=True)
        for write in layouts:
            try:
                write(folder / part)
            except ModuleNotFoundError as error:
                if error.name not in ("openpyxl", "xlwt"):
                    raise
                skipped.append(write.__name__)
    wordings.write_all(HERE / "words", folder)
    return skipped


if __name__ == "__main__":
    left = make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
    if left:
        print("not written, its writer is not installed:", ", ".join(left))
