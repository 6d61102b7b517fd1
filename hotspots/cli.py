"""The command line: parse the arguments, make one call, print."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ed_ingest.errors import EdHotspotsError
from hotspots import keeper_commands, places_commands
from hotspots.analyse_command import analyse
from hotspots.circulate_command import circulate, circulated_after
from hotspots.doctor_command import doctor
from hotspots.export_command import export
from hotspots.inbox_commands import retry
from hotspots.printing import (
    DONE,
    FAULT,
    HELD_BACK,
    issue_lines,
    out,
    print_figures,
    print_json,
    print_receipts,
    progress,
    tell_lines,
)
from hotspots.retention_commands import erase, purge
from hotspots.service_command import watch
from hotspots.simulate_command import simulate
from hotspots.status_command import status
from hotspots.why_link_command import why_link

if TYPE_CHECKING:
    from ed_ingest.workspace import Workspace

# The heavy libraries are imported inside the commands, so that --help answers at once.

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Hospital assault records and police recorded crime, made into hot-spot maps and "
    "completeness reports. Exit codes: 0 done, 1 done with rows held back, 2 refused or wrong "
    "usage, 3 a fault of the program.",
)

app.add_typer(places_commands.app, name="places")

WorkspaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")]
ProviderOption = Annotated[str, typer.Option("--provider", help="Id of the provider.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
ReceivedOption = Annotated[
    datetime | None,
    typer.Option("--received", formats=["%Y-%m-%d"], help="Day the delivery came; default today."),
]
MonthOption = Annotated[
    str | None, typer.Option("--month", help="Month of the pack, YYYY-MM; default the latest.")
]


def main() -> None:
    """Run the command; one sentence for what the user can mend, exit code 3 for a fault."""
    for stream in (sys.stdout, sys.stderr):
        # Windows would print Welsh names in a code page that does not have their letters.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
    try:
        app()
    except EdHotspotsError as error:
        sys.stderr.write(f"ed-hotspots: {error}\n")
        sys.exit(error.exit_code)
    except Exception as error:
        _tell_fault(error)
        sys.exit(FAULT)


def _tell_fault(error: Exception) -> None:
    """Where it failed, without the message: it could hold a patient's value."""
    if os.environ.get("ED_HOTSPOTS_DEBUG"):
        traceback.print_exc()
        return
    for frame in traceback.extract_tb(error.__traceback__):
        sys.stderr.write(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}\n")
    sys.stderr.write(
        f"ed-hotspots: a fault in the program ({type(error).__name__}). Nothing half done was "
        "kept. Please report the lines above; they hold no record's value.\n"
    )


@app.command()
def demo(
    workspace: Annotated[
        Path, typer.Option("--workspace", help="New folder, or an earlier demo's.")
    ] = Path("demo-workspace"),
    months: Annotated[int, typer.Option(min=1, max=60, help="Months of deliveries.")] = 12,
    assaults: Annotated[int, typer.Option(min=50, help="Assaults to simulate.")] = 5000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same partnership.")] = 1,
    reference: Annotated[
        Path | None,
        typer.Option(help="Folder of real open data: places, boundary, small areas, police.uk."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Simulate a partnership, run everything, and say where to look."""
    from hotspots.demo import run_demo

    with progress(as_json) as bar:
        task = bar.add_task("Simulating", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        summary = run_demo(
            workspace, assaults=assaults, months=months, seed=seed, reference=reference, tell=tell
        )
    print_figures(summary.figures, summary.lines, as_json)


@app.command()
def init(
    workspace: Annotated[Path, typer.Argument(help="New folder for the workspace.")],
    name: Annotated[str | None, typer.Option(help="Name of the partnership.")] = None,
    marking: Annotated[str | None, typer.Option(help="Protective marking of the outputs.")] = None,
    premises_names: Annotated[
        bool | None,
        typer.Option(
            "--premises-names/--no-premises-names",
            help="Whether the sharing agreement lets a tasking meeting see names of premises.",
        ),
    ] = None,
) -> None:
    """Make a commented, ready-to-edit workspace."""
    from ed_ingest.workspace import make_workspace

    if sys.stdin.isatty():
        name = name or typer.prompt("Name of the partnership")
        marking = marking or typer.prompt("Protective marking that the agreement sets")
        if premises_names is None:
            premises_names = typer.confirm(
                "Does the sharing agreement let tasking meetings see the names of premises?"
            )
    made = make_workspace(
        workspace, name=name or workspace.name, marking=marking, premises_names=premises_names
    )
    out.print(f"Workspace made: {made.root}", soft_wrap=True, markup=False)
    for setting, value in (("marking", marking), ("premises_names", premises_names)):
        if value is None:
            out.print(f"Before publishing, set {setting} in settings.toml: see your agreement.")
    out.print(
        "Next: put reference data in reference/, then: ed-hotspots profile FILE -w "
        f"{workspace} --provider ID (see docs/quickstart-analyst.md)",
        soft_wrap=True,
        markup=False,
    )


@app.command()
def profile(
    file: Annotated[Path, typer.Argument(help="One delivery, as it came.")],
    workspace: WorkspaceOption,
    provider: ProviderOption,
    kind: Annotated[str, typer.Option(help="ed, police or counts.")] = "ed",
    source: Annotated[str, typer.Option(help="ed, ambulance or urgent_care.")] = "ed",
    name: Annotated[str | None, typer.Option(help="Name of the provider, as printed.")] = None,
    agreement: Annotated[
        str | None, typer.Option(help="Reference of the sharing agreement.")
    ] = None,
    agreed: Annotated[
        str, typer.Option(help="Items agreed beyond the default: age_band,sex.")
    ] = "",
    sheet: Annotated[str | None, typer.Option(help="Sheet of the records.")] = None,
    codes: Annotated[
        Path | None, typer.Option(help="A table of codes and descriptions, such as an ETOS sheet.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Write what is proposed, ask nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Propose how to read an unseen layout; write providers/ID.toml once confirmed."""
    from hotspots.profile import Wanted, run_profile

    wanted = Wanted(
        kind=kind,
        source=source,
        name=name,
        reference=agreement,
        items=tuple(item.strip() for item in agreed.split(",") if item.strip()),
        sheet=sheet,
        codes=codes,
    )
    ask = None if yes or as_json or not sys.stdin.isatty() else _ask
    tell = (lambda _: None) if as_json else tell_lines
    figures, lines = run_profile(
        file, _open(workspace), provider, wanted, yes=yes, ask=ask, tell=tell
    )
    print_figures(figures, lines, as_json)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The file as delivered.")],
    workspace: WorkspaceOption,
    provider: ProviderOption,
    received: ReceivedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what would be stored, held back and dropped, and why; write nothing."""
    from ed_ingest.pipeline import check as dry_run
    from hotspots.police_input import deliveries

    opened = _open(workspace)
    with deliveries([file], opened, provider) as (found, notes, refused):
        if refused:
            raise refused[0]
        if not as_json:
            tell_lines(notes)
        at = received or _now()
        receipts = [dry_run(path, opened, provider, received_at=at) for path in found]
    print_receipts(receipts, as_json)


@app.command()
def ingest(
    files: Annotated[list[Path], typer.Argument(help="The files as delivered.")],
    workspace: WorkspaceOption,
    provider: ProviderOption,
    received: ReceivedOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take these files into the store now, each all of it or nothing; police files in a zip too."""
    from ed_ingest.gazetteer import load_gazetteer
    from ed_ingest.pipeline import ingest as take
    from hotspots.police_input import deliveries

    opened = _open(workspace)
    places = load_gazetteer(opened.reference)
    receipts, refused = [], 0
    with (
        deliveries(files, opened, provider) as (found, notes, errors),
        progress(as_json) as bar,
    ):
        for file in bar.track(found, description="Ingesting"):
            try:
                receipts.append(
                    take(file, opened, provider, received_at=received or _now(), gazetteer=places)
                )
            except EdHotspotsError as error:
                errors.append(error)
    for refusal in errors:
        sys.stderr.write(f"ed-hotspots: {refusal}\n")
        refused = refusal.exit_code
    if not as_json:
        tell_lines(notes)
    print_receipts(receipts, as_json, refused=refused)


@app.command()
def link(workspace: WorkspaceOption, as_json: JsonOption = False) -> None:
    """Group patients into incidents and link them with police recorded crime."""
    from ed_ingest.linking import link_records
    from hotspots.link_words import link_lines
    from hotspots.police_input import area_only_words

    opened = _open(workspace)
    figures = link_records(opened)
    print_figures(figures, [*link_lines(figures), *area_only_words(opened)], as_json)


app.command()(analyse)


@app.command()
def publish(
    workspace: WorkspaceOption, month: MonthOption = None, as_json: JsonOption = False
) -> None:
    """Make the month pack, and freeze it; circulate it where folders are set."""
    from hotspots.pack import publish_month

    opened = _open(workspace)
    made = publish_month(opened, month=month)
    figures, lines, went_well = circulated_after(opened, made.folder.name)
    print_figures({**made.figures, **figures}, [*made.lines, *lines], as_json)
    raise typer.Exit(DONE if went_well else HELD_BACK)


@app.command()
def completeness(
    workspace: WorkspaceOption, month: MonthOption = None, as_json: JsonOption = False
) -> None:
    """Renew the data manager's report in outputs/draft/data-quality/."""
    from hotspots.pack import renew_completeness

    made = renew_completeness(_open(workspace), month=month)
    print_figures(made.figures, made.lines, as_json)


@app.command("self-assessment")
def self_assessment(workspace: WorkspaceOption, as_json: JsonOption = False) -> None:
    """Set our sharing beside the national survey of 2009, in outputs/draft/data-quality/."""
    from hotspots.quality_extras import renew_self_assessment

    figures, lines = renew_self_assessment(_open(workspace))
    print_figures(figures, lines, as_json)


@app.command()
def why(
    batch: Annotated[str, typer.Argument(help="Id of the batch, as status shows it.")],
    workspace: WorkspaceOption,
    as_json: JsonOption = False,
) -> None:
    """Show the rows of a batch that were held back or noted, and what to do about them."""
    from ed_ingest.issues import issue_kinds
    from ed_ingest.store import open_store

    with open_store(_open(workspace).store) as store:
        batches, issues = store.read("batches"), store.read("issues")
    if batch not in set(batches["batch_id"]):
        raise EdHotspotsError("No batch of that id. See: ed-hotspots status")
    issues = issues[issues["batch_id"] == batch].drop(columns="batch_id")
    if as_json:
        print_json({"batch_id": batch, "issues": json.loads(issues.to_json(orient="records"))})
        return
    lines = [line for kind in issue_kinds(issues, by_shape=True) for line in issue_lines(kind)]
    print_figures({}, lines or ["No row of this batch was held back or noted."], False)


@app.command()
def bench() -> None:
    """Run the project's own benchmarks (in a source tree)."""
    folder = Path(__file__).parent.parent / "benchmarks"
    if not folder.is_dir():
        raise EdHotspotsError(
            "The benchmarks are not part of the installed package: run make bench in a source tree."
        )
    for script in sorted(folder.glob("*.py")):
        if script.stem != "machine":
            subprocess.run([sys.executable, str(script)], check=True, cwd=folder)  # noqa: S603


app.command()(circulate)
app.command()(status)
app.command()(doctor)
app.command()(export)
app.command()(retry)
app.command()(simulate)
keeper_commands.add_to(app)
app.command()(purge)
app.command()(erase)
app.command()(watch)
app.command("why-link")(why_link)


def _open(root: Path) -> Workspace:
    from ed_ingest.workspace import open_workspace

    return open_workspace(root)


def _ask(question: str, default: str) -> str:
    answer: str = typer.prompt(question, default=default, show_default=bool(default))
    return answer


def _now() -> datetime:
    """Local wall-clock time, as everywhere in the store."""
    return datetime.now().astimezone().replace(tzinfo=None)
