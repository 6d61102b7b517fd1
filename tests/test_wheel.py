"""The wheel holds the product whole, and installed away from the source it runs the demo."""

from __future__ import annotations

import os
import re
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


def shipped() -> set[str]:
    """Every file of the product, by its name in the wheel."""
    files = {
        path.relative_to(ROOT).as_posix()
        for package in ("ed_ingest", "hotspots", "schemas")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }
    return {re.sub("^schemas/", "ed_ingest/_schemas/", name) for name in files}


def test_the_wheel_holds_every_file_and_its_commands_find_them(wheel, tmp_path):
    # The libraries come from this environment; the product only from the unpacked wheel.
    site = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--target", site, wheel]
    subprocess.run(command, capture_output=True, check=True)
    held = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}

    assert {"hotspots/survey_2009/tables.csv", "hotspots/fonts/LICENCE.txt"} < shipped() <= held
    assert not (site / "schemas").exists()

    code = "import hotspots, sys; print(hotspots.__file__); from hotspots.cli import main; main()"
    for arguments in (
        ["init", "w", "--name", "M", "--marking", "X", "--no-premises-names"],
        ["doctor", "-w", "w"],
    ):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(site)}, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        assert str(site) in done.stdout.splitlines()[0]
        assert "Traceback" not in done.stderr
    assert (tmp_path / "w" / "settings.toml").is_file()


@pytest.mark.long
def test_the_wheel_in_an_empty_environment_runs_the_demo(wheel, tmp_path):
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    constraints = ROOT / "constraints.txt"
    subprocess.run([python, "-m", "pip", "install", "-q", "-c", constraints, wheel], check=True)
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    printed = run_demo(python, tmp_path, environment)

    assert str(tmp_path / "venv") in printed.splitlines()[0]
