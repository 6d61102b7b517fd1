"""An export that is cut off anywhere: old records or new ones, and the next run mends it."""

from __future__ import annotations

from itertools import count

import pandas as pd
import pytest

from ed_ingest.errors import StoreError
from hotspots.record_files import open_records, read_records, write_records
from hotspots.record_storage import Storage, make_private, open_storage
from tests.hotspots.record_builder import table, tables, without

pytest.importorskip("fsspec")
NUMBERS = count()


class Killed(BaseException):
    """As if the process had ended here."""


def kill_at(monkeypatch, moment: int) -> None:
    """End at the n-th single file that is written or deleted; of this one nothing happens."""
    left, write, remove = [moment], Storage.write, Storage.remove

    def one_less() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    def killed_write(self, files):
        for path, content in files.items():
            one_less()
            write(self, {path: content})

    def killed_remove(self, paths):
        for path in paths:
            one_less()
            remove(self, [path])

    monkeypatch.setattr(Storage, "write", killed_write)
    monkeypatch.setattr(Storage, "remove", killed_remove)


def changed() -> dict[str, pd.DataFrame]:
    """The records of a month later: one gone, one corrected, one provider gone, one new."""
    later = without(tables(), "e1")
    more = table("assaults", [{"event_id": "e9", "provider": "cwm", "admitted": "yes"}])
    kept = later["assaults"].assign(transfer="yes").query("provider != 'bryn'")
    assaults = pd.concat([kept, more]).sort_values("event_id", ignore_index=True)
    return {**later, "assaults": assaults.astype(later["assaults"].dtypes)}


# Of two tables alone, as each moment takes two exports; links hang on assaults.
OLD = {name: rows for name, rows in tables().items() if name in ("assaults", "links")}
NEW = {name: rows for name, rows in changed().items() if name in OLD}


def named(address: str) -> dict[str, set[str]]:
    """The files that a reader goes by, by provider: their names tell their content."""
    try:
        partitions = open_records(address).partitions
    except StoreError:
        return {}
    return {p: set(some["path"]) for p, some in partitions.groupby("provider")}


def copied(source: str, target: str) -> None:
    """The same files at another address."""
    there = open_storage(source)
    make_private(open_storage(target))
    open_storage(target).write(there.read(there.listed()))


@pytest.fixture(params=["folder", "memory"])
def address(request, tmp_path):
    """Makes addresses that nothing was written to."""
    if request.param == "folder":
        return lambda: str(tmp_path / str(next(NUMBERS)))
    return lambda: f"memory://killed/{next(NUMBERS)}"


@pytest.mark.parametrize("first", [True, False], ids=["first export", "later export"])
def test_readers_find_old_or_new_records_of_each_provider_never_a_mix(address, monkeypatch, first):
    before, after = address(), address()
    old = {} if first else named(write_records(OLD, before, source="s").address)
    new = named(write_records(NEW, after, source="s").address)
    states, ended = set(), False
    for moment in count():
        there = address()
        copied(before, there)
        with monkeypatch.context() as patched:
            kill_at(patched, moment)
            try:
                write_records(NEW, there, source="s")
                ended = True
            except Killed:
                pass
        found, lying = named(there), set(open_storage(there).listed())
        for provider in {*old, *new, *found}:
            assert found.get(provider) in (old.get(provider), new.get(provider)), moment
            assert found.get(provider, set()) <= lying, moment
        states.add(str(sorted(found.items())))
        # The next run mends it: the new records, and no file beside those that the index names.
        files = write_records(NEW, there, source="s")
        assert named(there) == new
        lying = {path for path in open_storage(there).listed() if not path.startswith("_index/")}
        assert lying == set(files.partitions["path"])
        if ended:
            break
    assert moment > 6
    assert len(states) > (1 if first else 3)  # killed before, between and after the providers
    for name in OLD:
        pd.testing.assert_frame_equal(read_records(files, name), NEW[name])


def test_what_a_provider_left_that_went_after_a_cut_is_deleted(address, monkeypatch):
    there = address()
    with monkeypatch.context() as patched:
        kill_at(patched, 9)  # some files are written, no index names them
        with pytest.raises(Killed):
            write_records(tables(), there, source="s")
    assert [p for p in open_storage(there).listed() if "provider=afon" in p]

    write_records({"assaults": tables()["assaults"].query("provider == 'bryn'")}, there, source="s")

    assert not [p for p in open_storage(there).listed() if "provider=afon" in p]


def test_half_a_file_is_neither_read_nor_left(tmp_path):
    files = write_records(tables(), str(tmp_path))
    path = tmp_path / files.partitions["path"][0]
    half = path.with_name(f".{path.name}.unfinished")
    half.write_bytes(path.read_bytes()[:100])

    assert len(read_records(open_records(str(tmp_path)), "assaults")) == 3
    write_records(tables(), str(tmp_path))
    assert not half.exists()
