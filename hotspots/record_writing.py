"""Write record files so that readers find old records or new ones, whenever it is cut off.

In this order, each step whole before the next: files of new content under new names; the indices,
each at once; then what no index names any more is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from ed_ingest.errors import EdHotspotsError
from hotspots.record_index import read_indices, require_format
from hotspots.record_layout import ABOUT, INDEX, index_path, part_provider, quoted
from hotspots.record_parts import (
    FORMAT,
    Placed,
    document,
    index_document,
    parts_of,
    placed,
    providers_of,
)
from hotspots.record_storage import FILES_AT_ONCE, Storage, make_private

_BYTES_AT_ONCE = 64 * 2**20


def replace_records(
    storage: Storage,
    tables: Mapping[str, pd.DataFrame],
    *,
    source: str,
    tell: Callable[[int, int], None] | None,
) -> None:
    """Replace what is there of the tables' providers, as `write_records` says."""
    there = storage.listed()
    require_format(storage, there)
    _refuse_other_files(storage, there)
    make_private(storage)
    before = read_indices(storage, there)
    whole = placed(tables)
    providers = providers_of(whole)
    _refuse_foreign(storage, [before[p]["source"] for p in providers if p in before], source)
    gone = [p for p in before if source and before[p]["source"] == source and p not in providers]
    # An index, be it empty, says whose a provider's files are, should the next lines be cut off.
    new = [p for p in providers if p not in before]
    _write_all(storage, ((index_path(p), index_document(p, source, [])) for p in new))

    files: dict[str, list[dict[str, Any]]] = {p: [] for p in providers}
    n_rows = sum(len(one.rows) for one in whole)
    _write_all(storage, _new_parts(whole, files, there, tell=partial(tell or _nobody, n_rows)))
    _write_all(storage, _changed_indices(before, {**files, **{p: [] for p in gone}}, source))
    # Until all of a first export is there, readers are told that nothing is.
    if ABOUT not in there:
        storage.write({ABOUT: document({"format": FORMAT, "crs": "EPSG:27700"})})
    _clear(storage, files, gone)


def _refuse_other_files(storage: Storage, there: Mapping[str, int]) -> None:
    """From a folder that others use for other things, their rights would be taken away."""
    begun = any(path.startswith(f"{INDEX}/") or part_provider(path) for path in there)
    if storage.system is None and there and not begun:
        raise EdHotspotsError(
            f"{storage.told}: holds other files. Name a new folder, for records alone."
        )


def _nobody(_total: int, _done: int) -> None:
    """Nobody waits to be told."""


def _refuse_foreign(storage: Storage, sources: list[str], source: str) -> None:
    foreign = sum(other != source for other in sources)
    if foreign:
        raise EdHotspotsError(
            f"{storage.told}: holds records of {foreign} of these providers from another "
            "workspace. Name another address, or empty this one."
        )


def _new_parts(
    whole: list[Placed],
    files: dict[str, list[dict[str, Any]]],
    there: Mapping[str, int],
    *,
    tell: Callable[[int], None],
) -> Iterator[tuple[str, bytes]]:
    """Path and content of each file that is not there yet; `files` gets what the index will say."""
    done = 0
    for table in whole:
        for part in parts_of(table):
            files[part.provider].append(part.facts)
            # One that was cut off is shorter.
            if there.get(part.facts["path"]) != len(part.content):
                yield part.facts["path"], part.content
            done += part.facts["rows"]
            tell(done)


def _changed_indices(
    before: Mapping[str, dict[str, Any]],
    files: Mapping[str, list[dict[str, Any]]],
    source: str,
) -> Iterator[tuple[str, bytes]]:
    for provider, named in files.items():
        content = index_document(provider, source, named)
        if provider not in before or json.loads(content) != before[provider]:
            yield index_path(provider), content


def _clear(storage: Storage, files: Mapping[str, list[dict[str, Any]]], gone: list[str]) -> None:
    """Delete what no index names any more, also what an export that was cut off has left."""
    named = {file["path"] for listed in files.values() for file in listed}
    ours = {quoted(provider) for provider in (*files, *gone)}
    left = [p for p in storage.listed() if part_provider(p) in ours and p not in named]
    storage.remove(sorted(left))
    storage.remove([index_path(provider) for provider in gone])


def _write_all(storage: Storage, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files as they come, many at once, and no more of them in memory than that."""
    waiting: dict[str, bytes] = {}
    for path, content in files:
        waiting[path] = content
        if len(waiting) >= FILES_AT_ONCE or sum(map(len, waiting.values())) >= _BYTES_AT_ONCE:
            storage.write(waiting)
            waiting = {}
    if waiting:
        storage.write(waiting)
