"""What many tests need: one simulated partnership, and the open data where they are there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: speed is measured in benchmarks/.
settings.register_profile("no-clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no-clock")


# Fixtures that take seconds. The tests that share one go to the same worker, so that it is made
# once; and before all others, so that no worker is left with it at the end.
COSTLY = (
    "demo", "cardiff", "journey", "wheel", "browser", "simulated", "made", "country",
    "postgis_server",
)  # fmt: skip
OPEN_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config) -> int | None:
    """No workers for one file or one test: it runs at once, and a debugger can hold it."""
    named = [Path(argument.partition("::")[0]) for argument in config.option.file_or_dir]
    return 0 if len(named) == 1 and named[0].is_file() else None


def pytest_collection_modifyitems(items) -> None:
    """Keep together the tests that share a costly fixture, and put them first."""
    for item in items:
        shared = next((f for f in COSTLY if f in getattr(item, "fixturenames", ())), None)
        if shared is not None:
            item.add_marker(pytest.mark.xdist_group(shared))
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


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
