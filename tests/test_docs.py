"""The documents keep their promises: every command exists, every example runs."""

from __future__ import annotations

import json
import re
import shlex
import sys
import zipfile
from pathlib import Path

import pytest
from typer.main import get_command

from hotspots import cli
from tests.ed_ingest.police_extracts import NICHE
from tests.ed_ingest.test_police_uk import NOW

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
COMMANDS = get_command(cli.app).commands
GROUPS = {name for name, command in COMMANDS.items() if hasattr(command, "commands")}


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def command_lines(path: Path) -> list[list[str]]:
    """Each `ed-hotspots …` line of a document's console blocks, in words."""
    lines = "\n".join(blocks(path.read_text(encoding="utf-8"), "console")).splitlines()
    words = [shlex.split(line, comments=True) for line in lines]
    found = []
    for parts in words:
        if any(part.endswith("ed-hotspots") for part in parts):
            start = next(i for i, part in enumerate(parts) if part.endswith("ed-hotspots"))
            found.append(parts[start + 1 :])
    return found


def run(arguments, monkeypatch, capsys) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["ed-hotspots", *arguments])
    with pytest.raises(SystemExit) as stop:
        cli.main()
    code, printed = int(stop.value.code or 0), capsys.readouterr()
    return code, printed.err if code else printed.out


def test_every_command_is_documented_and_every_documented_command_exists():
    table = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(\w[\w-]*)", table, flags=re.MULTILINE))

    assert documented == set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(command, monkeypatch, capsys):
    code, text = run([command, "--help"], monkeypatch, capsys)

    assert code == 0
    assert COMMANDS[command].help
    assert "Usage" in text


def test_every_command_of_a_group_is_documented_and_has_help(monkeypatch, capsys):
    table = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert "places" in GROUPS
    for group in GROUPS:
        for name, command in COMMANDS[group].commands.items():
            assert f"| `{group} {name} " in table
            code, text = run([group, name, "--help"], monkeypatch, capsys)
            assert code == 0
            assert command.help
            assert "Usage" in text


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_line_in_a_document_has_options_that_exist(path):
    for arguments in command_lines(path):
        if arguments[0].startswith("-"):
            continue
        command = COMMANDS[arguments[0]]
        if arguments[0] in GROUPS and arguments[1] in command.commands:
            command = command.commands[arguments[1]]
        known = {name for p in command.params for name in (*p.opts, *p.secondary_opts)}
        used = {word for word in arguments[1:] if word.startswith("-")}
        assert used <= known | {"--help"}, f"{path.name}: {' '.join(arguments)}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.name} -> {target}"


def test_the_analysts_quickstart_runs_as_written(tmp_path, monkeypatch, capsys):
    guide = ROOT / "docs" / "quickstart-analyst.md"
    (mapping,) = blocks(guide.read_text(encoding="utf-8"), "toml")
    monkeypatch.chdir(tmp_path)
    header = (
        "AttendanceNumber,ArrivalDateTime,IncidentDate,IncidentTime,AssaultMethodDesc,"
        "AssaultLocationTypeDesc,Premises,Street,Town,PresentingProblem\n"
    )
    rows = "".join(
        f"A{day:04},{day:02}/03/2025 03:15,{day:02}/03/2025,02:30,Fists/feet/head,Street,,"
        "High Street,Marford,Assault\n"
        for day in range(1, 29)
    )
    Path("march.csv").write_text(header + rows, encoding="utf-8")
    Path("extract.csv").write_text(NICHE.text, encoding="utf-8")
    with zipfile.ZipFile("months.zip", "w") as months:
        months.writestr("2025-01/2025-01-wexshire-street.csv", NOW)
    batch = "BATCH"
    for arguments in command_lines(guide):
        filled = [batch if word == "BATCH" else word for word in arguments]
        code, told = run(filled, monkeypatch, capsys)
        assert code == 0, f"{' '.join(arguments)} ended with {code}: {told}"
        if arguments[0] == "init":
            provider = Path("our-partnership/providers/marford-general.toml")
            provider.write_text(mapping, encoding="utf-8")
        if arguments[0] == "status":
            _, text = run([*filled, "--json"], monkeypatch, capsys)
            batch = json.loads(text)["batches"][0]["batch_id"]
            assert json.loads(text)["batches"][0]["n_stored"] == 28
    assert Path("our-partnership/outputs/2025-03/tasking/tasking-map.html").is_file()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_files_of_the_project_that_exist(path):
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:ed_ingest|hotspots|tests|schemas|benchmarks)/[\w./-]+\w)`", text):
        assert (ROOT / name).exists(), f"{path.name} names {name}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_no_document_holds_a_place_to_be_filled_in(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"DEMO-OUTPUT|^FIGURES$|TODO|TBD|XXX", text, flags=re.MULTILINE)


def test_every_make_target_in_a_document_exists():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set()
    for path in DOCUMENTS:
        for block in blocks(path.read_text(encoding="utf-8"), "console"):
            named |= set(re.findall(r"^make ([\w-]+)", block, flags=re.MULTILINE))

    assert {"demo", "test"} <= named <= targets


def test_the_readmes_windows_way_starts_the_demo():
    commands = command_lines(ROOT / "README.md")
    assert ["demo"] in commands
