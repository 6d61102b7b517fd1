"""The command line's analyse --areas: one call, progress by areas, print."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from hotspots.printing import DONE, HELD_BACK, print_figures, progress

if TYPE_CHECKING:
    from ed_ingest.workspace import Workspace
    from hotspots.scale import Question


def analyse_many(workspace: Workspace, question: Question, *, as_json: bool) -> None:
    """Analyse many areas; ends with 1 where one failed, and the others stand.

    Parameters
    ----------
    workspace
        An open workspace.
    question
        What the options ask.
    as_json
        Whether figures are printed instead of lines, and no progress.
    """
    from hotspots.scale import analyse_areas

    with progress(as_json) as bar:
        task = bar.add_task("Starting", total=None)

        def tell(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage, completed=done, total=total)

        made = analyse_areas(workspace, question, tell=tell)
    print_figures(made.figures, made.lines, as_json)
    raise typer.Exit(DONE if made.all_done else HELD_BACK)
