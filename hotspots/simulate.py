"""A made-up partnership with known truth: the demo, the tests and the benchmarks use it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ed_ingest.errors import EdHotspotsError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.given import PathLike, path_of
from ed_ingest.workspace import make_workspace
from hotspots.simulated.deliveries import by_month, send_extract
from hotspots.simulated.incidents import make_incidents, period_of
from hotspots.simulated.police import record_crimes
from hotspots.simulated.police_uk import street_level_rows
from hotspots.simulated.real_town import real_town
from hotspots.simulated.sites import make_sites
from hotspots.simulated.town import invent_town
from hotspots.simulated.truth import true_deliveries
from hotspots.simulated.victims import HOSPITALS, make_attendances
from hotspots.simulated.workspace_files import (
    copy_reference,
    copy_street_files,
    write_deliveries,
    write_providers,
    write_reference,
    write_truth,
)

SIGN = "(SIMULATED DATA)"
MARKING = "OFFICIAL-SENSITIVE"


def simulate(
    workspace: PathLike,
    *,
    assaults: int = 5000,
    months: int = 12,
    seed: int = 1,
    reference: PathLike | None = None,
    police_uk: PathLike | None = None,
) -> Path:
    """Make a workspace full of made-up deliveries, and their truth beside them.

    Parameters
    ----------
    workspace
        New folder for the workspace.
    assaults
        Assault attendances in all, at least 1. A few transfers between hospitals, duplicate rows
        and attendances that are no assaults come on top.
    months
        Whole months up to December 2025, at least 1.
    seed
        The same seed gives the same bytes.
    reference
        Folder of reference data in the contract's formats. The assaults are then put on its places;
        without it a town is made up.
    police_uk
        Folder of real police.uk street files, delivered instead of made-up ones.

    Returns
    -------
    Path
        Folder of the truth: ``assaults.csv``, ``links.csv``, ``identifiers.csv``,
        ``deliveries.csv``, ``trends.csv``.

    Raises
    ------
    EdHotspotsError
        If `assaults` or `months` is less than 1.
    WorkspaceError
        If the folder is not empty.
    ReferenceDataError
        If the reference data hold no streets or no premises.
    FileError
        If the police.uk folder holds no street files of these months.
    """
    workspace = path_of(workspace, name="workspace")
    reference = None if reference is None else path_of(reference, name="reference")
    police_uk = None if police_uk is None else path_of(police_uk, name="police_uk")
    if not (isinstance(assaults, int) and isinstance(months, int)) or assaults < 1 or months < 1:
        raise EdHotspotsError("simulate: ask for at least 1 assault and 1 month.")
    rng = np.random.default_rng(seed).spawn(7)
    period = period_of(months)
    town = real_town(load_gazetteer(reference)) if reference else invent_town(rng[0])
    root = make_workspace(
        workspace, name=f"{town.name} {SIGN}", marking=MARKING, premises_names=True
    ).root
    write_providers(root)
    if reference:
        copy_reference(root, reference)
    else:
        write_reference(root, town)

    sites = make_sites(rng[1], town)
    incidents = make_incidents(rng[2], town, sites, n_victims=assaults, period=period)
    people = make_attendances(rng[3], town, incidents, period=period)
    streams = zip(HOSPITALS, rng[4].spawn(len(HOSPITALS)), strict=True)
    sent = {name: send_extract(stream, town, people, name, period) for name, stream in streams}
    recorded = record_crimes(rng[5], town, sites, people, period=period)
    month = recorded.crimes["at"].to_numpy().astype("M8[M]")
    force = by_month("wexshire-police", recorded.cells, month)

    deliveries = [delivery for one in sent.values() for delivery in one.deliveries] + force
    if police_uk is None:
        published = street_level_rows(rng[6], town, sites, recorded.crimes, period=period)
        deliveries += by_month(
            "police-uk", published, published["Month"].to_numpy().astype("M8[M]")
        )
    write_deliveries(root, deliveries)
    listed = true_deliveries(deliveries)
    if police_uk is not None:
        listed = pd.concat([listed, copy_street_files(root, police_uk, period)])
    truth = root / "truth"
    write_truth(
        truth,
        town=town,
        sites=sites,
        people=people,
        sent=sent,
        recorded=recorded,
        force=force,
        deliveries=listed,
    )
    return truth
