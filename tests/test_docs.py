"""The documents keep their promises: every command exists, every example runs."""

from __future__ import annotations

import contextlib
import json
import re
import shlex
import shutil
import sys
import zipfile
from pathlib import Path

import pytest
from typer.main import get_command

from hotspots import cli
from tests.documents import (
    DOCUMENTS,
    ROOT,
    Block,
    blocks_of,
    first_line_missing,
    lines_of,
    run_line,
    run_page,
    words_of,
)
from tests.ed_ingest.police_extracts import NICHE
from tests.ed_ingest.test_police_uk import NOW

DOCS = ROOT / "docs"
COMMANDS = get_command(cli.app).commands
GROUPS = {name for name, command in COMMANDS.items() if hasattr(command, "commands")}


def command_lines(path: Path) -> list[list[str]]:
    """Each `ed-hotspots …` line of a document's console and bat blocks, in words."""
    lines = [
        line
        for block in blocks_of(path)
        if block.language in ("console", "bat")
        for line in lines_of(block)
    ]
    return [words for words in map(words_of, lines) if words]


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


def march() -> str:
    """A hospital's month: 28 nights with one assault each."""
    header = (
        "AttendanceNumber,ArrivalDateTime,IncidentDate,IncidentTime,AssaultMethodDesc,"
        "AssaultLocationTypeDesc,Premises,Street,Town,PresentingProblem\n"
    )
    return header + "".join(
        f"A{day:04},{day:02}/03/2025 03:15,{day:02}/03/2025,02:30,Fists/feet/head,Street,,"
        "High Street,Marford,Assault\n"
        for day in range(1, 29)
    )


def put(folder: Path, table: str, lines: str) -> None:
    """Write lines at the top of a table of the workspace's settings."""
    settings = folder / "our-partnership" / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    assert f"[{table}]\n" in text
    settings.write_text(text.replace(f"[{table}]\n", f"[{table}]\n{lines}\n"), encoding="utf-8")


def quick_inbox(folder: Path) -> None:
    """Let the service take what has held still for a moment."""
    settings = folder / "our-partnership" / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    quick = text.replace("scan_seconds = 10 ", "scan_seconds = 0.2 ")
    assert quick != text
    settings.write_text(quick, encoding="utf-8")


def give_places(folder: Path) -> None:
    """Put reference data of the made-up town where the pages say."""
    reference = folder / "our-partnership" / "reference"
    for path in (ROOT / "sample_data" / "marford" / "reference").iterdir():
        shutil.copy(path, reference)


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The folder in which the analyst's handbook was carried out as written, and what it told."""
    folder = tmp_path_factory.mktemp("handbook")
    (folder / "march.csv").write_text(march(), encoding="utf-8")
    (folder / "extract.csv").write_text(NICHE.text, encoding="utf-8")
    with zipfile.ZipFile(folder / "months.zip", "w") as months:
        months.writestr("2025-01/2025-01-wexshire-street.csv", NOW)
    guide = DOCS / "analyst-handbook.md"
    (mapping,) = (block.text for block in blocks_of(guide) if block.language == "toml")
    batch = "BATCH"
    with contextlib.chdir(folder):
        for arguments in command_lines(guide):
            code, told = run_line(shlex.join(["ed-hotspots", *arguments]).replace("BATCH", batch))
            assert code == 0, f"{' '.join(arguments)} ended with {code}: {told}"
            if arguments[0] == "init":
                provider = Path("our-partnership/providers/marford-general.toml")
                provider.write_text(mapping, encoding="utf-8")
            if arguments[0] == "status":
                _, text = run_line("ed-hotspots status -w our-partnership --json")
                (stored,) = json.loads(text)["batches"]
                assert stored["n_stored"] == 28
                batch = stored["batch_id"]
    quick_inbox(folder)
    give_places(folder)
    return folder, batch


def test_the_analysts_handbook_runs_as_written(finished):
    folder, _ = finished
    assert (folder / "our-partnership/outputs/2025-03/tasking/tasking-map.html").is_file()


def set_folders(folder: Path) -> None:
    """What the page on circulation asks to be set, with folders of this machine."""
    lines = []
    for audience in ("tasking", "analyst"):
        (folder / audience).mkdir()
        lines.append(f"{audience} = {json.dumps(str(folder / audience))}")
    put(folder, "circulation", "\n".join(lines))


def give_answers(folder: Path) -> None:
    """What the page on the self-assessment asks to be set."""
    answers = blocks_of(DOCS / "methods" / "self-assessment.md")
    (text,) = (block.text for block in answers if block.language == "toml")
    put(folder, "self_assessment", text.replace("[self_assessment]\n", ""))


# Pages whose commands run in a workspace such as the handbook leaves it, and what each asks to be
# set before.
ON_A_FINISHED_WORKSPACE = {
    "circulation.md": set_folders,
    "dpia.md": None,
    "information-governance.md": None,
    "it.md": None,
    "quickstart-data-manager.md": give_answers,
    "quickstart-information-governance.md": None,
    "quickstart-it.md": None,
    "record-files.md": None,
    "troubleshooting.md": None,
}
# Pages that begin with an empty folder: run by the tests below.
FROM_THE_BEGINNING = {
    "README.md",
    "analyst-handbook.md",
    "architecture.md",
    "python-api.md",  # by tests/test_python_api.py
    "quickstart-analyst.md",
    "worked-example.md",
}
# Blocks that no test runs, by what they begin with, and why.
NOT_RUN = {
    ("README.md", "make demo"): "installs; its journey is tests/test_journeys.py",
    ("README.md", "make test"): "these are the tests",
    ("README.md", "py -3.11 -m venv .venv"): "installs, on Windows",
    ("README.md", ".venv/bin/ed-hotspots watch"): "runs until it is stopped",
    ("CONTRIBUTING.md", "make check"): "installs; its targets are checked below",
}
RUN_LANGUAGES = ("console", "bash", "python")


@pytest.mark.parametrize("name", sorted(ON_A_FINISHED_WORKSPACE))
def test_a_pages_commands_run_as_written(name, finished, tmp_path):
    made, batch = finished
    folder = tmp_path / "work"
    shutil.copytree(made, folder)
    prepare = ON_A_FINISHED_WORKSPACE[name]
    if prepare:
        prepare(folder)
    run_all(DOCS / name, folder, batch=batch)


def test_the_quickstart_runs_as_written(tmp_path):
    (tmp_path / "march.csv").write_text(march(), encoding="utf-8")
    inbox = tmp_path / "our-partnership" / "inbox" / "marford-general"
    for block, _ in run_page(DOCS / "quickstart-analyst.md", tmp_path):
        if "ed-hotspots init" in block.text:
            give_places(tmp_path)
        if "ed-hotspots profile" in block.text:
            shutil.copy(tmp_path / "march.csv", inbox)
            quick_inbox(tmp_path)

    assert (tmp_path / "our-partnership/outputs/2025-03/index.html").is_file()


def test_the_readmes_commands_on_an_unseen_file_run_as_written(tmp_path):
    (tmp_path / "march.csv").write_text(march(), encoding="utf-8")
    (block,) = (each for each in blocks_of(ROOT / "README.md") if "ingest march.csv" in each.text)
    with contextlib.chdir(tmp_path):
        for line in lines_of(block):
            yes = " --yes" if " profile " in line else ""
            code, told = run_line(line + yes)
            assert code == 0, told


def test_one_records_journey_is_what_the_functions_return(tmp_path):
    shown = run_all(DOCS / "architecture.md", tmp_path, shows_output=True)

    assert shown == 7


@pytest.mark.long
def test_the_worked_example_prints_what_the_page_shows(tmp_path):
    shown = run_all(DOCS / "worked-example.md", tmp_path, shows_output=True)

    assert shown == 14


def run_all(path: Path, folder: Path, *, batch: str = "BATCH", shows_output: bool = False) -> int:
    """Run a page; say how many blocks of output were compared with what was printed."""
    compared, printed = 0, False
    for block, told in run_page(path, folder, batch=batch):
        if block.language in RUN_LANGUAGES:
            printed = True
        elif shows_output and block.language == "text" and printed and not block.file:
            assert (missing := first_line_missing(block.text, told)) is None, (
                f"{path.name} shows a line that is not printed: {missing}\n{told}"
            )
            compared += 1
            printed = False
    return compared


def test_every_block_is_run_or_says_why_not():
    left = {}
    for path in DOCUMENTS:
        for block in blocks_of(path):
            if block.language in RUN_LANGUAGES:
                why = why_not_run(path, block)
                if why and not block.not_run:
                    left[path.name, block.text.splitlines()[0]] = why
                elif not why:
                    assert path.name in {*ON_A_FINISHED_WORKSPACE, *FROM_THE_BEGINNING}, path.name

    assert len(left) == len(NOT_RUN)


def why_not_run(path: Path, block: Block) -> str:
    first = block.text.splitlines()[0]
    known = (why for (name, start), why in NOT_RUN.items()
             if name == path.name and first.startswith(start))  # fmt: skip
    return block.not_run or next(known, "")


def test_every_line_of_a_windows_block_is_known():
    known = re.compile(r"(copy|cd|install\.cmd|add-hospital\.cmd|watch\.cmd|ed-hotspots)\b")
    for path in DOCUMENTS:
        for block in blocks_of(path):
            if block.language == "bat":
                assert all(known.match(line) for line in block.text.splitlines()), path.name


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
        for block in blocks_of(path):
            if block.language == "console":
                named |= set(re.findall(r"^make ([\w-]+)", block.text, flags=re.MULTILINE))

    assert {"demo", "test"} <= named <= targets


def test_the_readmes_windows_way_starts_the_demo():
    commands = command_lines(ROOT / "README.md")
    assert ["demo"] in commands
