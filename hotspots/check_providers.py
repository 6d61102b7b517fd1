"""Check the providers' files, their sharing agreements, and whether their deliveries come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from ed_ingest.errors import SettingsError
from ed_ingest.settings import Provider, load_provider, provider_ids
from hotspots.findings import Finding, counted, fault, ok, warning

EXPIRY_WARNING_DAYS = 60
# A month's file rarely comes on the same day of the next month.
GRACE_DAYS = 7
FREQUENCY_DAYS = {"weekly": 7, "fortnightly": 14, "monthly": 31, "quarterly": 92}
_OPEN_LICENCE = "police-uk-street"  # open data have no last day
_GUIDE = "docs/quickstart-analyst.md shows how."


def provider_findings(root: Path, *, newest: Mapping[str, datetime], today: date) -> list[Finding]:
    """Check every providers/<id>.toml, its agreement, and whether its deliveries come.

    Parameters
    ----------
    root
        The workspace.
    newest
        When the newest delivery of each provider was received.
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
        found = agreement_findings(provider, today=today)
        found += delivery_findings(provider, newest=newest.get(provider_id), today=today)
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


def agreement_findings(provider: Provider, *, today: date) -> list[Finding]:
    """What is not as it should be with the sharing agreement of a provider."""
    name, agreement = f"provider {provider.id}", provider.agreement
    file = f"providers/{provider.id}.toml"
    findings = []
    if agreement.reference == "not recorded":
        findings.append(
            warning(
                name,
                "No sharing agreement is recorded.",
                f"Put its reference and dates under [agreement] of {file}.",
            )
        )
    elif agreement.valid_to is None and provider.layout != _OPEN_LICENCE:
        findings.append(
            warning(
                name,
                "The agreement has no last day: nobody will be told when it ends.",
                f"Put valid_to under [agreement] of {file}.",
            )
        )
    if agreement.valid_from and today < agreement.valid_from:
        findings.append(
            fault(
                name,
                f"The agreement begins on {agreement.valid_from:%d %B %Y}: deliveries "
                "are refused until then.",
                f"Wait, or correct valid_from in {file}.",
            )
        )
    if agreement.valid_to:
        left = (agreement.valid_to - today).days
        if left < 0:
            findings.append(
                fault(
                    name,
                    f"The agreement ended on {agreement.valid_to:%d %B %Y}: "
                    "deliveries are refused.",
                    f"Renew it, and put its new dates into {file}.",
                )
            )
        elif left <= EXPIRY_WARNING_DAYS:
            findings.append(
                warning(
                    name,
                    f"The agreement ends in {counted(left, 'day')}, on "
                    f"{agreement.valid_to:%d %B %Y}.",
                    f"Renew it, and put its new dates into {file}.",
                )
            )
    return findings


def delivery_findings(provider: Provider, *, newest: datetime | None, today: date) -> list[Finding]:
    """Whether a provider delivers as often as agreed, with a week's grace."""
    name, frequency = f"provider {provider.id}", provider.agreement.frequency
    if newest is None:
        return [
            warning(name, "Nothing was received yet.", "Ask for the first delivery, or ingest it.")
        ]
    days = (today - newest.date()).days
    if days <= FREQUENCY_DAYS[frequency] + GRACE_DAYS:
        return []
    return [
        warning(
            name,
            f"Its deliveries are to be {frequency}; the last came {counted(days, 'day')} ago.",
            "Ask the provider for what is missing.",
        )
    ]
