"""The command places review: list, ask, write the answers down, place the stored records anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ed_ingest.gazetteer import current_gazetteer
from ed_ingest.place_review import FORGET, record_answers, renew_places, texts_to_ask
from ed_ingest.workspace import Workspace
from hotspots.place_questions import (
    answers_to,
    asked_figures,
    asked_lines,
    given_answers,
    renewed_lines,
)
from hotspots.questions import Ask


def run_review(
    workspace: Workspace,
    *,
    top: int,
    given: Sequence[str],
    ask: Ask | None,
    tell: Callable[[list[str]], None],
) -> tuple[dict[str, Any], list[str]]:
    """Take the answers given, use all aliases for stored records, and list what is still open.

    Parameters
    ----------
    workspace
        An open workspace.
    top
        Texts to list or ask about at most.
    given
        Answers of the command line, each `TEXT=ANSWER`.
    ask
        Puts a question to a person; None where nobody can answer.
    tell
        Prints lines before the questions.

    Returns
    -------
    tuple
        Figures for machines, and the lines to print.

    Raises
    ------
    EdHotspotsError
        If an answer or the reference data are wrong; no answer is then written.
    """
    gazetteer = current_gazetteer(workspace.reference)
    answers = given_answers(given)
    n = record_answers(workspace, [pair for pair in answers if pair[1] != FORGET], gazetteer)
    gazetteer = current_gazetteer(workspace.reference) if n else gazetteer
    forget = [text for text, answer in answers if answer == FORGET]
    renewed = renew_places(workspace, gazetteer, forget=forget)
    asked = texts_to_ask(workspace, gazetteer, most=top)
    lines = renewed_lines(renewed, n, str(workspace.root))
    if ask is None or not asked.n_texts:
        return asked_figures(asked, renewed, n), [*lines, *asked_lines(asked)]
    tell(lines)
    n, forget = 0, []
    for phrase, answer in answers_to(asked, gazetteer, ask=ask, tell=tell):
        if answer == FORGET:
            forget.append(phrase)
        else:
            # Each at once: what was answered is kept whatever happens to the terminal.
            n += record_answers(workspace, [(phrase, answer)], gazetteer)
    gazetteer = current_gazetteer(workspace.reference) if n else gazetteer
    renewed = renew_places(workspace, gazetteer, forget=forget)
    left = texts_to_ask(workspace, gazetteer, most=top)
    lines = renewed_lines(renewed, n, str(workspace.root))
    lines.append(f"{left.n_texts} texts without a place are left.")
    return asked_figures(left, renewed, n), lines
