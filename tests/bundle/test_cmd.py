"""The .cmd files hold to what keeps cmd.exe from misreading paths and names of files."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from bundle.make import SCRIPTS, copy_scripts

NAMES = sorted(path.name for path in SCRIPTS.glob("*.cmd"))
STEPS = [name for name in NAMES if name not in ("install.cmd", "uninstall.cmd")]


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    made = tmp_path_factory.mktemp("bundle") / "made"
    copy_scripts(made)
    return {name: (made / name).read_bytes() for name in [*NAMES, "READ-ME-FIRST.txt"]}


def lines(data: bytes) -> list[str]:
    """Lines that are run, without remarks."""
    found = [line.strip() for line in data.decode("ascii").splitlines()]
    return [line for line in found if line and line != "rem" and not line.startswith("rem ")]


@pytest.mark.parametrize("name", [*NAMES, "READ-ME-FIRST.txt"])
def test_ascii_with_the_ends_of_lines_that_windows_needs(texts, name):
    data = texts[name]
    data.decode("ascii")
    assert data.count(b"\n") == data.count(b"\r\n") > 5
    assert data.count(b"\r") == data.count(b"\r\n")


@pytest.mark.parametrize("name", NAMES)
def test_variables_stay_in_the_file_and_exclamation_marks_mean_themselves(texts, name):
    text = lines(texts[name])
    assert text[:2] == ["@echo off", "setlocal EnableExtensions DisableDelayedExpansion"]
    if "setlocal EnableDelayedExpansion" in text:  # from there on nothing is put in by %
        after = text[text.index("setlocal EnableDelayedExpansion") :]
        assert not any("%" in line for line in after)


@pytest.mark.parametrize("name", NAMES)
def test_no_parameter_is_read_but_the_versions_that_we_pass_ourselves(texts, name):
    text = texts[name].decode("ascii")
    for found in re.finditer(r"%(~[a-z]*)?[0-9*]", text):
        assert found[0] == "%~dp0" or (name == "install.cmd" and found[0] == "%1")
    for call in re.findall(r"^.*\bcall (?!:find).*$", text, flags=re.MULTILINE):
        assert re.search(r"call :\w+( %%V)?\s*$", call)


@pytest.mark.parametrize("name", NAMES)
def test_what_may_hold_a_blank_or_a_sign_stands_in_quotes(texts, name):
    for line in lines(texts[name]):
        bare = re.sub(r'"[^"]*"', "", line)
        assert not re.search(r"%(?!%)(?!VERSION%|RC%)[A-Za-z_]{2,}", bare), line
        assert not re.search(r"!(?!RC!)\w+", bare), line
        assert "%~dp0" not in bare, line


@pytest.mark.parametrize("name", NAMES)
def test_no_block_in_brackets_could_be_closed_by_a_path(texts, name):
    for line in lines(texts[name]):
        if not line.startswith(("echo ", "for %%")):
            assert "(" not in re.sub(r'"[^"]*"', "", line), line


@pytest.mark.parametrize("name", NAMES)
def test_every_label_is_there_and_nothing_runs_on_into_one(texts, name):
    text = lines(texts[name])
    labels = {line[1:] for line in text if line.startswith(":")}
    joined = "\n".join(text)
    assert set(re.findall(r"\b(?:goto|call) :?(\w+)", joined)) <= labels
    for before, line in pairwise(text):
        if line.startswith(":") and line[1:] not in ("run", "failed", "remove"):
            assert before.startswith("exit"), line


@pytest.mark.parametrize("name", NAMES)
def test_the_end_of_every_program_is_looked_at(texts, name):
    text = lines(texts[name])
    for line, after in pairwise(text):
        if re.match(r'^"[^"]*(python|PYTHON|py)[^"]*" .*\.py"', line):
            assert after in (
                'set "RC=%ERRORLEVEL%"',
                'set "RC=!ERRORLEVEL!"',
                'if not "%ERRORLEVEL%"=="0" exit /b 0',
            ), line


@pytest.mark.parametrize("name", NAMES)
def test_whoever_stops_with_a_sentence_waits_to_be_read(texts, name):
    text = lines(texts[name])
    for at, line in enumerate(text):
        if line.startswith("echo STOPPED"):
            until = next(i for i in range(at, len(text)) if text[i].startswith("exit"))
            assert text[until - 1] == "pause"


def test_a_dragged_file_reaches_the_step_as_windows_wrote_it_and_nothing_runs_afterwards(texts):
    text = lines(texts["add-hospital.cmd"])
    assert 'set "ED_HOTSPOTS_CALLED=!cmdcmdline!"' in text
    # `exit` without /b: else cmd.exe would run what stands behind the & of a name.
    ends = [line for line in text if re.search(r"\bexit\b", line)]
    assert ends
    assert not any("/b" in line for line in ends)


@pytest.mark.parametrize("name", STEPS)
def test_every_command_finds_the_program_in_the_same_place(texts, name):
    text = lines(texts[name])
    assert 'set "EDH=%ED_HOTSPOTS_HOME%"' in text
    assert r'if not defined EDH set "EDH=%USERPROFILE%\ed-hotspots"' in text


def test_nothing_but_the_program_is_ever_removed_whole(texts):
    removed = [
        line
        for name in NAMES
        for line in lines(texts[name])
        if re.search(r"\b(rmdir|rd|del|erase)\b", line)
    ]
    assert [line for line in removed if "rmdir" in line] == [
        r'if exist "%EDH%\program.gone" rmdir /s /q "%EDH%\program.gone"',
        r'rmdir /s /q "%EDH%\program.gone"',
    ]
    assert not any("workspace" in line or "*" in line or "backups" in line for line in removed)


def test_every_step_that_a_command_names_is_there(texts):
    named = set()
    for name in NAMES:
        named |= set(re.findall(r"steps\\(\w+\.py)", texts[name].decode("ascii")))

    assert named == {p.name for p in (SCRIPTS / "steps").glob("*.py")} - {"plain.py"}
