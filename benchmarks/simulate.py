"""One million simulated assaults with their files and truth."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from machine import machine

from hotspots.simulate import simulate


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        simulate(Path(folder) / "w", assaults=1_000_000, months=12, seed=1)
        seconds = time.perf_counter() - start
    print(f"## Simulation\n\n{machine()}\n")
    print(f"1,000,000 assaults, all files and truth: {seconds:.1f} s\n")


if __name__ == "__main__":
    main()
