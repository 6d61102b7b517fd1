"""The commands of `ed-hotspots places`: parse, one call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from hotspots.printing import print_figures, tell_lines

app = typer.Typer(
    no_args_is_help=True, help="Places that the records name and the reference data do not know."
)


@app.callback()
def places() -> None:
    """Places that the records name and the reference data do not know."""


@app.command()
def review(
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    top: Annotated[int, typer.Option(min=1, max=1000, help="Texts to show at most.")] = 20,
    answer: Annotated[
        list[str] | None,
        typer.Option(
            help="TEXT=PLACE_ID, or TEXT=not_a_place, home, locality or forget; as often as needed."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Show the words that most often name no known place, and ask what they mean.

    Answers go to reference/aliases.csv and are used from then on, also for stored records whose
    words are still held.
    """
    from ed_ingest.workspace import open_workspace
    from hotspots.review import run_review

    ask = None if answer or as_json or not sys.stdin.isatty() else _ask
    figures, lines = run_review(
        open_workspace(workspace), top=top, given=answer or [], ask=ask, tell=tell_lines
    )
    print_figures(figures, lines, as_json)


def _ask(question: str, default: str) -> str:
    answer: str = typer.prompt(question, default=default, show_default=bool(default))
    return answer
