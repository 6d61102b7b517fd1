"""The demo, three hospitals × twelve months: seconds for each stage."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from machine import machine

from hotspots.demo import run_demo


def main() -> None:
    stages: list[tuple[str, float]] = []

    def tell(stage: str, done: int, total: int) -> None:
        if not stages or stages[-1][0] != stage:
            stages.append((stage, time.perf_counter()))

    with tempfile.TemporaryDirectory() as folder:
        made = run_demo(Path(folder) / "w", tell=tell)
        end = time.perf_counter()
    print(f"## Journey\n\n{machine()}\n\n| stage | seconds |\n|---|---|")
    for (stage, start), (_, after) in zip(stages, [*stages[1:], ("", end)], strict=True):
        print(f"| {stage} | {after - start:.1f} |")
    print(f"| all | {end - stages[0][1]:.1f} |")
    print("\n" + "\n".join(made.lines[:-1]) + "\n")


if __name__ == "__main__":
    main()
