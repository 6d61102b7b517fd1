import os
from pathlib import Path

import pytest

from ed_ingest.errors import FileError
from ed_ingest.reachable import reachable, shown_name


def test_an_ordinary_file_is_reachable_and_so_is_one_behind_a_link(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("a")
    link = tmp_path / "b.csv"
    link.symlink_to(file)

    assert reachable(file) == file
    assert reachable(link) == link


def test_a_folder_named_like_a_file_is_refused(tmp_path):
    (tmp_path / "x.csv").mkdir()

    with pytest.raises(FileError, match=r"^x\.csv: a folder, not a file"):
        reachable(tmp_path / "x.csv")


def test_a_link_to_nothing_is_refused_as_such(tmp_path):
    (tmp_path / "x.csv").symlink_to(tmp_path / "gone.csv")

    with pytest.raises(FileError, match=r"^x\.csv: a link to a file that is not there"):
        reachable(tmp_path / "x.csv")


def test_a_link_to_itself_is_refused(tmp_path):
    (tmp_path / "x.csv").symlink_to(tmp_path / "x.csv")

    with pytest.raises(FileError, match=r"^x\.csv: "):
        reachable(tmp_path / "x.csv")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_is_refused_and_never_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.csv")

    with pytest.raises(FileError, match="not an ordinary file"):
        reachable(tmp_path / "x.csv")


@pytest.mark.parametrize("name", ["gone.csv", "a\0b.csv"])
def test_what_is_not_there_or_cannot_be_is_refused(tmp_path, name):
    with pytest.raises(FileError, match=r"no such file|cannot be opened"):
        reachable(tmp_path / name)


def test_a_name_is_shown_on_one_line():
    assert shown_name(Path("a\nb\x1b[31m.csv")) == "a?b?[31m.csv"
    assert shown_name(Path("Tŷ'r Ŵyl.csv")) == "Tŷ'r Ŵyl.csv"
