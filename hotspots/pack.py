"""From stored records to the folders that people open: the draft and the frozen month packs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from ed_ingest.errors import SettingsError
from ed_ingest.gazetteer import current_gazetteer
from ed_ingest.given import require_kind
from ed_ingest.store import open_store
from ed_ingest.tables import Gazetteer
from ed_ingest.what_left import published
from ed_ingest.workspace import Workspace
from hotspots.completeness_figures import change_lines, completeness_figures
from hotspots.completeness_tables import PublishableCompleteness
from hotspots.completeness_workbook import write_completeness_workbook
from hotspots.earlier_packs import overlapping
from hotspots.kept_packs import earlier_packs
from hotspots.pack_analysis import (
    completeness_of,
    month_to_show,
    months_of_map,
    publishable_of,
    ready_month,
)
from hotspots.pack_files import Pack, built, next_version, write_pack
from hotspots.pack_manifest import link_figures
from hotspots.publishable import Publishable
from hotspots.quality_extras import write_extras
from hotspots.report import write_completeness


@dataclass(frozen=True)
class Made:
    """What was made, for people and for machines; holds only what passed gate 2."""

    folder: Path
    figures: Mapping[str, Any]
    lines: list[str]


def publish_month(
    workspace: Workspace, *, month: str | None = None, gazetteer: Gazetteer | None = None
) -> Made:
    """Make the month pack and freeze it; where one exists, a new version is made beside it.

    Parameters
    ----------
    workspace
        An open workspace with linked records.
    month
        ``YYYY-MM``; default the latest month with records.
    gazetteer
        The workspace's reference data, where the caller has them loaded already.

    Returns
    -------
    Made
        ``folder`` of the pack, and its ``figures``; only what passed gate 2.

    Raises
    ------
    SettingsError
        If the marking or the rule on premises' names is not set.
    AnalysisError
        If there are no records for the month.
    """
    require_kind(workspace, Workspace, name="workspace", made_by="open_workspace")
    _require_choices(workspace)
    places = gazetteer or current_gazetteer(workspace.reference)
    month = ready_month(workspace, month, places)
    with open_store(workspace.store) as store:
        went_out = {pack.name for pack in published(store.connection)}
    folder = next_version(workspace.outputs / month, went_out)
    period = months_of_map(workspace, month)
    publishable = publishable_of(
        workspace,
        period,
        places,
        method=workspace.settings.small_numbers.method,
        beside=overlapping(*period, earlier_packs(workspace.outputs, went_out)),
    )
    # Exact counts beside those of an earlier pack would give small ones away by difference.
    scored = completeness_of(workspace, month, method=publishable.rounding)
    with built(folder) as unfinished:
        write_pack(unfinished, Pack(workspace, publishable, scored, folder.name))
    _tell_published(workspace, folder.name)
    return _made(folder, publishable, scored)


def is_published(workspace: Workspace, month: str) -> bool:
    """Whether the first pack of a month (``YYYY-MM``) stands.

    Where it was put in its place and the machine failed before that was noted, it is noted now.
    """
    if not (workspace.outputs / month).exists():
        return False
    with open_store(workspace.store) as store:
        noted = store.has_done("publish", month)
    if not noted:
        _tell_published(workspace, month)
    return True


def renew_draft(
    workspace: Workspace,
    *,
    month: str | None = None,
    nights: tuple[date, date] | None = None,
    theme: str | None = None,
    gazetteer: Gazetteer | None = None,
) -> Made:
    """Make outputs/draft/ anew: for the analyst, never circulated.

    Parameters
    ----------
    workspace
        An open workspace.
    month
        As for `publish_month`; its whole months are analysed.
    nights
        First and last night to analyse instead; completeness is that of the last one's month.
    theme
        Key of the one theme that the draft is to be of; None: of all assaults.
    gazetteer
        The workspace's reference data, where the caller has them loaded already.

    Returns
    -------
    Made
        As from `publish_month`.

    Raises
    ------
    SettingsError
        If `nights` end before they begin, or are given together with `month`.
    AnalysisError
        If there are no records for the period.
    """
    require_kind(workspace, Workspace, name="workspace", made_by="open_workspace")
    if nights and (month or nights[1] < nights[0]):
        raise SettingsError("--from, --to: give both, in order, and without --month.")
    places = gazetteer or current_gazetteer(workspace.reference)
    month = ready_month(workspace, f"{nights[1]:%Y-%m}" if nights else month, places)
    period = nights or months_of_map(workspace, month)
    publishable = publishable_of(workspace, period, places, method="round5", theme=theme)
    scored = completeness_of(workspace, month, method="round5")
    folder = workspace.outputs / "draft"
    with built(folder) as unfinished:
        write_pack(unfinished, Pack(workspace, publishable, scored, "draft"))
    return _made(folder, publishable, scored)


def renew_completeness(workspace: Workspace, *, month: str | None = None) -> Made:
    """Make outputs/draft/data-quality/ anew: the report, the workbook, and what goes beside."""
    month = month_to_show(workspace, month)
    scored = completeness_of(workspace, month, method="round5")
    folder = workspace.outputs / "draft" / "data-quality"
    folder.mkdir(parents=True, exist_ok=True)
    report = folder / "completeness.html"
    write_completeness(scored, report)
    write_completeness_workbook(scored, folder / "completeness.xlsx")
    write_extras(folder, workspace.settings, scored)
    figures = {"month": month, **completeness_figures(scored)}
    lines = [*_completeness_lines(scored), *change_lines(scored), f"Report: {report}"]
    return Made(folder, figures, lines)


def _require_choices(workspace: Workspace) -> None:
    open_choices = []
    if workspace.settings.partnership.marking is None:
        open_choices.append("partnership.marking")
    if workspace.settings.audiences.tasking.premises_names is None:
        open_choices.append("audiences.tasking.premises_names")
    if open_choices:
        raise SettingsError(
            f"settings.toml: set {' and '.join(open_choices)} before publishing: "
            "your sharing agreement says which."
        )


def _tell_published(workspace: Workspace, name: str) -> None:
    _name_latest(workspace.outputs / "latest.txt", name)
    with open_store(workspace.store) as store:
        store.audit("publish", name, {})


def _name_latest(path: Path, name: str) -> None:
    """Name the newest published month; a pack of an older month changes nothing."""
    earlier = path.read_text(encoding="utf-8").strip() if path.is_file() else ""
    if name[:7] >= earlier[:7]:
        path.write_text(name + "\n", encoding="utf-8")


def _made(folder: Path, publishable: Publishable, scored: PublishableCompleteness) -> Made:
    columns = ["hotspot_id", "rank", "name", "n", "n_low", "n_high", "peak", "share_not_found"]
    table = pd.DataFrame(publishable.hot_spots)[columns]
    figures = {
        "folder": str(folder),
        "period_from": f"{publishable.period_from:%Y-%m-%d}",
        "period_to": f"{publishable.period_to:%Y-%m-%d}",
        "n_recorded": publishable.n_recorded,
        "n_mapped": publishable.n_mapped,
        "n_home": publishable.n_home,
        "share_placed": publishable.share_placed,
        **link_figures(publishable),
        "hot_spots": json.loads(table.to_json(orient="records")),
        "withheld": list(publishable.withheld),
    }
    lines = [
        f"{row.rank}. {row.name}: " + ", ".join(filter(None, [f"{row.n:g}", str(row.peak)]))
        for row in table.itertuples(index=False)
    ]
    notes = [*publishable.analyst_notes] if publishable.area_comparison is not None else []
    return Made(folder, figures, [*lines, *notes, *_completeness_lines(scored), f"Pack: {folder}"])


def _completeness_lines(scored: PublishableCompleteness) -> list[str]:
    share = "too few to say" if scored.share_complete is None else f"{scored.share_complete:.0%}"
    word = "passes" if scored.partnership_passed else "does not pass"
    return [f"Complete rows: {share}. Type, time and place at least monthly: {word}."]
