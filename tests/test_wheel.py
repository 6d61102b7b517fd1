"""The wheel, installed away from the source, runs the demo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (built,) = folder.glob("*.whl")
    return built


def run_demo(python: Path | str, folder: Path, environment: dict[str, str]) -> str:
    code = "import hotspots, sys; print(hotspots.__file__); from hotspots.cli import main; main()"
    arguments = ["demo", "--workspace", "w", "--assaults", "200", "--months", "1"]
    done = subprocess.run(
        [python, "-c", code, *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert (folder / "w" / "outputs" / "latest.txt").is_file()
    return done.stdout


def test_the_wheel_holds_all_that_the_demo_needs(wheel, tmp_path):
    # The libraries come from this environment; the product only from the unpacked wheel.
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", site, wheel]
    subprocess.run(command, capture_output=True, check=True)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    printed = run_demo(sys.executable, tmp_path, environment)

    assert str(site) in printed.splitlines()[0]
    assert not (site / "schemas").exists()
    for shipped in ("survey_2009/tables.csv", "survey_2009/README.md", "fonts/LICENCE.txt"):
        assert (site / "hotspots" / shipped).is_file()


@pytest.mark.long
def test_the_wheel_in_an_empty_environment_runs_the_demo(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    constraints = ROOT / "constraints.txt"
    subprocess.run([python, "-m", "pip", "install", "-q", "-c", constraints, wheel], check=True)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    printed = run_demo(python, tmp_path, environment)

    assert str(tmp_path / "venv") in printed.splitlines()[0]
