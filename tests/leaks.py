"""Search for planted identifiers in everything that was written, whatever the kind of file."""

from __future__ import annotations

import html
import sqlite3
import unicodedata
import zipfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from pypdf import PdfReader

# Identifiers are looked up by their first bytes; none that is planted is shorter.
PREFIX = 5


def readable_forms(path: Path) -> bytes:
    """All bytes of a file, with what lies inside archives and databases, in lower case."""
    parts = [path.read_bytes()]
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            parts += [archive.read(name) for name in archive.namelist()]
    if parts[0][:15] == b"SQLite format 3":
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            parts += [line.encode() for line in connection.iterdump()]
        connection.close()
    if parts[0].startswith(b"%PDF"):
        reader = PdfReader(path)
        pages = [page.extract_text() for page in reader.pages]
        told = [str(value) for value in (reader.metadata or {}).values()]
        parts += [" ".join(page.split()).encode() for page in (*pages, *told)]
    raw = b"\n".join(parts)
    text = html.unescape(raw.decode("utf-8", errors="replace"))
    return raw.lower() + text.lower().encode() + raw.decode("utf-16-le", "replace").lower().encode()


def spellings(identifier: str) -> set[bytes]:
    """The identifier as planted, without spaces, and with other separators."""
    forms = {identifier, identifier.replace(" ", ""), identifier.replace(" ", "-")}
    return {form.lower().encode() for form in forms}


def windows(content: bytes) -> NDArray[np.uint64]:
    """Each run of `PREFIX` bytes of the content as one number, by its first byte's position."""
    codes = np.frombuffer(content, dtype=np.uint8).astype(np.uint64)
    if len(codes) < PREFIX:
        return np.zeros(0, dtype=np.uint64)
    n = len(codes) - PREFIX + 1
    return sum(codes[i : n + i] << np.uint64(8 * i) for i in range(PREFIX))


def slots(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A place from 0 to 2²⁰ − 1 for each number, mixed by the golden ratio (Knuth 6.4)."""
    return (numbers * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(44)


def found_in(folder: Path, identifiers: list[str]) -> list[str]:
    """Files that hold an identifier: by name and place in the list, never the value itself."""
    by_prefix: dict[int, list[tuple[bytes, int]]] = {}
    for i, text in enumerate(identifiers):
        for form in spellings(text):
            # A shorter one would never be found, and the search could not fail.
            assert len(form) >= PREFIX, f"identifier {i} is too short to look for"
            prefix = int.from_bytes(form[:PREFIX], "little")
            by_prefix.setdefault(prefix, []).append((form, i))
    prefixes = np.array(sorted(by_prefix), dtype=np.uint64)
    may_be = np.zeros(1 << 20, dtype=bool)
    may_be[slots(prefixes)] = True
    hits = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        content = readable_forms(path) + path.name.lower().encode()
        numbers = windows(content)
        numbers_found = set()
        near = np.flatnonzero(may_be[slots(numbers)])
        for at in near[np.isin(numbers[near], prefixes)]:
            for form, i in by_prefix[int(numbers[at])]:
                if content.startswith(form, int(at)):
                    numbers_found.add(i)
        hits += [f"{path.relative_to(folder)}: identifier {i}" for i in sorted(numbers_found)]
    return hits


# --- identifiers in disguise -------------------------------------------------------------------

# Letters of other scripts that look like Latin ones, and small capitals.
_LOOK_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝкмтвнгАЕОРСУХІЈЅКМТВНοαινρτυκεΟΑΙΝΡΤΥΚΕΗΒΜΖӏᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ",
    "aeopcyxijshdqwkmtbhraeopcyxijskmtbhoaivptukeoainptykehbmzlabcdefghijklmnoprstuvwyz",
)


class Written(NamedTuple):
    """Something that was written or printed: in one plain spelling, and its letters alone."""

    plain: str
    squeezed: str


def plain(text: str) -> str:
    """Lower case; without accents, signs that do not show, and letters that only look Latin."""
    apart = unicodedata.normalize("NFKD", text.translate(_LOOK_ALIKE))
    unseen = {ord(c): None for c in set(apart) if unicodedata.category(c) in ("Mn", "Cf")}
    return " ".join(apart.translate(unseen).casefold().split())


def squeezed(text: str) -> str:
    """Letters and figures of a plain text; figures of all scripts as 0 to 9."""
    return _letters_of(plain(text))


def _letters_of(text: str) -> str:
    # Once for each character that there is: texts of many millions are searched.
    told = {
        ord(c): (str(unicodedata.digit(c)) if c.isdigit() else c) if c.isalnum() else None
        for c in set(text)
    }
    return text.translate(told)


def written(text: str) -> Written:
    """A text as it is searched."""
    told = plain(text)
    return Written(told, _letters_of(told))


def everything_in(folder: Path) -> dict[str, Written]:
    """All files of a folder, by name, with what lies inside archives and databases."""
    return {
        path.relative_to(folder).as_posix(): written(
            readable_forms(path).decode("utf-8", "replace") + path.name
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def holders(things: dict[str, Written], secret: str) -> list[str]:
    """Names of the things that hold a secret, in whatever spelling."""
    one, other = plain(secret), squeezed(secret)
    return [name for name, thing in things.items() if one in thing.plain or other in thing.squeezed]
