"""What goes beside the completeness report: sheets for the hospitals, and the self-assessment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ed_ingest.errors import SettingsError
from ed_ingest.settings import Settings
from ed_ingest.workspace import Workspace
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.feedback import write_feedback
from hotspots.national_survey import load_survey
from hotspots.pack_analysis import NO_MARKING
from hotspots.self_assessment import Assessment, assess
from hotspots.self_assessment_report import figures, lines, stands_out, write_self_assessment

Entry = tuple[str, str, str]
_PAGE = "self-assessment.html"


def write_extras(folder: Path, settings: Settings, scored: PublishableCompleteness) -> list[Entry]:
    """Write a feedback sheet for each hospital, and the self-assessment once it is answered.

    Parameters
    ----------
    folder
        The data-quality folder of a pack or draft.
    settings
        The workspace's.
    scored
        The completeness that gate 2 let through.

    Returns
    -------
    list
        Entries of the front page, as `pages.write_index` takes them.
    """
    entries = [
        (f"{folder.name}/{file}", f"Feedback: {name}", "One page to send to the hospital (PDF).")
        for file, name in write_feedback(scored, folder)
    ]
    if _is_answered(settings):
        _write(_assessment(settings), settings, folder / _PAGE)
        words = "Our arrangements to share information, beside those of 2009."
        entries.append((f"{folder.name}/{_PAGE}", "Self-assessment", words))
    return entries


def renew_self_assessment(workspace: Workspace) -> tuple[dict[str, Any], list[str]]:
    """Make outputs/draft/data-quality/self-assessment.html anew.

    Returns
    -------
    tuple
        Figures for machines; lines for people.

    Raises
    ------
    SettingsError
        If settings.toml holds no answers.
    """
    settings = workspace.settings
    if not _is_answered(settings):
        raise SettingsError(
            "settings.toml: no answers under [self_assessment] yet. "
            "docs/methods/self-assessment.md shows how to give them."
        )
    found = _assessment(settings)
    path = workspace.outputs / "draft" / "data-quality" / _PAGE
    _write(found, settings, path)
    told = {
        "answered_on": settings.self_assessment.answered_on,
        "effectiveness": found.effectiveness.value,
        "national_effectiveness": found.national_effectiveness.value,
        "figures": figures(found),
        "stands_out": list(stands_out(found)),
        "arrangements": json.loads(found.arrangements.to_json(orient="records")),
        "agencies": json.loads(found.agencies.to_json(orient="records")),
    }
    return told, [*lines(found), f"Report: {path}"]


def _is_answered(settings: Settings) -> bool:
    return bool(settings.self_assessment.arrangements or settings.self_assessment.agencies)


def _assessment(settings: Settings) -> Assessment:
    answers = settings.self_assessment.model_dump()
    return assess(answers["arrangements"], answers["agencies"], load_survey())


def _write(found: Assessment, settings: Settings, path: Path) -> None:
    write_self_assessment(
        found,
        path,
        partnership=settings.partnership.name,
        marking=settings.partnership.marking or NO_MARKING,
        answered_on=settings.self_assessment.answered_on,
    )
