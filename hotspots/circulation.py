"""Bring a published pack to its audiences: copies in their folders, and a notice by mail."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

from ed_ingest.alone import alone
from ed_ingest.errors import CirculationError, SettingsError
from ed_ingest.sharing_settings import SMTP_PASSWORD, MailSettings
from ed_ingest.store import open_store
from ed_ingest.what_left import circulated, published
from ed_ingest.workspace import Workspace
from hotspots.circulated_files import Brought, bring, name_latest
from hotspots.kept_packs import newest_pack, pack_order
from hotspots.pack_mail import pack_message, send

MAIL = "mail"
_LOCK = "circulation.lock"
_SHARE = "the folder is not there: connect the share, or correct [circulation] in settings.toml"
_OPEN = "it may not be written to: close its files in other programs, or ask for the right to write"
_FULL = "there is no room left: make room on that disk or share"
_UNLIKE = "what was copied did not read back the same: look after that disk or share"
_AWAY = "it could not be reached: look after that disk or share"
Send = Callable[..., int]


class Circulated(NamedTuple):
    """What was done: figures for machines, lines for people; no path, no address."""

    figures: Mapping[str, Any]
    lines: list[str]


class Progress(NamedTuple):
    """Of a pack: to which audiences it was brought (``mail``: the notice), and what is to be done.

    Both in the order of the settings.
    """

    pack: str
    done: list[str]
    waiting: list[str]


def circulate(
    workspace: Workspace,
    pack: str,
    *,
    anew: bool,
    password: str | None = None,
    hand_over: Send = send,
) -> Circulated:
    """Bring a pack to every audience that has a folder, and tell of it once.

    Done again it changes nothing. One folder that cannot be reached does not stop the others; the
    notice is sent when all have their files.

    Parameters
    ----------
    workspace
        An open workspace.
    pack
        Name of a published pack that stands in outputs/.
    anew
        Look again at what was done already, and put back what is missing; else only what waits.
    password
        Of the mail server's user; that of the environment unless given.
    hand_over
        Sends a message, as `pack_mail.send`.

    Raises
    ------
    SettingsError
        If no folder is set.
    CirculationError
        If another process is at it; or, after all was tried, if something is still to be done. The
        pack itself stands.
    """
    folders = {name: workspace.root / f for name, f in _set_folders(workspace).items()}
    with alone(workspace.store.parent, _LOCK, busy=_busy):
        before = progress(workspace, pack)
        brought: dict[str, Brought] = {}
        problems: dict[str, str] = {}
        for audience, folder in folders.items():
            if not anew and audience in before.done:
                continue
            try:
                brought[audience] = _bring(workspace, pack, audience, folder)
            except OSError as error:
                problems[f"[circulation] {audience}"] = _why(error, folder)
        refused, mail = 0, workspace.settings.circulation.mail
        if mail and not problems and MAIL in before.waiting:
            message = _message(workspace, pack, mail, folders)
            try:
                refused = _hand_over(message, mail, password, hand_over)
                _note(workspace, pack, MAIL, {"addresses": len(mail.to) - refused})
            except (OSError, SettingsError) as error:
                problems["[circulation.mail]"] = _why_not_sent(error)
    if problems:
        raise CirculationError(_sentence(pack, problems))
    return _told(progress(workspace, pack), brought, refused)


def progress(workspace: Workspace, pack: str) -> Progress:
    """What was done of a pack, and what the settings still ask for."""
    with open_store(workspace.store) as store:
        done = {left.name for left in circulated(store.connection)}
    chosen = workspace.settings.circulation
    wanted = [*chosen.folders, *([MAIL] if chosen.mail else [])]
    names = {name: f"{pack} {name}" in done for name in wanted}
    return Progress(pack, [n for n in wanted if names[n]], [n for n in wanted if not names[n]])


def waiting_pack(workspace: Workspace) -> str | None:
    """The pack that is to be circulated next; None where nothing is.

    Packs of before the newest one that was circulated are left where they are; where none was yet,
    all but the newest.
    """
    if not workspace.settings.circulation.folders:
        return None
    with open_store(workspace.store) as store:
        names = [left.name for left in published(store.connection)]
    waiting: list[str] = []
    for name in reversed(names):
        if not progress(workspace, name).waiting:
            break
        waiting.append(name)
    else:
        waiting = waiting[:1]
    standing = [name for name in reversed(waiting) if (workspace.outputs / name).is_dir()]
    return standing[0] if standing else None


def pack_to_circulate(workspace: Workspace, month: str | None) -> str:
    """The newest published version of a month's pack, or of the newest month's.

    Raises
    ------
    CirculationError
        If there is none.
    """
    pack = newest_pack(workspace.outputs, month)
    if pack is None:
        of = f"of {month} " if month else ""
        give = f" --month {month}" if month else ""
        raise CirculationError(
            f"No pack {of}stands in outputs/. Make it with: ed-hotspots publish{give}"
        )
    return pack


def newest_progress(workspace: Workspace) -> Progress | None:
    """How far the newest pack has come; None where no folder is set or nothing was published."""
    if not workspace.settings.circulation.folders:
        return None
    with open_store(workspace.store) as store:
        names = [left.name for left in published(store.connection)]
    return progress(workspace, max(names, key=pack_order)) if names else None


def progress_lines(found: Progress | None) -> list[str]:
    """How far the newest pack has come, in one line."""
    if found is None:
        return []
    done = f"circulated to {', '.join(found.done)}" if found.done else "not circulated yet"
    wait = (
        f"; waiting: {', '.join(found.waiting)}. The service tries again; or see why with: "
        f"ed-hotspots circulate --month {found.pack[:7]}"
    )
    return [f"Pack of {found.pack}: {done}{wait if found.waiting else ''}"]


def _set_folders(workspace: Workspace) -> dict[str, Path]:
    folders = workspace.settings.circulation.folders
    if not folders:
        raise SettingsError(
            "settings.toml, [circulation]: no folder is set. Name one for each audience that is to "
            "have its files there."
        )
    return folders


def _busy() -> CirculationError:
    return CirculationError(
        "Another process is circulating a pack of this workspace. Wait for it, and try again."
    )


def _bring(workspace: Workspace, pack: str, audience: str, folder: Path) -> Brought:
    """One audience's files; a pack that has none of them is brought to it with that."""
    source = workspace.outputs / pack / audience.replace("_", "-")
    if not (workspace.outputs / pack).is_dir():
        raise FileNotFoundError(errno.ENOENT, "no such pack", str(workspace.outputs / pack))
    done = Brought(0, 0, 0)
    if source.is_dir():
        done = bring(source, folder, pack)
        name_latest(folder, pack)
    if done.new or audience not in progress(workspace, pack).done:
        _note(workspace, pack, audience, {"files": done.new})
    return done


def _note(workspace: Workspace, pack: str, what: str, counts: Mapping[str, int]) -> None:
    with open_store(workspace.store) as store:
        store.audit("circulate", f"{pack} {what}", counts)


def _message(
    workspace: Workspace, pack: str, mail: MailSettings, folders: Mapping[str, Path]
) -> EmailMessage:
    return pack_message(
        pack,
        partnership=workspace.settings.partnership.name,
        folders=[str(folder / pack) for folder in folders.values() if (folder / pack).is_dir()],
        sender=mail.sender,
        to=mail.to,
        at=datetime.now().astimezone(),
    )


def _hand_over(
    message: EmailMessage, mail: MailSettings, password: str | None, hand_over: Send
) -> int:
    given = os.environ.get(SMTP_PASSWORD) if password is None else password
    if mail.user and not given:
        raise SettingsError(f"set {SMTP_PASSWORD} in the environment of the command or service")
    server = {name: getattr(mail, name) for name in ("host", "port", "starttls", "user")}
    return hand_over(message, **server, password=given or "")


def _why(error: OSError, folder: Path) -> str:
    """What stands in the way, with the remedy; the system's own words could name people's files."""
    if not _is_there(folder):
        return _SHARE
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return _OPEN
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return _FULL
    return _UNLIKE if error.errno == errno.EIO else _AWAY


def _is_there(folder: Path) -> bool:
    try:
        return folder.is_dir()
    except OSError:
        return False


def _why_not_sent(error: Exception) -> str:
    if isinstance(error, SettingsError):
        return str(error)
    return (
        f"the notice could not be sent ({type(error).__name__}): check host, port, starttls, user "
        "and addresses"
    )


def _sentence(pack: str, problems: Mapping[str, str]) -> str:
    told = "; ".join(f"{where}: {why}" for where, why in problems.items())
    return (
        f"The pack {pack} stands, and is not with all its readers yet. {told}. The service tries "
        f"again by itself; or do: ed-hotspots circulate --month {pack[:7]}"
    )


def _told(found: Progress, brought: Mapping[str, Brought], refused: int) -> Circulated:
    figures = {
        "pack": found.pack,
        "audiences": {name: each._asdict() for name, each in brought.items()},
        "mail": _mail_words(found),
        "addresses_refused": refused,
    }
    return Circulated(figures, [*_lines(found, brought), *_refused_lines(refused)])


def _mail_words(found: Progress) -> str:
    return "sent" if MAIL in found.done else "waiting" if MAIL in found.waiting else "not set"


def _lines(found: Progress, brought: Mapping[str, Brought]) -> Sequence[str]:
    lines = []
    for audience, each in brought.items():
        if not each.files:
            lines.append(f"{audience}: the pack {found.pack} has no files for it.")
            continue
        changed = (
            f" {each.changed} were changed there since, and are left as they are: take the folder "
            "away to have it copied anew."
            if each.changed
            else ""
        )
        lines.append(f"{audience}: {each.files} files, {each.new} of them new.{changed}")
    return [*lines, *(["Notice sent by mail."] if MAIL in found.done else [])]


def _refused_lines(refused: int) -> list[str]:
    if not refused:
        return []
    return [f"The mail server refused {refused} of the addresses: correct [circulation.mail] to."]
