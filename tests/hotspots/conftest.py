"""What several tests of the simulation need."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from hotspots.simulate import simulate
from tests.hotspots.simulated_files import N_SIMULATED, truth


@pytest.fixture(scope="session")
def simulated(tmp_path_factory) -> Path:
    """A simulated workspace of a year, nothing ingested."""
    folder = tmp_path_factory.mktemp("simulated") / "w"
    simulate(folder, assaults=N_SIMULATED, months=12, seed=5)
    return folder


@pytest.fixture(scope="session")
def assaults(simulated) -> pd.DataFrame:
    """Its true assaults."""
    return truth(simulated, "assaults")
