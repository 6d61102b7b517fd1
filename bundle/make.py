"""Makes the folder and its zip: wheels, their hashes and licences, and the scripts for Windows."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from bundle.closure import closure, read_pins, windows_environment
from bundle.wheels import Wheel, read_wheel
from ed_ingest.errors import EdHotspotsError

# Of each there is a wheel for Windows of everything pinned; the tests run with the first.
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
ROOT = Path(__file__).parent.parent
SCRIPTS = Path(__file__).parent / "windows"
# The zip format knows no earlier day.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


class Made(NamedTuple):
    """The folder, its zip and the zip's SHA-256."""

    folder: Path
    archive: Path
    sha256: str


def make_bundle(
    out: Path,
    *,
    pythons: Sequence[str] = PYTHONS,
    installer: Path | None = None,
    tell: Callable[[str], None],
) -> Made:
    """Make the offline folder for Windows x64 and the zip of it, anew.

    Parameters
    ----------
    out
        Folder to make them in.
    pythons
        Versions of CPython whose wheels it holds.
    installer
        Python's own installer for Windows, put in as it is; none when not given.
    tell
        Takes a line at each step.

    Raises
    ------
    EdHotspotsError
        If something that Windows needs is not pinned or has no wheel, or pip finds the folder
        incomplete.
    """
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        tell("Building our own wheel ...")
        ours = _build(scratch / "ours")
        wheels, served = [ours], {ours.name: list(pythons)}
        for python in pythons:
            tell(f"Fetching the wheels of Python {python} for Windows ...")
            found = _fetch(scratch / python, python, ours)
            for wheel in found:
                served.setdefault(wheel.name, []).append(python)
            wheels += found
        made = out / f"ed-hotspots-{ours.version}-windows-x64"
        shutil.rmtree(made, ignore_errors=True)
        _lay_out(made, wheels, served, pythons, installer)
    for python in pythons:
        tell(f"Checking that Python {python} finds all in the folder ...")
        _check(made, python)
    archive = out / f"{made.name}.zip"
    write_zip(made, archive)
    return Made(made, archive, _sha256(archive))


def _build(folder: Path) -> Wheel:
    _run((sys.executable, "-m", "build", "--wheel", "--outdir", folder, ROOT), "Our own wheel")
    (path,) = folder.glob("*.whl")
    return read_wheel(path)


def _fetch(folder: Path, python: str, ours: Wheel) -> list[Wheel]:
    """Download round by round, until every requirement of every wheel is there."""
    pins = read_pins((ROOT / "constraints.txt").read_text(encoding="utf-8"))
    environment, found = windows_environment(python), dict[str, Wheel]()
    while True:
        requires = {name: wheel.requires for name, wheel in found.items()}
        reached = closure(ours.requires, requires, pins=pins, environment=environment)
        if not reached.unknown:
            return [found[name] for name in sorted(found)]
        wanted = [f"{name}=={pins[name]}" for name in sorted(reached.unknown)]
        _run(
            (*_PIP, "download", "--quiet", "--no-deps", *_target(python), "--dest", folder,
             *wanted),
            f"A wheel of Python {python} for Windows of one of {', '.join(wanted)}",
        )  # fmt: skip
        fresh = [read_wheel(path) for path in sorted(folder.glob("*.whl"))]
        found = {wheel.name: wheel for wheel in fresh}


def _target(python: str) -> tuple[str, ...]:
    return ("--platform", "win_amd64", "--python-version", python, "--only-binary", ":all:")


def _lay_out(
    made: Path,
    wheels: Iterable[Wheel],
    served: dict[str, list[str]],
    pythons: Sequence[str],
    installer: Path | None,
) -> None:
    copy_scripts(made)
    for folder in ("wheels", "licences", "python"):
        (made / folder).mkdir()
    _write(made / "pythons.txt", "".join(f"{python}\n" for python in pythons))
    # One that serves several versions of Python was fetched for each.
    once = {wheel.path.name: wheel for wheel in wheels}
    kept = [once[name] for name in sorted(once)]
    # Of a project with a wheel for each Python the one that tells most is written last.
    for wheel in sorted(kept, key=lambda wheel: len(wheel.texts)):
        shutil.copyfile(wheel.path, made / "wheels" / wheel.path.name)
        texts = b"\n".join(b"== %s\n\n%s\n" % (n.encode(), text) for n, text in wheel.texts)
        (made / "licences" / f"{wheel.name}-{wheel.version}.txt").write_bytes(
            f"{wheel.name} {wheel.version}: {wheel.licence}\n\n".encode() + texts
        )
    if installer:
        shutil.copyfile(installer, made / "python" / installer.name)
    _write(made / "deepest.txt", f"{max(wheel.deepest for wheel in kept)}\n")
    _write(made / "requirements.txt", requirements(kept, served, pythons))
    _write(made / "MANIFEST.csv", manifest(kept))
    sums = [
        f"{_sha256(path)}  {path.relative_to(made).as_posix()}\n"
        for path in sorted(made.rglob("*"))
        if path.is_file()
    ]
    _write(made / "SHA256SUMS.txt", "".join(sums))


def copy_scripts(made: Path) -> None:
    """Copy what runs or is read on Windows, with the ends of lines that cmd.exe needs.

    Of a file with bare line feeds cmd.exe may miss a label.
    """
    shutil.copytree(SCRIPTS, made, ignore=shutil.ignore_patterns("__pycache__"))
    for path in (*made.glob("*.cmd"), *made.glob("*.txt")):
        path.write_text(path.read_text(encoding="ascii"), encoding="ascii", newline="\r\n")


def requirements(
    wheels: Iterable[Wheel], served: dict[str, list[str]], pythons: Sequence[str]
) -> str:
    """A requirements file with the hash of every wheel, for ``pip install --require-hashes``."""
    by_name: dict[str, list[Wheel]] = {}
    for wheel in wheels:
        by_name.setdefault(wheel.name, []).append(wheel)
    lines = []
    for name, same in sorted(by_name.items()):
        only = sorted(set(served[name])) if len(set(served[name])) < len(pythons) else []
        marker = " or ".join(f'python_version == "{python}"' for python in only)
        hashes = " ".join(f"--hash=sha256:{wheel.sha256}" for wheel in same)
        lines.append(f"{name}=={same[0].version}{f' ; {marker}' if marker else ''} {hashes}\n")
    return "".join(lines)


def manifest(wheels: Iterable[Wheel]) -> str:
    """Name, version, licence, file, size and hash of each wheel, as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["name", "version", "licence", "licence_text", "file", "size_bytes", "sha256"])
    for w in wheels:
        where = f"licences/{w.name}-{w.version}.txt" if w.texts else ""
        writer.writerow([w.name, w.version, w.licence, where, w.path.name, w.size_bytes, w.sha256])
    return text.getvalue()


def _check(made: Path, python: str) -> None:
    """Let pip resolve the folder alone, as on the machine without a network.

    It judges markers as on this machine; what Windows needs besides was settled by `_fetch`.
    """
    with tempfile.TemporaryDirectory() as nowhere:
        _run(
            (*_PIP, "install", "--quiet", "--dry-run", "--ignore-installed", "--no-index",
             "--find-links", made / "wheels", "--require-hashes", *_target(python),
             "--target", nowhere, "-r", made / "requirements.txt"),
            f"The folder is not complete for Python {python}: what it lacks",
        )  # fmt: skip


def write_zip(folder: Path, archive: Path) -> None:
    """Zip a folder so that the same files always make the same bytes.

    Wheels are compressed already, and a compressor of another version would write other bytes:
    so all is stored as it is, in order of name and without the day.
    """
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as packed:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, date_time=_NO_TIME)
            entry.create_system, entry.external_attr = 0, 0
            packed.writestr(entry, path.read_bytes())


def _run(command: Sequence[str | Path], what: str) -> None:
    done = subprocess.run(  # noqa: S603
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = [line for line in done.stderr.splitlines() if line.startswith("ERROR")][-1:]
        raise EdHotspotsError(f"{what} could not be had. pip said: {' '.join(last)}")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
