"""Tasks on a Dask cluster, here or elsewhere: each tried again, a failure told, not raised."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from ed_ingest.errors import AnalysisError, EdHotspotsError

Task = TypeVar("Task")
Result = TypeVar("Result")

TRIES = 3
# So many tasks wait for each worker: no worker is idle, and what tasks carry is bounded.
AHEAD = 2
MEMORY_OF_A_WORKER = "3GiB"
# A worker's one task uses one processor: results are of as many threads everywhere.
_THREADS = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Done(Generic[Result]):
    """What became of a task.

    Attributes
    ----------
    key
        The task's.
    result
        What the function gave; None where it failed.
    fault
        Why it failed, in words that hold no record's value; empty where it did not.
    tries
        How often it was tried, as far as is known: a task whose worker died counts once more.
    """

    key: str
    result: Result | None
    fault: str = ""
    tries: int = 1


@dataclass(frozen=True)
class Workers:
    """Workers that take tasks. Make one with `workers`."""

    client: Any
    n: int

    def run(
        self, function: Callable[[Task], Result], tasks: Mapping[str, Task], *, tries: int = TRIES
    ) -> Iterator[Done[Result]]:
        """Run a function of a module over tasks; gives each when it is done, in any order.

        Parameters
        ----------
        function
            Importable by name on the workers, pure but for what it reads, so that a task whose
            worker died can be done again elsewhere.
        tasks
            What `function` gets, by a key of each; both are sent to the workers.
        tries
            How often a task is tried before it counts as failed.
        """
        from distributed import as_completed

        waiting = iter(tasks.items())
        keys: dict[Any, str] = {}
        tried: dict[str, int] = {}
        attempts = as_completed()

        def send(key: str) -> None:
            tried[key] = tried.get(key, 0) + 1
            future = self.client.submit(_guarded, function, tasks[key], pure=False)
            keys[future] = key
            attempts.add(future)

        for key, _ in _first(waiting, self.n * AHEAD):
            send(key)
        for future in attempts:
            key = keys.pop(future)
            done = _outcome(key, future, tried[key])
            # What is wrong with the input is so the next time, too.
            again = done.fault and not done.fault.startswith(_OF_INPUT) and tried[key] < tries
            if again:
                send(key)
                continue
            for following, _ in _first(waiting, 1):
                send(following)
            yield done


def results_of(
    workers: Workers, function: Callable[[Task], Result], tasks: Mapping[str, Task], *, what: str
) -> Iterator[tuple[str, Result]]:
    """Key and result of each task, where nothing may be missing of the whole.

    Raises
    ------
    AnalysisError
        If a task failed; `what` says what its key names.
    """
    for done in workers.run(function, tasks):
        if done.fault or done.result is None:
            raise AnalysisError(
                f"The {what} {done.key} could not be done: {done.fault or 'no result'}. Nothing "
                "was written of the whole; run it again."
            )
        yield done.key, done.result


@contextmanager
def workers(n: int | None = None, *, address: str | None = None) -> Iterator[Workers]:
    """Workers of a cluster that runs already, or else processes of this machine.

    Parameters
    ----------
    n
        How many processes to start; default as many as there are processors. Each keeps under
        `MEMORY_OF_A_WORKER`; they listen on this machine alone, and end with the block.
    address
        Of a Dask scheduler (``tcp://…``, ``tls://…``); its workers need this product, of the same
        version.

    Raises
    ------
    AnalysisError
        If Dask is not installed, or no scheduler answers at the address.
    """
    try:
        import distributed
    except ImportError:
        raise AnalysisError(
            "Many areas need Dask. Install it: python -m pip install 'ed-hotspots[cluster]'"
        ) from None
    if address is not None:
        with _client(distributed, address) as client:
            yield Workers(client, max(len(client.scheduler_info(n_workers=-1)["workers"]), 1))
        return
    count = n or os.cpu_count() or 1
    import dask

    settings = {
        "distributed.nanny.pre-spawn-environ": dict.fromkeys(_THREADS, "1"),
        "distributed.worker.use-file-locking": False,
    }
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=MEMORY_OF_A_WORKER,
            local_directory=scratch,
            silence_logs=50,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield Workers(client, count)


_OF_INPUT = "input: "


def _guarded(function: Callable[[Task], Result], task: Task) -> Result | str:
    """Run on a worker; an error comes back as words, as its message could hold a record's value."""
    try:
        return function(task)
    except EdHotspotsError as error:
        return f"{_OF_INPUT}{error}"
    except MemoryError:
        raise
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {Path(at.filename).name}:{at.lineno}"


def _outcome(key: str, future: Any, tries: int) -> Done[Any]:
    if future.status != "finished":
        return Done(key, None, f"its worker died or ran out of memory ({future.status})", tries)
    found = future.result()
    return Done(key, None, found, tries) if isinstance(found, str) else Done(key, found, "", tries)


def _first(items: Iterator[tuple[str, Any]], n: int) -> list[tuple[str, Any]]:
    return [item for _, item in zip(range(n), items, strict=False)]


@contextmanager
def _client(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout="20s")
    except (OSError, ValueError):
        raise AnalysisError(
            "No Dask scheduler answers at that address. Start one, or leave --dask out to use "
            "this machine."
        ) from None
    with client:
        yield client
