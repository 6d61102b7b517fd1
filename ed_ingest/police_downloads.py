"""A police delivery as downloaded: one file, a folder, or a zip -> the files of crimes in it."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Literal, NamedTuple

from ed_ingest.errors import FileError
from ed_ingest.reachable import reachable, shown_name
from ed_ingest.read import MAX_FILE_MB, TEXT_ENDINGS, WORKBOOK_ENDINGS, XML_ENDINGS

Content = Literal["street", "outcomes", "stop_and_search", "table"]

# A download of all forces for three years has some 5,000 files.
MAX_MEMBERS = 20_000
MAX_UNPACKED_MB = 8 * 1024
# Street files unpack to 5 to 10 times their size; what unpacks to 200 times was made to do harm.
MAX_RATIO = 200
_RATIO_COUNTS_FROM = 2**20
_HEADER_BYTES = 4096
_BLOCK = 2**20
_ENCRYPTED = 0x1
_READ = (*TEXT_ENDINGS, *WORKBOOK_ENDINGS, *XML_ENDINGS)
_WORDS = {"outcomes": "of outcomes", "stop_and_search": "of stops and searches"}


class PoliceFiles(NamedTuple):
    """The files of crimes in a delivery, by name, and how many others there were of each kind.

    ``left``: in words (``of outcomes``, ``of another kind``) -> number of files.
    """

    paths: tuple[Path, ...]
    left: Mapping[str, int]


class _Member(NamedTuple):
    """One file of a zip or folder: its path inside, and what it holds."""

    name: str
    content: Content | None


@contextmanager
def police_files(path: Path, *, max_file_mb: int = MAX_FILE_MB) -> Iterator[PoliceFiles]:
    """Find the files of crimes in what was delivered, and unpack a zip for as long as needed.

    Where there are street-level files of police.uk, they alone are the crimes: the files of
    outcomes and of stops and searches beside them repeat or do not concern them. Else every table
    is taken for the force's own. What a file holds is told by its first row, not by its name.

    Parameters
    ----------
    path
        A file, a folder (with folders in it), or a zip, as downloaded.
    max_file_mb
        A larger file is refused.

    Yields
    ------
    PoliceFiles
        In the order of their names. Unpacked files lie in a folder of the owner's alone, and go
        when the block ends.

    Raises
    ------
    FileError
        If nothing in it is a file of crimes; if the zip is damaged, locked by a password, or
        unpacks to more than it could rightly hold.
    """
    if path.is_dir():
        yield _of_folder(path)
    elif reachable(path).suffix.lower() == ".zip":
        with TemporaryDirectory(prefix="ed-hotspots-") as folder:
            yield _of_zip(path, Path(folder), max_file_mb)
    else:
        content = _content(path.name, path.open("rb"))
        yield _chosen([_Member(path.name, content)], shown_name(path), lambda _: path)


def left_words(name: str, files: PoliceFiles) -> list[str]:
    """Sentences on what was left aside of a delivery; none where nothing was."""
    if not files.left:
        return []
    told = ", ".join(f"{n} {kind}" for kind, n in files.left.items())
    n = "1 file" if len(files.paths) == 1 else f"{len(files.paths)} files"
    return [f"{name}: {n} of crimes; left aside: {told}."]


def _of_folder(folder: Path) -> PoliceFiles:
    found = sorted(p for p in folder.rglob("*") if p.is_file() and not _is_hidden(p, folder))
    members = [
        _Member(p.relative_to(folder).as_posix(), _content(p.name, p.open("rb"))) for p in found
    ]
    return _chosen(members, folder.name, lambda name: folder / name)


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(p.startswith((".", "~", "__MACOSX")) for p in path.relative_to(folder).parts)


def _of_zip(path: Path, folder: Path, max_file_mb: int) -> PoliceFiles:
    name = shown_name(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = {i.filename: i for i in archive.infolist() if _is_wanted(i.filename)}
            _refuse_unsafe(list(infos.values()), archive, name, max_file_mb)
            members = [_Member(n, _content(n, archive.open(i))) for n, i in sorted(infos.items())]
            places = {m.name: _place(folder, number, m) for number, m in enumerate(members)}
            chosen = _chosen(members, name, lambda member: places[member])
            wanted = {p: n for n, p in places.items()}
            allowed = MAX_UNPACKED_MB * 2**20
            for place in chosen.paths:
                allowed -= _unpack(archive, infos[wanted[place]], place, name, allowed)
            return chosen
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError):
        raise FileError(
            f"{name}: cannot be unpacked. Download it anew, or unpack it yourself and give the "
            "folder instead."
        ) from None


def _is_wanted(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return not name.endswith("/") and not any(p.startswith((".", "~", "__MACOSX")) for p in parts)


def _place(folder: Path, number: int, member: _Member) -> Path:
    """Where a member is unpacked: its own folder, so that nothing in its path counts."""
    return folder / str(number) / PurePosixPath(member.name.replace("\\", "/")).name


def _refuse_unsafe(
    infos: list[zipfile.ZipInfo], archive: zipfile.ZipFile, name: str, max_file_mb: int
) -> None:
    """Refuse by what the zip says of itself; `_unpack` does not believe it."""
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise FileError(
            f"{name}: is locked by a password. Unpack it yourself and give the folder instead."
        )
    packed = sum(info.compress_size for info in archive.infolist())
    unpacked = sum(info.file_size for info in archive.infolist())
    if (
        len(archive.infolist()) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED_MB * 2**20
        or (unpacked > _RATIO_COUNTS_FROM and unpacked > MAX_RATIO * max(packed, 1))
    ):
        raise _bomb(name)
    if any(info.file_size > max_file_mb * 2**20 for info in infos):
        raise FileError(
            f"{name}: a file in it has more than {max_file_mb:,} MB. Ask for one file a month."
        )


def _bomb(name: str) -> FileError:
    return FileError(
        f"{name}: unpacks to more than a delivery of crimes can hold, so it is not unpacked. "
        "Check where it came from; download fewer months or forces at a time."
    )


def _unpack(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, place: Path, name: str, allowed: int
) -> int:
    """Write one member out; number of bytes."""
    place.parent.mkdir()
    done, most = 0, min(allowed, max(_RATIO_COUNTS_FROM, MAX_RATIO * info.compress_size))
    with archive.open(info) as source, place.open("wb") as target:
        while block := source.read(_BLOCK):
            done += len(block)
            if done > most:
                raise _bomb(name)
            target.write(block)
    return done


def _content(name: str, file: IO[bytes]) -> Content | None:
    """What a file holds, by its first row; None where it is no table."""
    ending = PurePosixPath(name).suffix.lower()
    with file:
        start = file.read(_HEADER_BYTES) if ending in TEXT_ENDINGS else b""
    if ending not in _READ:
        return None
    first = start.decode("utf-8-sig", errors="replace").splitlines()[:1]
    headings = {cell.strip().casefold() for row in csv.reader(first) for cell in row}
    if "object of search" in headings:
        return "stop_and_search"
    if "outcome type" in headings and "crime type" not in headings:
        return "outcomes"
    return "street" if {"month", "crime type", "falls within"} <= headings else "table"


def _chosen(members: list[_Member], name: str, place_of: Callable[[str], Path]) -> PoliceFiles:
    contents = Counter(member.content for member in members)
    taken = "street" if contents["street"] else "table"
    paths = tuple(place_of(m.name) for m in members if m.content == taken)
    left: Counter[str] = Counter()
    for member in members:
        if member.content != taken:
            left[_WORDS.get(str(member.content), "of another kind")] += 1
    if not paths:
        told = ", ".join(f"{n} {kind}" for kind, n in left.items()) or "nothing in it"
        raise FileError(
            f"{name}: holds no file of crimes ({told}). Of police.uk's downloads the street-level "
            "crime is needed: tick “Include crime data”."
        )
    return PoliceFiles(paths, dict(left))
