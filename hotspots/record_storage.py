"""A folder, or object storage by fsspec: list, read, write and delete whole files, no more.

Nothing is renamed, locked or appended to: object storage can do none of it. In a folder each file
is written beside its place first, so that there, too, a file is whole or not there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ed_ingest.errors import EdHotspotsError
from ed_ingest.file_systems import OWNER_ONLY_FILE, OWNER_ONLY_FOLDER, make_owner_only

UNFINISHED = ".unfinished"
# Object storage takes many files at the same time; so many are in memory together.
FILES_AT_ONCE = 500
_SECRET = re.compile("secret|token|passw|credential|key|connection_string|sas|^user", re.IGNORECASE)


@dataclass(frozen=True)
class Storage:
    """Where files lie. Make one with `open_storage`.

    Attributes
    ----------
    told
        The address as it may be told: without anything that could open it.
    root
        The folder, or the address without its scheme.
    system
        The fsspec file system; None for a folder of this machine.
    """

    told: str
    root: str
    system: Any = field(default=None, repr=False)

    def listed(self, under: str = "") -> dict[str, int]:
        """Size in bytes of every file under a folder, by its path; empty where there is none."""
        if self.system is None:
            with _told_simply(self.told, "listed"):
                return _listed(Path(self.root), under)
        with _told_simply(self.told, "listed", FileNotFoundError):
            # What another machine wrote a moment ago must be seen.
            self.system.invalidate_cache()
            try:
                found = self.system.find(self._full(under), detail=True)
            except FileNotFoundError:
                return {}
            start = len(self.root) + 1
            return {name[start:]: int(about["size"]) for name, about in found.items()}

    def read(self, paths: Collection[str]) -> dict[str, bytes]:
        """The content of files, by path; many at once where the storage can.

        Raises
        ------
        FileNotFoundError
            If one is not there (any more).
        """
        if self.system is None:
            with _told_simply(self.told, "read", FileNotFoundError):
                return {path: (Path(self.root) / path).read_bytes() for path in paths}
        full = {self._full(path): path for path in paths}
        with _told_simply(self.told, "read", FileNotFoundError):
            got = self.system.cat(list(full)) if full else {}
            return {full[name]: content for name, content in got.items()}

    def write(self, files: Mapping[str, bytes]) -> None:
        """Write whole files; those that were there are replaced, each at once."""
        if self.system is None:
            with _told_simply(self.told, "written"):
                for path, content in files.items():
                    _write(Path(self.root) / path, content)
            return
        with _told_simply(self.told, "written"):
            self.system.pipe({self._full(path): content for path, content in files.items()})

    def remove(self, paths: Collection[str]) -> None:
        """Delete files; one that is gone already is no fault."""
        if self.system is None:
            with _told_simply(self.told, "cleared"):
                for path in paths:
                    _remove(Path(self.root), path)
            return
        full = [self._full(path) for path in paths]
        with _told_simply(self.told, "cleared"):
            try:
                if full:
                    self.system.rm(full)
            except FileNotFoundError:
                # Some systems stop at the first that is not there.
                for path in full:
                    with suppress(FileNotFoundError):
                        self.system.rm_file(path)

    def _full(self, path: str) -> str:
        return f"{self.root}/{path}" if path else self.root


def open_storage(address: str, options: Mapping[str, Any] | None = None) -> Storage:
    """Find out how an address is read and written; nothing is made there.

    Parameters
    ----------
    address
        A folder, a ``file://`` address, or an address that fsspec knows.
    options
        What fsspec needs to open it, e.g. an endpoint; no credentials.

    Raises
    ------
    EdHotspotsError
        If the address or the options hold credentials, or what opens it is not installed.
    """
    told = told_address(address)
    folder = local_folder(address)
    if folder is not None:
        return Storage(told, str(folder.absolute()))
    _refuse_credentials(address, options or {})
    try:
        from fsspec.core import url_to_fs
    except ImportError:
        raise EdHotspotsError(
            "Object storage needs fsspec. Install it: python -m pip install 'ed-hotspots[cluster]'"
        ) from None
    scheme = address.partition("://")[0]
    try:
        with _told_simply(told, "opened", ImportError, ValueError):
            system, root = url_to_fs(address, **{"use_listings_cache": False, **(options or {})})
    except (ImportError, ValueError):
        raise EdHotspotsError(
            f"{scheme}:// cannot be opened here. Install fsspec's package for it (s3fs for s3://, "
            "adlfs for abfs://, gcsfs for gs://), or name a folder."
        ) from None
    return Storage(told, root.rstrip("/"), system)


def local_folder(address: str) -> Path | None:
    """The folder that an address names; None where it is elsewhere."""
    # D://records is a drive of Windows.
    if "://" not in address or address.index("://") == 1:
        return Path(address)
    scheme, _, rest = address.partition("://")
    if scheme.lower() not in ("file", "local"):
        return None
    path = unquote(rest)
    # file:///C:/records
    return Path(path[1:] if re.match(r"/[A-Za-z]:", path) else path)


def told_address(address: str) -> str:
    """An address as it may be printed and noted: no user, password, token or query."""
    if local_folder(address) is not None:
        return address
    scheme, _, rest = address.partition("://")
    rest = re.split(r"[?#]", rest)[0]
    place, slash, path = rest.partition("/")
    return f"{scheme}://{place.rpartition('@')[2]}{slash}{path}"


def _refuse_credentials(address: str, options: Mapping[str, Any]) -> None:
    parts = urlsplit(address)
    place = address.partition("://")[2].partition("/")[0]
    if ":" in place.rpartition("@")[0] or parts.query or parts.fragment or _secrets(options):
        raise EdHotspotsError(
            "The address holds a password or a token. Leave it out: credentials come from the "
            "environment alone (docs/record-files.md says how)."
        )
    if "::" in address:
        raise EdHotspotsError(
            "Name one address, not a chain of them: records must not lie in another place on the "
            "way."
        )


def _secrets(options: Mapping[str, Any]) -> bool:
    return any(
        _SECRET.search(str(name)) or (isinstance(value, Mapping) and _secrets(value))
        for name, value in options.items()
    )


@contextmanager
def _told_simply(told: str, done: str, *but: type[Exception]) -> Iterator[None]:
    """One sentence for whatever the storage raises: its own words can hold keys and signatures."""
    try:
        yield
    except but:
        raise
    # Each package of fsspec has its own errors, many of them under no common base.
    except Exception as error:
        raise EdHotspotsError(
            f"{told}: cannot be {done} ({type(error).__name__}). Check the address, the room "
            "there, the network and the rights."
        ) from None


def _listed(root: Path, under: str) -> dict[str, int]:
    found: dict[str, int] = {}
    waiting = [str(root / under) if under else str(root)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    elif entry.is_file(follow_symlinks=False):
                        path = Path(entry.path).relative_to(root).as_posix()
                        # Put in its place, or deleted, meanwhile: all others count.
                        with suppress(FileNotFoundError):
                            found[path] = entry.stat(follow_symlinks=False).st_size
        except (FileNotFoundError, NotADirectoryError):
            continue
    return found


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}{UNFINISHED}")
    with open(unfinished, "wb", opener=_owner_only) as handle:
        handle.write(content)
    unfinished.replace(path)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, OWNER_ONLY_FILE)


def _remove(root: Path, path: str) -> None:
    (root / path).unlink(missing_ok=True)
    # A folder without files would tell of a provider, or of a month, that is gone.
    with suppress(OSError):
        for folder in list((root / path).parents)[: path.count("/")]:
            folder.rmdir()


def make_private(storage: Storage) -> None:
    """Make a folder of this machine, for its owner alone; object storage has rules of its own."""
    if storage.system is None:
        with _told_simply(storage.told, "made"):
            make_owner_only(Path(storage.root))
