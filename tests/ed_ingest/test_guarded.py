"""Reading in a process of its own: the same tables, bounded, and nothing else disturbed."""

import subprocess
import sys
from pathlib import Path
from threading import Timer

import psutil
import pytest

from ed_ingest import guarded, reading_child
from ed_ingest.errors import FileError
from ed_ingest.guarded import Limits, close_reader, read_guarded
from ed_ingest.read import read_extract
from ed_ingest.reading_child import Request

TEXT = "Arrival,Place,Method\n" + "03/01/2026 02:50,Street,Fist\n" * 3


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def large(tmp_path):
    path = tmp_path / "large.csv"
    path.write_text(TEXT + "03/01/2026 02:50,Street,Fist\n" * 400_000, encoding="utf-8")
    return path


@pytest.fixture(scope="module", autouse=True)
def no_reader_is_left():
    yield
    close_reader()


def test_the_table_is_the_one_that_is_read_in_this_process(file):
    here, there = read_extract(file), read_guarded(file)

    assert there.equals(here)
    assert there.index.equals(here.index)
    assert there.index.name == "row"
    assert there.attrs == here.attrs
    assert there.dtypes.equals(here.dtypes)


def test_one_process_reads_file_after_file(file):
    read_guarded(file)
    (first,) = guarded._waiting
    read_guarded(file)

    assert [reader.process.pid for reader in guarded._waiting] == [first.process.pid]


def test_the_sheet_and_header_row_are_passed_on(file):
    file.write_text("Notes,,\nMore,Of,Them\n" + TEXT, encoding="utf-8")

    assert list(read_guarded(file, header_row=2).columns) == ["More", "Of", "Them"]


def test_a_refusal_arrives_unchanged_and_the_reader_lives_on(file):
    file.write_text("", encoding="utf-8")
    with pytest.raises(FileError) as here:
        read_extract(file)
    with pytest.raises(FileError) as there:
        read_guarded(file)

    assert str(there.value) == str(here.value)
    assert len(guarded._waiting) == 1


def test_a_reader_that_takes_too_much_memory_is_ended_with_a_sentence(large):
    with pytest.raises(FileError, match=r"^large\.csv: takes more than 8 MB of memory to read"):
        read_guarded(large, limits=Limits(max_memory_mb=8))
    assert guarded._waiting == []


def test_a_reader_that_takes_too_long_is_ended_with_a_sentence(large):
    with pytest.raises(FileError, match=r"^large\.csv: not read within 0 seconds"):
        read_guarded(large, limits=Limits(max_seconds=0))
    assert guarded._waiting == []


def test_a_file_beyond_the_limit_is_refused(file):
    with pytest.raises(FileError, match="more than 0 MB"):
        read_guarded(file, limits=Limits(max_file_mb=0))


@pytest.mark.parametrize("end", ["os.abort()", "sys.exit()", "print('?' * 99)"])
def test_a_reader_that_dies_twice_is_a_refusal_and_the_next_file_gets_another(
    file, monkeypatch, end
):
    def dying():
        process = subprocess.Popen(
            [sys.executable, "-c", f"import os, sys; sys.stdin.buffer.read(20); {end}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return guarded._Reader(process, psutil.Process(process.pid))

    close_reader()
    with monkeypatch.context() as patched:
        patched.setattr(guarded, "_start", dying)
        with pytest.raises(FileError, match=r"^a\.csv: the reader ended on it without an answer"):
            read_guarded(file)
    assert len(read_guarded(file)) == 3


def test_a_fault_of_the_reader_tells_where_and_never_what(file, monkeypatch):
    def fail(*_, **__):
        raise ValueError("Surname")

    monkeypatch.setattr(reading_child, "read_extract", fail)
    monkeypatch.setattr(reading_child, "_limit_memory", lambda _: None)

    answer = reading_child._answer(Request(str(file), None, None, 1, 1))

    assert answer.fault.startswith("ValueError in test_guarded.py, line")
    assert "Surname" not in repr(answer)


def test_a_fault_of_the_reader_becomes_one_sentence(file, monkeypatch):
    answer = reading_child.Answer(None, fault="ValueError in x.py, line 1")
    monkeypatch.setattr(guarded, "_asked", lambda *_: answer)

    with pytest.raises(FileError, match=r"^a\.csv: the reader failed on it \(ValueError in x\.py"):
        read_guarded(file)


def test_a_module_that_lies_in_the_working_folder_is_not_run(file, monkeypatch):
    close_reader()
    for name in ("pandas", "struct", "ed_ingest"):
        (file.parent / f"{name}.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(file.parent)

    assert len(read_guarded(Path(file.name))) == 3


def test_what_is_no_ordinary_file_is_refused_before_a_reader_is_asked(tmp_path):
    with pytest.raises(FileError, match="no such file"):
        read_guarded(tmp_path / "gone.csv")


def test_a_closed_reader_is_gone(file):
    read_guarded(file)
    (reader,) = guarded._waiting
    close_reader()

    assert reader.process.returncode is not None
    assert guarded._waiting == []


def test_a_reader_that_was_ended_while_it_waited_is_no_fault_of_the_next_file(file):
    read_guarded(file)
    (reader,) = guarded._waiting
    reader.process.kill()
    reader.process.wait()

    assert len(read_guarded(file)) > 0


def test_a_reader_that_was_ended_while_it_read_is_asked_for_once_more(large):
    read_guarded(large)
    (reader,) = guarded._waiting
    before = reader.process.pid
    Timer(0.1, reader.process.kill).start()

    assert len(read_guarded(large)) > 400_000
    assert [r.process.pid for r in guarded._waiting] != [before]
