"""The notice that a pack is there, by mail: where it lies, and nothing of what it says."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from hotspots.kept_packs import pack_order
from hotspots.plain_text import plain_text

TIMEOUT_S = 30


def pack_message(
    pack: str,
    *,
    partnership: str,
    folders: Sequence[str],
    sender: str,
    to: Sequence[str],
    at: datetime,
) -> EmailMessage:
    """Write the notice: month, partnership and folders, and no figure or place of the pack.

    Parameters
    ----------
    pack
        Its name: ``2026-11``, or ``2026-11.v2`` for a corrected one.
    partnership
        As in settings.toml; it becomes one line of what can be seen.
    folders
        Where the pack lies, a folder for each audience.
    sender, to
        Addresses.
    at
        When it is sent, with time zone.
    """
    month, version = pack_order(pack)
    named = f"{datetime.strptime(month, '%Y-%m'):%B %Y}"  # noqa: DTZ007 (a month has no zone)
    of = f"of {named} of {' '.join(plain_text(partnership).split())}"
    what = f"pack {of}" if version == 1 else f"corrected pack {of}, which replaces the earlier one,"
    where = folders[0] if len(folders) == 1 else "\n\n" + "\n".join(folders)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = f"Pack {of}" if version == 1 else f"Corrected pack {of}"
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Date"] = format_datetime(at)
    # The default would name this machine.
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(f"The {what} is in {where}\n")
    return message


def send(
    message: EmailMessage, *, host: str, port: int, starttls: bool, user: str | None, password: str
) -> int:
    """Hand a message to a mail server.

    Parameters
    ----------
    message
        As from `pack_message`.
    host, port
        The server's.
    starttls
        Whether to encrypt first; the server's certificate must be valid.
    user, password
        To log in with; None: not.

    Returns
    -------
    int
        How many addresses the server refused, while it took others.

    Raises
    ------
    OSError
        If the server cannot be reached, encrypted or logged in to, or refuses the message;
        ``smtplib.SMTPException`` and ``ssl.SSLError`` are of this kind.
    """
    with smtplib.SMTP(host, port, timeout=TIMEOUT_S) as server:
        if starttls:
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(user, password)
        return len(server.send_message(message))
