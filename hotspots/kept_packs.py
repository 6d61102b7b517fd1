"""Packs that are kept under outputs/: whose records they were made from, and their removal."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import NamedTuple

from hotspots.earlier_packs import Earlier

_PACK = re.compile(r"\d{4}-\d{2}(\.v(\d+))?")
_HALF_DONE = re.compile(r"\..+\.(unfinished|old)")
LATEST = "latest.txt"
# Where `analyse --areas` puts its results.
AREAS = "areas"


class Kept(NamedTuple):
    """Names of the packs that are kept: of a provider's records among others; of no known ones."""

    of_provider: list[str]
    unreadable: list[str]


def kept_packs(outputs: Path, provider: str) -> Kept:
    """Tell by their manifests which packs were made from a provider's records."""
    found = Kept([], [])
    for folder in _packs(outputs):
        try:
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            inputs = {entry["provider"] for entry in manifest["inputs"]}
        except (OSError, ValueError, KeyError, TypeError):
            found.unreadable.append(folder.name)
            continue
        if provider in inputs:
            found.of_provider.append(folder.name)
    return found


def earlier_packs(outputs: Path, published: Collection[str]) -> list[Earlier]:
    """Packs that stand or went out, with the nights that their manifests name.

    Parameters
    ----------
    outputs
        The folder of the packs.
    published
        Names of those that went out, as the store noted them; some may be gone.
    """
    folders = {folder.name: folder for folder in _packs(outputs)}
    return [_nights_of(name, folders.get(name)) for name in sorted({*folders, *published})]


def _nights_of(name: str, folder: Path | None) -> Earlier:
    if folder is None:
        return Earlier(name, None, None)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        nights = [date.fromisoformat(manifest[end]) for end in ("period_from", "period_to")]
    except (OSError, ValueError, KeyError, TypeError):
        return Earlier(name, None, None)
    return Earlier(name, *nights)


def pack_order(name: str) -> tuple[str, int]:
    """Month and version of a pack's name, by which packs are ordered.

    Raises
    ------
    ValueError
        If no pack is called so.
    """
    match = _PACK.fullmatch(name)
    if match is None:
        raise ValueError("not the name of a pack")
    return name[:7], int(match[2] or 1)


def newest_pack(outputs: Path, month: str | None = None) -> str | None:
    """Name of the newest version of a month's pack, or of the newest month's; None without one."""
    names = [p.name for p in _packs(outputs) if month is None or p.name[:7] == month]
    return names[-1] if names else None


def remove_packs(outputs: Path, names: Collection[str]) -> None:
    """Remove packs, draft, results of many areas and what is half done; name the newest pack anew.

    Raises
    ------
    OSError
        If a file is open in another program; then nothing more is removed.
    """
    if not outputs.is_dir():
        return
    for name in sorted({*names, "draft", AREAS}):
        # Aside first: a pack half removed has no manifest that tells whose it is.
        if (outputs / name).is_dir():
            (outputs / name).rename(outputs / f".{name}.old")
    for folder in outputs.iterdir():
        if _HALF_DONE.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            shutil.rmtree(folder)
    latest = outputs / LATEST
    if latest.is_file() and not (outputs / latest.read_text(encoding="utf-8").strip()).is_dir():
        left = [folder.name for folder in _packs(outputs)]
        if left:
            latest.write_text(left[-1] + "\n", encoding="utf-8")
        else:
            latest.unlink()


def _packs(outputs: Path) -> list[Path]:
    """Folders of packs, by month and version."""
    if not outputs.is_dir():
        return []
    named = [(p, _PACK.fullmatch(p.name)) for p in outputs.iterdir() if p.is_dir()]
    versions = [(p.name[:7], int(match[2] or 1), p) for p, match in named if match]
    return [path for *_, path in sorted(versions)]
