"""What many tests need: one simulated partnership, and the open data where they are there."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code: speed is measured in benchmarks/.
settings.register_profile(
    "no-clock", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
# For `make test-all`; see effort.py, too.
settings.register_profile("thorough", settings.get_profile("no-clock"), max_examples=200)
settings.load_profile("no-clock")


# Fixtures that several files share and that take half a minute to make.
SHARED = ("demo", "simulated")
OPEN_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config) -> int | None:
    """No workers for one file or one test: it runs at once, and a debugger can hold it."""
    named = [Path(argument.partition("::")[0]) for argument in config.option.file_or_dir]
    return 0 if len(named) == 1 and named[0].is_file() else None


@functools.cache
def made_once_for(file: Path) -> str | None:
    """What must be made once for tests of this file: a shared fixture, the file's own, or nothing.

    Read from its text: what hands out the tests knows their names alone.
    """
    text = file.read_text(encoding="utf-8")
    for name in SHARED:
        if re.search(rf"^def \w+\([^)]*\b{name}\b", text, flags=re.MULTILINE):
            return name
    beside = file.with_name("conftest.py")
    if beside.exists() and beside != Path(__file__):
        text += beside.read_text(encoding="utf-8")
    return file.as_posix() if 'scope="module"' in text else None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Give all tests that share a costly fixture to one worker, so that it is made once.

    The marks of ``--dist=loadgroup`` do the same by changing the names of tests, which pytest 9.2
    no longer takes.
    """
    if config.getvalue("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByFixture(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return made_once_for(config.rootpath / nodeid.partition("::")[0]) or nodeid

    return ByFixture(config, log)


def pytest_collection_modifyitems(items) -> None:
    """Put first what takes longest, so that no worker is left with it at the end."""
    items.sort(
        key=lambda item: (made_once_for(item.path) not in SHARED, made_once_for(item.path) is None)
    )


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
