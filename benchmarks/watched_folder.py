"""The watched folder's service: time and memory of many files, waits of readers, drop to draft."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from evaluation.watched_measures import (
    drop_to_draft,
    load,
    many_files,
    no_month_pack,
    parted,
    readers_during_a_write,
)
from machine import machine

from ed_ingest.reference import adopt_reference
from ed_ingest.workspace import open_workspace
from hotspots.simulate import simulate

OPEN_DATA = Path(__file__).parents[2] / "shared" / "data"
HOSPITAL, ROWS = "royal-infirmary", 5000


def main() -> None:
    wanted = set(sys.argv[1:]) or {"many", "readers", "draft"}
    print(f"## Watched folder\n\n{machine()}, {load()}\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "many" in wanted:
            print("| files dropped at once | stored after s | service MiB | reader MiB |")
            print("|---|---|---|---|")
            for n in (50, 500):
                made = many_files(folder / str(n), n)
                print(
                    f"| {n} | {made.seconds:.0f} | {made.service_mib:.0f} | {made.reader_mib:.0f} |"
                )
        if "readers" in wanted:
            print("\n| command, while 20,000 rows are taken | runs | longest s | before | failed |")
            print("|---|---|---|---|---|")
            for w in readers_during_a_write(folder / "readers"):
                print(
                    f"| {w.name} | {w.n_runs} | {w.during_s:.1f} | {w.before_s:.1f} | {w.failed} |"
                )
        if "draft" in wanted:
            print("\n| a delivery of | into records | stored after s | draft after s |")
            print("|---|---|---|---|")
            _drafts(folder)
        print(f"\n{load()}")


def _drafts(folder: Path) -> None:
    """Into a simulated partnership of 20,000 assaults; and one on real places, where there are."""
    references: dict[str, Path | None] = {"made-up town": None}
    if OPEN_DATA.is_dir():
        adopt_reference(OPEN_DATA, folder / "open")
        references["Cardiff"] = folder / "open"
    for name, reference in references.items():
        root = folder / name.replace(" ", "-")
        simulate(root, assaults=20_000, months=12, seed=1, reference=reference)
        no_month_pack(root)
        workspace = open_workspace(root)
        last = parted(workspace.inbox / HOSPITAL, folder / "half-year.csv", rows=ROWS)
        n_files = sum(path.is_file() for path in workspace.inbox.rglob("*"))
        done = drop_to_draft(workspace, n_files, last, HOSPITAL)
        print(
            f"| {done.n_rows:,} rows, {name} | {done.n_before:,} | {done.stored_s:.1f} |"
            f" {done.draft_s:.1f} |"
        )


if __name__ == "__main__":
    main()
