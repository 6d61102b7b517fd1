"""The command line's why-link: what speaks for and against each candidate crime of one assault."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hotspots.printing import print_figures

if TYPE_CHECKING:
    from ed_ingest.why_link import Candidate, Explanation

STATUS = {
    "linked": "Linked: a matching police record was found.",
    "linked_by_incident": "Linked by its incident: the record found is of another patient of it.",
    "not_found": "No matching police record found.",
    "not_linkable": "Not compared with police records.",
}
_WHICH = (
    "None of them is likelier than one in a million.",
    "The likeliest is shown.",
    "The likeliest are shown.",
)
FACTORS = {
    "share_known": "Share known",
    "distance": "Distance",
    "time": "Time",
    "coincidence": "Coincidence",
    "names_of_place": "Names of place",
    "wait_for_arrival": "Wait for the arrival",
    "method_and_offence": "Method and offence",
    "method_and_knife": "Weapon and knife marker",
    "place_and_night_time_economy": "Place and night-time marker",
    "place_and_domestic_abuse": "Place and domestic abuse",
    "alcohol": "Alcohol",
    "rivals": "Rivals",
    "same_incident": "Same incident",
}


def why_link(
    event: Annotated[str, typer.Argument(help="Id of the assault, as export assaults gives it.")],
    workspace: Annotated[Path, typer.Option("--workspace", "-w", help="The workspace folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Show what speaks for and against each candidate crime of one assault; audited."""
    from ed_ingest.linking import explain_link
    from ed_ingest.why_link import facts
    from ed_ingest.workspace import open_workspace

    explanation = explain_link(open_workspace(workspace), event)
    print_figures(facts(explanation), lines_of(explanation), as_json)


def lines_of(explanation: Explanation) -> list[str]:
    """The explanation in plain words."""
    told = [STATUS[explanation.link_status]]
    if explanation.reason:
        return [*told, explanation.reason]
    shown, n = len(explanation.candidates), explanation.n_candidates
    if not n:
        told.append("No crime lies near enough in place and time to be compared.")
    else:
        told.append(f"Crimes compared: {n}. {_WHICH[min(shown, 2)] if shown < n else ''}".strip())
    if explanation.stale:
        told.append("The records have changed since they were linked: run ed-hotspots link again.")
    return [
        *told,
        *(line for one in explanation.candidates for line in _candidate_lines(one, explanation)),
    ]


def _candidate_lines(one: Candidate, explanation: Explanation) -> list[str]:
    from ed_ingest.link_classes import strength_words

    rows = [
        f"  {FACTORS[part.factor]:<28}{part.log_odds:>+6.1f}  {part.found}; "
        f"{strength_words(part.log_odds)}"
        for part in one.factors
    ]
    sure = "over 99.9%" if one.probability > 0.999 else f"{one.probability:.1%}"
    total = f"  {'Together':<28}{one.log_odds:>+6.1f}  probability {sure}"
    return ["", f"{one.name.capitalize()} crime: {_verdict(one, explanation)}", *rows, total]


def _verdict(one: Candidate, explanation: Explanation) -> str:
    if one.chosen and explanation.link_status != "linked" and not explanation.stale:
        return "its best pair, but less likely than the threshold for a link"
    if one.chosen:
        return "chosen, as the pairs with the greatest expected number of right links hold it"
    if one.taken:
        return "not chosen: it is the pair of another assault"
    return "not chosen"
