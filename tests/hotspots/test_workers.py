"""Tasks on workers: tried again, told in words, the same whoever does them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ed_ingest.errors import AnalysisError
from hotspots.workers import Done, workers


def square(n: int) -> int:
    return n * n


def says_what_is_wrong(_: int) -> int:
    raise AnalysisError("The map would have too many cells.")


def fails_with_a_value(_: int) -> int:
    raise ValueError("Jane Doe, born 1 May 1990")


def dies_once(folder: str) -> str:
    mark = Path(folder) / "died"
    if not mark.exists():
        mark.touch()
        os._exit(9)
    return "done"


def fails_twice(folder: str) -> int:
    tries = len(list(Path(folder).iterdir()))
    (Path(folder) / str(tries)).touch()
    if tries < 2:
        raise OSError("a share that was away for a moment")
    return tries


@pytest.fixture(scope="module")
def pool():
    with workers(2) as made:
        yield made


def test_every_task_is_done(pool):
    done = {one.key: one.result for one in pool.run(square, {str(n): n for n in range(20)})}

    assert done == {str(n): n * n for n in range(20)}


def test_tasks_are_asked_for_only_when_a_worker_is_about_to_be_free(pool):
    asked = []

    def tasks():
        for n in range(50):
            asked.append(n)
            yield str(n), n

    first = next(pool.run(square, tasks()))

    assert first.result == int(first.key) ** 2
    assert len(asked) <= 6


def test_no_tasks_are_done_at_once(pool):
    assert list(pool.run(square, {})) == []


def test_what_is_wrong_with_the_input_is_told_and_not_tried_again(pool):
    (done,) = pool.run(says_what_is_wrong, {"a": 1})

    assert (done.result, done.tries) == (None, 1)
    assert done.words == "The map would have too many cells."


def test_a_fault_is_told_without_any_value(pool):
    (done,) = pool.run(fails_with_a_value, {"a": 1})

    assert done.fault.startswith("ValueError in test_workers.py:")
    assert "Doe" not in repr(done)
    assert done.tries == 3


def test_what_fails_for_a_moment_is_done_in_the_end(pool, tmp_path):
    assert list(pool.run(fails_twice, {"a": str(tmp_path)})) == [Done("a", 2, "", 3)]


def test_a_task_whose_worker_died_is_done_by_another(pool, tmp_path):
    done = list(pool.run(dies_once, {"a": str(tmp_path)}))
    others = list(pool.run(square, {"b": 3}))

    assert [one.result for one in [*done, *others]] == ["done", 9]


def test_a_scheduler_that_does_not_answer_is_told(monkeypatch):
    monkeypatch.setattr("hotspots.workers.ANSWERS_WITHIN", "1s")
    with (
        pytest.raises(AnalysisError, match="No Dask scheduler answers"),
        workers(address="tcp://127.0.0.1:9"),
    ):
        pass
