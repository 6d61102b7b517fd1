"""Copies of a pack: whole or not at all, read back, done again without harm."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from hotspots import circulated_files
from hotspots.circulated_files import Brought, bring, name_latest

FILES = {"tasking-map.html": b"<p>map</p>", "tasking-brief.pdf": b"%PDF", "more/notes.csv": b"n"}


@pytest.fixture
def source(tmp_path):
    for name, content in FILES.items():
        path = tmp_path / "outputs" / "2026-11" / "tasking" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "outputs" / "2026-11" / "tasking"


@pytest.fixture
def share(tmp_path):
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


def content(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def hidden(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob(".*")]


def test_all_files_come_byte_for_byte_and_nothing_else(source, share):
    assert bring(source, share, "2026-11") == Brought(3, 3, 0)

    assert content(share / "2026-11") == FILES
    assert [p.name for p in share.iterdir()] == ["2026-11"]


def test_done_again_nothing_changes(source, share):
    bring(source, share, "2026-11")
    before = {p: p.stat().st_mtime_ns for p in share.rglob("*")}

    assert bring(source, share, "2026-11") == Brought(3, 0, 0)
    assert {p: p.stat().st_mtime_ns for p in share.rglob("*")} == before


def test_what_a_reader_changed_stays_and_what_was_taken_away_comes_back(source, share):
    bring(source, share, "2026-11")
    (share / "2026-11" / "tasking-brief.pdf").write_bytes(b"with our own notes")
    (share / "2026-11" / "more" / "notes.csv").unlink()
    (share / "2026-11" / "minutes.txt").write_bytes(b"theirs")

    assert bring(source, share, "2026-11") == Brought(3, 1, 1)
    assert content(share / "2026-11") == {
        **FILES, "tasking-brief.pdf": b"with our own notes", "minutes.txt": b"theirs",
    }  # fmt: skip
    assert hidden(share) == []


def test_a_version_stands_beside_the_earlier_one(source, share):
    bring(source, share, "2026-11")
    bring(source, share, "2026-11.v2")

    assert content(share / "2026-11") == content(share / "2026-11.v2") == FILES


def test_a_folder_that_is_not_there_is_not_made(source, share):
    share.rmdir()

    with pytest.raises(FileNotFoundError):
        bring(source, share, "2026-11")
    assert not share.exists()


@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_end_in_mid_copy_leaves_nothing_that_can_be_seen(source, share, monkeypatch, after):
    copied, copy = [], circulated_files._copy

    def cut(from_, to):
        if len(copied) == after:
            raise OSError(errno.ENOSPC, "no space")
        copied.append(copy(from_, to))

    monkeypatch.setattr(circulated_files, "_copy", cut)
    with pytest.raises(OSError, match="no space"):
        bring(source, share, "2026-11")
    assert list(share.iterdir()) == []

    # Killed, it cannot tidy up: what is left is hidden, and the next copy takes it away.
    half = share / ".2026-11.unfinished"
    half.mkdir()
    (half / "tasking-map.html").write_bytes(b"<p>m")
    monkeypatch.undo()
    bring(source, share, "2026-11")
    assert content(share) == {f"2026-11/{name}": text for name, text in FILES.items()}


def test_a_copy_that_does_not_read_back_the_same_is_not_shown(source, share, monkeypatch):
    def spoilt(path):
        return "0" * 64 if share in path.parents else "1" * 64

    monkeypatch.setattr(circulated_files, "_sha256", spoilt)

    with pytest.raises(OSError, match="read back") as found:
        bring(source, share, "2026-11")
    assert found.value.errno == errno.EIO
    assert list(share.iterdir()) == []


def test_a_share_that_cannot_sync_still_gets_its_copy(source, share, monkeypatch):
    def cannot(number):
        raise OSError(errno.EINVAL, "no such call")

    monkeypatch.setattr(os, "fsync", cannot)

    assert bring(source, share, "2026-11").new == 3


def test_the_rename_is_the_last_thing_that_happens(source, share, monkeypatch):
    seen = []
    rename = Path.rename

    def looked_at(self, target):
        seen.append((content(self), [p.name for p in share.iterdir()]))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", looked_at)
    bring(source, share, "2026-11")

    assert seen == [(FILES, [".2026-11.unfinished"])]


def test_a_place_taken_by_a_file_is_an_error_and_stays(source, share):
    (share / "2026-11").write_bytes(b"somebody's file")

    with pytest.raises(OSError, match=r".+"):
        bring(source, share, "2026-11")
    assert (share / "2026-11").read_bytes() == b"somebody's file"


@pytest.mark.parametrize(
    ("names", "latest"),
    [
        (["2026-10", "2026-11"], "2026-11"),
        (["2026-11", "2026-10"], "2026-11"),
        (["2026-11", "2026-11.v2"], "2026-11.v2"),
        (["2026-11.v10", "2026-11.v9"], "2026-11.v10"),
        (["2026-11", "2026-10.v2"], "2026-11"),
    ],
)
def test_the_latest_is_the_newest_month_and_its_newest_version(share, names, latest):
    for name in names:
        name_latest(share, name)

    assert (share / "latest.txt").read_text(encoding="utf-8") == f"{latest}\n"
    assert hidden(share) == []


def test_a_latest_that_names_no_pack_is_written_anew(share):
    (share / "latest.txt").write_text("my own words", encoding="utf-8")
    name_latest(share, "2026-11")

    assert (share / "latest.txt").read_text(encoding="utf-8") == "2026-11\n"


@pytest.mark.skipif(os.name != "posix", reason="there are no such rights here")
def test_who_may_read_the_folder_may_read_the_copies_of_a_service_that_keeps_files_to_itself(
    source, share
):
    share.chmod(0o2750)
    before = os.umask(0o077)
    try:
        bring(source, share, "2026-11")
        name_latest(share, "2026-11")
        (share / "2026-11" / "tasking-brief.pdf").unlink()
        bring(source, share, "2026-11")
    finally:
        os.umask(before)

    modes = {p.name: p.stat().st_mode & 0o777 for p in share.rglob("*")}
    assert modes == {
        "2026-11": 0o750, "more": 0o750, "tasking-map.html": 0o640, "tasking-brief.pdf": 0o640,
        "notes.csv": 0o640, "latest.txt": 0o640,
    }  # fmt: skip
