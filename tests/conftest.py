"""What many tests need: one simulated partnership, and the open data where they are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no fault of the code: speed is measured in benchmarks/.
settings.register_profile("no-clock", deadline=None)
settings.load_profile("no-clock")


OPEN_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """A small demo's workspace: three hospitals, six months, everything run."""
    from hotspots.demo import run_demo

    folder = tmp_path_factory.mktemp("demo") / "workspace"
    run_demo(folder, assaults=1500, months=6, seed=11)
    return folder


@pytest.fixture(scope="session")
def open_data():
    """Folder of real open data beside the repository."""
    if not OPEN_DATA.is_dir():
        pytest.skip("the open data are not beside the repository")
    return OPEN_DATA
