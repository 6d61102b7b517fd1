"""The steps ask in plain words, pass names of files on untouched, and undo what failed."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import pytest

from bundle.make import SCRIPTS

STEPS = SCRIPTS / "steps"


@pytest.fixture
def steps(monkeypatch):
    """The steps as they find each other in their own folder."""
    monkeypatch.syspath_prepend(str(STEPS))
    names = [path.stem for path in STEPS.glob("*.py")]
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    loaded = {name: __import__(name) for name in names}
    yield loaded
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "José & Söhne 100% (x)!" / "ed-hotspots"
    (folder / "workspace" / "providers").mkdir(parents=True)
    (folder / "workspace" / "settings.toml").write_text("[paths]\n", encoding="utf-8")
    monkeypatch.setenv("ED_HOTSPOTS_HOME", str(folder))
    return folder


def answering(monkeypatch, *answers):
    left = list(answers)
    monkeypatch.setattr("builtins.input", lambda question="": left.pop(0))
    return left


EVIL = [
    "a&b.xlsx",
    "100%.csv",
    "a^b!c.csv",
    "it's,(1);=.csv",
    "%USERNAME%.csv",
    "Môn—ŵ.csv",
    "&&.csv",
]


@pytest.mark.parametrize("name", EVIL)
def test_a_dragged_file_is_found_whatever_its_name(steps, name):
    # Windows puts quotes around a path with a blank in it, and around no other.
    script = r'"C:\Program Files\x & y\add-hospital.cmd"'
    for path in (rf"C:\in\{name}", rf"C:\in box\{name}"):
        shown = f'"{path}"' if " " in path else path
        called = rf'C:\WINDOWS\system32\cmd.exe /c "{script} {shown}"'
        assert steps["add_hospital"].dropped(called) == [path]


def test_several_dragged_files_are_told_apart(steps):
    called = r'cmd.exe /c ""C:\x\ADD-HOSPITAL.CMD" C:\a&b.csv "C:\c d.csv" C:\e.csv"'

    assert steps["add_hospital"].dropped(called) == [r"C:\a&b.csv", r"C:\c d.csv", r"C:\e.csv"]


@pytest.mark.parametrize(
    "called",
    ["", r"C:\WINDOWS\system32\cmd.exe", r'cmd.exe /c ""C:\x\add-hospital.cmd" "'],
)
def test_without_a_dragged_file_there_is_none(steps, called):
    assert steps["add_hospital"].dropped(called) == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Marford General Hospital", "marford-general-hospital"),
        ("Ysbyty Môn", "ysbyty-mon"),
        ("  St. Mary's (A&E) ", "st-mary-s-a-e"),
        ("x" * 60, "x" * 41),
        ("!!!", ""),
    ],
)
def test_a_short_name_is_proposed(steps, name, short):
    from ed_ingest.toml_tables import PROVIDER_ID

    assert steps["add_hospital"].short_name(name) == short
    assert steps["add_hospital"].ID.pattern == PROVIDER_ID


def test_a_name_that_windows_keeps_for_a_device_is_asked_for_again(steps, monkeypatch):
    answering(monkeypatch, "nul", "-x", "north")

    assert steps["add_hospital"].which_id("Nul") == "north"


def test_a_hospital_is_profiled_checked_and_its_file_dropped(steps, home, monkeypatch, tmp_path):
    file = tmp_path / "a&b 100%!.csv"
    file.write_text("x", encoding="utf-8")
    script = tmp_path / "add-hospital.cmd"
    monkeypatch.setenv("ED_HOTSPOTS_CALLED", f'cmd.exe /c ""{script}" "{file}""')
    answering(monkeypatch, "1", "Ysbyty Môn", "", "ISA-1", "y", "n", "y")
    ran = []

    def run(where, *arguments, **_):
        ran.append([str(part) for part in arguments])
        (home / "workspace" / "providers" / "ysbyty-mon.toml").touch()
        return 0

    module = steps["add_hospital"]
    monkeypatch.setattr(module, "run_program", run)

    assert module.main() == 0
    workspace = str(home / "workspace")
    assert ran == [
        ["profile", str(file), "-w", workspace, "--provider", "ysbyty-mon", "--name", "Ysbyty Môn",
         "--kind", "ed", "--source", "ed", "--agreement", "ISA-1", "--agreed", "age_band"],
        ["check", str(file), "-w", workspace, "--provider", "ysbyty-mon"],
    ]  # fmt: skip
    inbox = home / "workspace" / "inbox" / "ysbyty-mon"
    assert [path.name for path in inbox.iterdir()] == [file.name]


def test_the_options_that_the_steps_pass_exist(steps):
    from typer.main import get_command

    from hotspots import cli

    options = {o for p in get_command(cli.app).commands["profile"].params for o in p.opts}
    passed = {
        word for _, words in steps["add_hospital"].KINDS for word in words if word[:2] == "--"
    }
    assert passed | {"--name", "--agreement", "--agreed", "--provider", "-w"} <= options


def test_a_program_gets_its_arguments_as_they_are(steps, home, monkeypatch, capfd):
    plain = steps["plain"]
    monkeypatch.setattr(plain, "python_of", lambda program: Path(sys.executable))
    shown = "import sys; print(sys.argv[1:], sys.flags.ignore_environment)"

    assert plain.run_python(Path(sys.executable), "-c", shown, *EVIL, where=home) == 0
    assert capfd.readouterr().out.strip() == f"{EVIL} 1"


def a_bundle(folder: Path) -> Path:
    (folder / "wheels").mkdir(parents=True)
    (folder / "deepest.txt").write_text("100\n", encoding="utf-8")
    digest = hashlib.sha256(b"100\n").hexdigest()
    (folder / "SHA256SUMS.txt").write_text(f"{digest}  deepest.txt\n", encoding="utf-8")
    return folder


def test_a_damaged_folder_is_refused_by_the_name_of_the_file(steps, tmp_path):
    bundle = a_bundle(tmp_path / "b")
    steps["install"].check_whole(bundle)
    (bundle / "deepest.txt").write_text("101\n", encoding="utf-8")

    with pytest.raises(steps["plain"].Stop, match=r"^deepest\.txt is missing or damaged"):
        steps["install"].check_whole(bundle)


def test_a_zip_that_was_not_unpacked_is_told(steps, tmp_path):
    with pytest.raises(steps["plain"].Stop, match="Unpack the whole zip"):
        steps["install"].check_whole(tmp_path)


def an_earlier_program(home: Path) -> Path:
    program = home / "program"
    program.mkdir()
    (program / "installed.json").write_text("{}", encoding="utf-8")
    (program / "old").touch()
    return program


def test_an_upgrade_backs_up_first_and_a_failure_brings_the_old_program_back(
    steps, home, monkeypatch
):
    install, program = steps["install"], an_earlier_program(home)
    ran = []
    monkeypatch.setattr(install, "run_program", lambda *a, **k: ran.append(a[1]) or 0)

    assert install.put_aside(home) is True
    assert ran == ["backup"]
    assert not program.exists()
    program.mkdir()  # half made
    install.put_back(home, True)
    assert (program / "old").exists()
    assert not (home / "program.old").exists()


def test_without_a_back_up_nothing_is_changed(steps, home, monkeypatch):
    install, program = steps["install"], an_earlier_program(home)
    monkeypatch.setattr(install, "run_program", lambda *a, **k: 2)

    with pytest.raises(steps["plain"].Stop, match="back-up failed, so nothing was changed"):
        install.put_aside(home)
    assert (program / "old").exists()


def test_a_program_that_runs_is_not_replaced(steps, home, monkeypatch):
    install, program = steps["install"], an_earlier_program(home)
    # Windows refuses to rename a folder in which a program runs.
    monkeypatch.setattr(install, "_renamed", lambda folder, other: False)
    answering(monkeypatch, "", "q")

    with pytest.raises(steps["plain"].Stop, match="Nothing was changed"):
        install.put_aside(home)
    assert (program / "old").exists()


def test_an_upgrade_that_was_cut_off_is_taken_up_with_the_old_program(steps, home, monkeypatch):
    install, program = steps["install"], an_earlier_program(home)
    program.rename(home / "program.old")
    program.mkdir()
    ran = []
    monkeypatch.setattr(install, "run_program", lambda *a, **k: ran.append(a[1]) or 0)

    assert install.put_aside(home) is True
    assert ran == ["backup"]
    assert (home / "program.old" / "old").exists()


def test_a_workspace_is_made_of_three_answers_and_an_old_one_stays(steps, home, monkeypatch):
    install, ran = steps["install"], []
    monkeypatch.setattr(
        install, "run_program", lambda *a, **k: ran.append([str(x) for x in a[1:]]) or 0
    )
    install.make_workspace(home)
    assert ran == []

    (home / "workspace" / "settings.toml").unlink()
    answering(monkeypatch, "", 'Môn & "North"', "2", "3")
    install.make_workspace(home)
    assert ran == [
        ["init", str(home / "workspace"), "--name", 'Môn & "North"',
         "--marking", "OFFICIAL-SENSITIVE"],
    ]  # fmt: skip


def test_the_runtime_is_put_beside_numba_only_where_windows_has_none(steps, tmp_path, monkeypatch):
    site = tmp_path / "site"
    for name in ("sklearn/.libs/msvcp140.dll", "numba/a.pyd", "numba/core/b.pyd", "other/c.pyd"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("x", encoding="utf-8")
    system = tmp_path / "Windows" / "System32" / "msvcp140.dll"
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path / "Windows"))
    system.parent.mkdir(parents=True)
    system.touch()
    steps["install"].runtime_beside_numba(site)
    assert len(list(site.rglob("msvcp140.dll"))) == 1

    system.unlink()
    steps["install"].runtime_beside_numba(site)
    where = {p.parent.relative_to(site).as_posix() for p in site.rglob("msvcp140.dll")}
    assert where == {"sklearn/.libs", "numba", "numba/core"}


@pytest.mark.parametrize(
    ("version", "bits", "machine", "prefix", "suits"),
    [
        ((3, 12, 1), 64, "AMD64", r"C:\Python312", True),
        ((3, 10, 1), 64, "AMD64", r"C:\Python310", False),
        ((3, 12, 1), 32, "AMD64", r"C:\Python312-32", False),
        ((3, 12, 1), 64, "ARM64", r"C:\Python312-arm64", False),
        ((3, 12, 1), 64, "AMD64", r"C:\Program Files\WindowsApps\Python", False),
    ],
)
def test_only_a_python_with_wheels_here_is_taken(steps, version, bits, machine, prefix, suits):
    judged = steps["which_python"].suits(["3.11", "3.12"], version, bits, machine, prefix)
    assert judged is suits


def test_a_step_that_stops_says_so_in_one_sentence(steps, capsys):
    def step() -> int:
        raise steps["plain"].Stop("The stick is gone. Put it in.")

    with pytest.raises(SystemExit) as end:
        steps["plain"].finish(step)
    assert end.value.code == 2
    assert "STOPPED: The stick is gone. Put it in." in capsys.readouterr().out
