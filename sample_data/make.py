"""Make sample_data/marford anew: a small simulated workspace. Run: python sample_data/make.py."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pandas as pd

from hotspots.simulate import simulate

ASSAULTS, MONTHS, SEED = 120, 3, 2025
TARGET = Path(__file__).parent / "marford"


def make(target: Path) -> None:
    """Simulate three hospitals and a police force for three months, and keep what is small.

    The open street-level files and the list of postcodes are left out: they are large, and nothing
    here needs them.
    """
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "marford"
        truth = simulate(made, assaults=ASSAULTS, months=MONTHS, seed=SEED)
        shutil.rmtree(made / "inbox" / "police-uk")
        (made / "providers" / "police-uk.toml").unlink()
        (made / "reference" / "mf.csv").unlink()
        (made / ".gitignore").unlink()  # of a real workspace nothing is committed
        deliveries = pd.read_csv(truth / "deliveries.csv", dtype=str)
        kept = deliveries[deliveries["provider"] != "police-uk"]
        kept.to_csv(truth / "deliveries.csv", index=False, lineterminator="\n")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(made, target)


if __name__ == "__main__":
    make(TARGET)
