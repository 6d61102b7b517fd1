"""Check the providers' files, their sharing agreements, and whether their deliveries come."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from ed_ingest.errors import SettingsError
from ed_ingest.notices import standing_notices
from ed_ingest.providers import load_provider, provider_ids
from ed_ingest.senders import sender
from ed_ingest.settings import Settings
from hotspots.findings import Finding, fault, ok, warning

_GUIDE = "docs/quickstart-analyst.md shows how."


def provider_findings(
    root: Path, *, deliveries: pd.DataFrame, settings: Settings, today: date
) -> list[Finding]:
    """Check every providers/<id>.toml, its agreement, and whether its deliveries come.

    Parameters
    ----------
    root
        The workspace.
    deliveries
        ``provider, received_at, period_from, period_to`` of all deliveries taken.
    settings
        When an agreement's end is told, and a delivery is late.
    today
        The day to judge by.
    """
    ids = provider_ids(root)
    if not ids:
        return [
            warning(
                "providers",
                "No provider is described yet.",
                "Give one of its files to: ed-hotspots profile FILE -w W --provider ID",
            )
        ]
    findings, kinds = [], set()
    for provider_id in ids:
        name = f"provider {provider_id}"
        try:
            provider = load_provider(root, provider_id)
        except SettingsError as error:
            findings.append(fault(name, str(error), f"Correct that file; {_GUIDE}"))
            continue
        kinds.add(provider.kind)
        notices = standing_notices(
            [sender(provider)],
            deliveries,
            today=today,
            expiry_days=settings.agreements.expiry_days,
            late_days=settings.completeness.late_days,
        )
        found = [Finding(name, told.state, told.sentence, told.remedy) for told in notices]
        findings += found or [
            ok(name, "Its file is valid, its agreement in force, its deliveries come.")
        ]
    return findings if "police" in kinds else [*findings, _no_police()]


def _no_police() -> Finding:
    return warning(
        "police",
        "No provider is a police force: what the police do not know cannot be shown.",
        "Ask the force for its records; street-level crime is published at data.police.uk under "
        'the Open Government Licence v3.0 (layout = "police-uk-street").',
    )
