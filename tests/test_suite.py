"""The suite itself: what is costly is made once, whichever worker gets it."""

from pathlib import Path

import pytest

from tests.conftest import made_once_for, pytest_xdist_make_scheduler

TESTS = Path(__file__).parent


@pytest.mark.parametrize(
    ("file", "made"),
    [
        ("ed_ingest/test_ledger.py", "demo"),
        ("hotspots/test_pack.py", "demo"),  # by way of a fixture of its own
        ("hotspots/test_simulate.py", "simulated"),
        ("test_attacks.py", (TESTS / "test_attacks.py").as_posix()),
        ("browser/test_premises_page.py", (TESTS / "browser/test_premises_page.py").as_posix()),
        ("ed_ingest/test_clock.py", None),
    ],
)
def test_files_that_share_something_costly_go_together(file, made):
    assert made_once_for(TESTS / file) == made


def test_the_scheduler_goes_by_it(pytestconfig, monkeypatch):
    monkeypatch.setattr(pytestconfig.option, "dist", "loadscope")
    monkeypatch.setattr(pytestconfig.option, "tx", ["2*popen"])
    ours = pytest_xdist_make_scheduler(pytestconfig, None)

    ids = [
        "tests/ed_ingest/test_ledger.py::test_a[x]", "tests/hotspots/test_pack.py::test_b",
        "tests/ed_ingest/test_clock.py::test_c[a::b]",
    ]  # fmt: skip
    assert [ours._split_scope(name) for name in ids] == ["demo", "demo", ids[2]]
    monkeypatch.setattr(pytestconfig.option, "dist", "load")
    assert pytest_xdist_make_scheduler(pytestconfig, None) is None
