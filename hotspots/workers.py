"""Tasks on a Dask cluster, here or elsewhere: each tried again, a failure told, not raised."""

from __future__ import annotations

import os
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Generic, TypeVar

from ed_ingest.errors import AnalysisError, EdHotspotsError

Task = TypeVar("Task")
Result = TypeVar("Result")

_OF_INPUT = "input: "
TRIES = 3
# So many tasks wait for each worker: no worker is idle, and what tasks carry is bounded.
AHEAD = 2
MEMORY_OF_A_WORKER = "3GiB"
ANSWERS_WITHIN = "20s"
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

    @property
    def words(self) -> str:
        """The fault as people read it."""
        return self.fault.removeprefix(_OF_INPUT)


@dataclass(frozen=True)
class Workers:
    """Workers that take tasks. Make one with `workers`."""

    client: Any
    n: int

    def run(
        self,
        function: Callable[[Task], Result],
        tasks: Mapping[str, Task] | Iterable[tuple[str, Task]],
        *,
        tries: int = TRIES,
    ) -> Iterator[Done[Result]]:
        """Run a function of a module over tasks; gives each when it is done, in any order.

        Parameters
        ----------
        function
            Importable by name on the workers, pure but for what it reads, so that a task whose
            worker died can be done again elsewhere.
        tasks
            What `function` gets, by a key of each; it is sent to the workers. Of pairs, none is
            asked for before a worker is about to be free: large ones need not be there at once.
        tries
            How often a task is tried before it counts as failed.
        """
        from distributed import as_completed

        waiting = iter(tasks.items() if isinstance(tasks, Mapping) else tasks)
        sent: dict[Any, tuple[str, Task, int]] = {}
        attempts = as_completed()

        def send(key: str, task: Task, nth: int = 1) -> None:
            with warnings.catch_warnings():
                # Dask advises to scatter a large task: each is needed by one worker, once.
                warnings.filterwarnings("ignore", message="Sending large graph")
                future = self.client.submit(_guarded, function, task, pure=False)
            sent[future] = key, task, nth
            attempts.add(future)

        for key, task in islice(waiting, self.n * AHEAD):
            send(key, task)
        for future in attempts:
            key, task, nth = sent.pop(future)
            done = _outcome(key, future, nth)
            # What is wrong with the input is so the next time, too.
            if done.fault and not done.fault.startswith(_OF_INPUT) and nth < tries:
                send(key, task, nth + 1)
                continue
            for following in islice(waiting, 1):
                send(*following)
            yield done


def results_of(
    workers: Workers,
    function: Callable[[Task], Result],
    tasks: Mapping[str, Task],
    *,
    what: str,
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
                f"The {what} {done.key} could not be done: {done.words or 'no result'}. Nothing "
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
        # Beside Dask's own, which give memory back to the system as soon as it is free.
        "distributed.nanny.pre-spawn-environ": {
            **dask.config.get("distributed.nanny.pre-spawn-environ", {}),
            **dict.fromkeys(_THREADS, "1"),
        },
        "distributed.worker.use-file-locking": False,
        # A sample of what each worker's code does, a hundred times a second: nobody looks at it.
        "distributed.worker.profile.enabled": False,
        # No pages: they would show what runs to whoever has an account on this machine.
        "distributed.scheduler.http.routes": [],
        "distributed.worker.http.routes": [],
    }
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch,
        dask.config.set(settings),
    ):
        cluster = distributed.LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            # Others on this machine reach its ports, too: only who has the certificate may ask.
            security=True,
            memory_limit=MEMORY_OF_A_WORKER,
            local_directory=scratch,
            silence_logs=50,
        )
        try:
            with distributed.Client(cluster) as client:
                yield Workers(client, count)
        finally:
            # On a busy machine a process may take long to end: what was done stands all the same.
            with suppress(TimeoutError):
                cluster.close()


@dataclass(frozen=True)
class _Fault:
    """What a task that failed gives back: no error, whose message could hold a record's value."""

    words: str


def _guarded(function: Callable[[Task], Result], task: Task) -> Result | _Fault:
    """Run on a worker; an error comes back as words."""
    try:
        return function(task)
    except EdHotspotsError as error:
        return _Fault(f"{_OF_INPUT}{error}")
    except MemoryError:
        raise
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        return _Fault(f"{type(error).__name__} in {Path(at.filename).name}:{at.lineno}")


def _outcome(key: str, future: Any, tries: int) -> Done[Any]:
    if future.status != "finished":
        return Done(key, None, f"its worker died or ran out of memory ({future.status})", tries)
    found = future.result()
    if isinstance(found, _Fault):
        return Done(key, None, found.words, tries)
    return Done(key, found, "", tries)


@contextmanager
def _client(distributed: Any, address: str) -> Iterator[Any]:
    try:
        client = distributed.Client(address, timeout=ANSWERS_WITHIN)
    except (OSError, ValueError):
        raise AnalysisError(
            "No Dask scheduler answers at that address. Start one, or leave --dask out to use "
            "this machine."
        ) from None
    with client:
        yield client
