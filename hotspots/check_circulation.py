"""Check the folders and the mail server's settings by which packs are circulated."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ed_ingest.sharing_settings import SMTP_PASSWORD, Circulation
from hotspots.findings import Finding, counted, fault, ok


def circulation_findings(
    circulation: Circulation, root: Path, *, environment: Mapping[str, str] | None = None
) -> list[Finding]:
    """Check that each folder is there and may be written to, and the password is at hand.

    Nothing is written, and no mail server is asked.

    Parameters
    ----------
    circulation
        The settings; where none are set, nothing is checked.
    root
        The workspace, from which relative folders count.
    environment
        Of this process unless given.
    """
    environment = os.environ if environment is None else environment
    findings = [_folder(name, root / path) for name, path in circulation.folders.items()]
    mail = circulation.mail
    if mail is None:
        return findings
    if mail.user and not environment.get(SMTP_PASSWORD):
        return [
            *findings,
            fault(
                "mail",
                "The mail server's user has no password here.",
                f"Set {SMTP_PASSWORD} in the environment of commands and of the service.",
            ),
        ]
    told = counted(len(mail.to), "address", "addresses")
    return [*findings, ok("mail", f"Notices of packs go to {told}.")]


def _folder(name: str, folder: Path) -> Finding:
    check = f"circulation {name}"
    try:
        is_there = folder.is_dir()
    except OSError:  # a share that answers with an error
        is_there = False
    if not is_there:
        return fault(
            check,
            "The folder is missing.",
            "Connect the share, make the folder, or correct [circulation].",
        )
    if not os.access(folder, os.W_OK):
        return fault(
            check,
            "You may not write to the folder.",
            "Ask whoever keeps it for the right to write there.",
        )
    return ok(check, "The folder is there.")
