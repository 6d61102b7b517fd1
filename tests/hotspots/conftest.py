"""What several tests of the simulation and of the commands need."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import pytest

from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.workspace import open_workspace
from hotspots import cli, pack_files
from hotspots.pack_analysis import months_of_map, publishable_of
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
def few_files(monkeypatch):
    """Packs get the completeness report, the manifest and what goes beside: others are dear."""
    few = ("data-quality/completeness.html", "manifest.json")
    outputs = tuple(output for output in pack_files.OUTPUTS if output.path in few)
    monkeypatch.setattr(pack_files, "OUTPUTS", outputs)


@pytest.fixture(scope="session")
def found_in_demo(demo):
    """What may be shown of the demo's months, from the findings that it keeps."""
    workspace = open_workspace(demo)
    places = load_gazetteer(workspace.reference)
    return publishable_of(workspace, months_of_map(workspace, "2025-12"), places, method="round5")


@pytest.fixture
def found_before(monkeypatch, found_in_demo):
    """Packs and drafts of whatever months hold what was found in the demo: nothing is analysed."""
    monkeypatch.setattr("hotspots.pack.publishable_of", lambda *_, **__: found_in_demo)


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
