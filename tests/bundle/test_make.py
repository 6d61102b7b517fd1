"""The bundle is the same bytes each time, names every wheel, and pip accepts it."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bundle.make import _lay_out, make_bundle, manifest, requirements, write_zip
from bundle.wheels import read_wheel

PYTHONS = ("3.11", "3.12")


def make_wheel(folder: Path, name: str, *, tag="py3-none-any", says="License: MIT\n", version="1"):
    path = folder / f"{name}-{version}-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        info = f"{name}-{version}.dist-info"
        archive.writestr(f"{name}/deep.py", "")
        archive.writestr(
            f"{info}/METADATA",
            f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{says}\n",
        )
        archive.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nTag: {tag}\n")
        archive.writestr(f"{info}/licenses/LICENSE.txt", f"Licence of {name}: ©\n")
    return read_wheel(path)


def test_a_wheel_tells_name_version_requirements_and_licence(tmp_path):
    says = 'License: BSD\nRequires-Dist: b>=2\nRequires-Dist: c; sys_platform == "win32"\n'
    wheel = make_wheel(tmp_path, "My_Name", says=says)

    assert (wheel.name, wheel.version, wheel.licence) == ("my-name", "1", "BSD")
    assert wheel.requires == ("b>=2", 'c; sys_platform == "win32"')
    # My_Name/deep.py has 15 characters; compiled it is My_Name/__pycache__/deep.cpython-314.pyc
    # of 40; the licence's path has 39.
    assert wheel.deepest == 40


@pytest.mark.parametrize(
    ("says", "licence"),
    [
        ("License-Expression: MIT AND Zlib\nLicense: MIT\n", "MIT AND Zlib"),
        ("License: Copyright 2001\n        and so on\nClassifier: License :: OSI :: BSD\n", "BSD"),
        ("", "not declared: see its text"),
    ],
)
def test_the_licence_is_taken_as_declared(tmp_path, says, licence):
    assert make_wheel(tmp_path, "a", says=says).licence == licence


def test_each_wheel_has_its_hash_and_what_one_python_needs_alone_says_so(tmp_path):
    both = [make_wheel(tmp_path, "a", tag=tag) for tag in ("cp311-x", "cp312-x")]
    one = make_wheel(tmp_path, "b")
    text = requirements([*both, one], {"a": ["3.11", "3.12"], "b": ["3.11"]}, PYTHONS)

    hashes = " ".join(f"--hash=sha256:{wheel.sha256}" for wheel in both)
    assert text.splitlines() == [
        f"a==1 {hashes}",
        f'b==1 ; python_version == "3.11" --hash=sha256:{one.sha256}',
    ]


def test_the_manifest_names_every_wheel_with_its_licence_and_hash(tmp_path):
    wheel = make_wheel(tmp_path, "a")
    (row,) = csv.DictReader(manifest([wheel]).splitlines())

    assert row["sha256"] == hashlib.sha256(wheel.path.read_bytes()).hexdigest()
    assert (row["name"], row["licence"], row["file"]) == ("a", "MIT", "a-1-py3-none-any.whl")


@pytest.fixture
def laid_out(tmp_path):
    made = tmp_path / "made"
    wheels = [make_wheel(tmp_path, "a"), make_wheel(tmp_path, "b")]
    _lay_out(made, wheels, {w.name: list(PYTHONS) for w in wheels}, PYTHONS, None)
    return made


def test_the_sums_name_every_file_but_themselves(laid_out):
    lines = (laid_out / "SHA256SUMS.txt").read_text(encoding="utf-8").splitlines()
    told = dict(reversed(line.split("  ")) for line in lines)
    there = {
        p.relative_to(laid_out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in laid_out.rglob("*")
        if p.is_file() and p.name != "SHA256SUMS.txt"
    }

    assert told == there
    assert {"install.cmd", "licences/a-1.txt", "wheels/a-1-py3-none-any.whl"} <= set(told)


def test_the_same_folder_makes_the_same_zip_whatever_its_dates_and_rights(laid_out, tmp_path):
    write_zip(laid_out, tmp_path / "first.zip")
    for path in laid_out.rglob("*.cmd"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o755)
    write_zip(laid_out, tmp_path / "second.zip")

    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "first.zip") as archive:
        assert "made/install.cmd" in archive.namelist()


def test_pip_takes_the_folder_by_its_hashes_and_refuses_a_changed_wheel(laid_out, tmp_path):
    command = [
        sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--no-index",
        "--find-links", laid_out / "wheels", "--require-hashes", "--target", tmp_path / "site",
        "-r", laid_out / "requirements.txt", "--dry-run",
    ]  # fmt: skip
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0

    (laid_out / "wheels" / "a-1-py3-none-any.whl").write_bytes(
        (laid_out / "wheels" / "b-1-py3-none-any.whl").read_bytes()
    )
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert refused.returncode != 0
    assert "hash" in refused.stderr.lower()


@pytest.mark.long
def test_the_real_bundle_for_one_python_is_complete(tmp_path):
    # Fetches some 200 MB from pip's index; without one it is skipped.
    asked = [sys.executable, "-m", "pip", "download", "--no-deps", "-q", "-d", tmp_path, "six"]
    if subprocess.run(asked, capture_output=True, check=False).returncode:
        pytest.skip("no package index")
    made = make_bundle(tmp_path / "dist", pythons=("3.12",), tell=lambda line: None)

    names = {path.name.split("-")[0] for path in (made.folder / "wheels").iterdir()}
    assert {"ed_hotspots", "colorama", "tzdata", "numba"} <= names
    assert made.archive.is_file()
