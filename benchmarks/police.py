"""A year of one force's street files, taken in by the command: seconds, and every row counted."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from machine import machine

from ed_ingest.store import open_store
from ed_ingest.workspace import Workspace, make_workspace

DATA = Path(__file__).parent.parent.parent / "shared" / "data" / "police-south-wales-2025"
PROVIDER = 'name = "police.uk"\nkind = "police"\nlayout = "police-uk-street"\n'


def main() -> None:
    data = Path(os.environ.get("ED_HOTSPOTS_POLICE", DATA))
    files = sorted(data.glob("*-street.csv"))
    if not files:
        print("## Police files\n\nNo street files: name their folder in ED_HOTSPOTS_POLICE.\n")
        return
    print(f"## Police files\n\n{machine()}\n")
    print("| what | rows read | stored | seconds |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "months.zip"
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files:
                archive.write(file, f"{file.name[:7]}/{file.name}")
        ways = {
            f"{len(files)} files": files,
            "their folder": [data],
            "a zip of them": [packed],
            "one month": files[:1],
        }
        for number, (way, given) in enumerate(ways.items()):
            print(_row(way, given, Path(folder) / str(number)))
    print()


def _row(way: str, given: list[Path], root: Path) -> str:
    workspace = make_workspace(root, name="Bench", marking="X", premises_names=False)
    (root / "providers" / "uk.toml").write_text(PROVIDER, encoding="utf-8")
    start = time.perf_counter()
    command = [sys.executable, "-m", "hotspots", "ingest", *map(str, given)]
    subprocess.run(
        [*command, "-w", str(root), "--provider", "uk"], check=True, stdout=subprocess.DEVNULL
    )
    seconds = time.perf_counter() - start
    read, stored = _counted(workspace)
    return f"| {way} | {read:,} | {stored:,} | {seconds:.1f} |"


def _counted(workspace: Workspace) -> tuple[int, int]:
    with open_store(workspace.store) as store:
        return int(store.read("batches")["n_read"].sum()), len(store.read("crimes"))


if __name__ == "__main__":
    main()
