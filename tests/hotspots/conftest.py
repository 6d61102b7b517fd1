"""What several tests of the simulation and of the commands need."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from hotspots import cli
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


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command; returns its exit code, what it printed, and its errors."""

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["ed-hotspots", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        printed = capsys.readouterr()
        return int(stop.value.code or 0), printed.out, printed.err

    return command
