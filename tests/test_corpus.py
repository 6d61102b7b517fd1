"""The labelled corpus is what its generator makes, and says of every row what became of it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path
from xml.etree.ElementTree import canonicalize

import pytest

CORPUS = Path(__file__).parent / "corpus"
# Written by people: the generator makes all else.
BY_HAND = {Path("places.csv"), Path("privacy.csv")}
WRITERS = {".xlsx": "openpyxl", ".xls": "xlwt"}
DELIVERIES = sorted(CORPUS.glob("*/*.meta.json"))


def contents(path: Path) -> bytes | dict[str, bytes]:
    """A file's bytes; of a workbook its members as canonical XML.

    Packing may differ from machine to machine, and how an empty element is written with the library
    that writes it.
    """
    if path.suffix not in (".xlsx", ".ods"):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return {name: _canonical(name, archive.read(name)) for name in archive.namelist()}


def _canonical(name: str, content: bytes) -> bytes:
    if not name.endswith((".xml", ".rels")):
        return content
    return canonicalize(content.decode("utf-8")).encode("utf-8")


def test_the_generator_makes_the_committed_corpus_again(tmp_path):
    run = [sys.executable, str(CORPUS / "make.py"), str(tmp_path)]
    subprocess.run(run, check=True, timeout=120)

    made = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    committed = {
        path.relative_to(CORPUS)
        for path in [*CORPUS.glob("*.csv"), *CORPUS.glob("tune/*"), *CORPUS.glob("aside/*")]
    } - BY_HAND
    # A workbook's writer is an option: what it would have written is left out, and nothing else.
    unwritten = {name for ending, name in WRITERS.items() if find_spec(name) is None}
    endings = {ending for ending, name in WRITERS.items() if name in unwritten}
    stems = {path.with_suffix("") for path in committed if path.suffix in endings}
    expected = {p for p in committed if p.parent / p.name.split(".")[0] not in stems}
    assert made == expected
    for path in sorted(made):
        assert contents(tmp_path / path) == contents(CORPUS / path), f"{path} is not as committed"


@pytest.mark.parametrize("meta_path", DELIVERIES, ids=lambda path: path.name.split(".")[0])
def test_each_delivery_states_the_fate_of_all_its_rows(meta_path):
    meta = json.loads(meta_path.read_text(encoding="utf-8"))
    truth_path = meta_path.with_name(meta_path.name.replace(".meta.json", ".truth.csv"))
    with truth_path.open(encoding="utf-8", newline="") as lines:
        fates = [row["expect"] for row in csv.DictReader(lines)]

    assert meta_path.with_name(meta["file"]).is_file()
    assert meta["rows"] == {fate: fates.count(fate) for fate in meta["rows"]}
    assert sum(meta["rows"].values()) == len(fates) >= 30
    assert set(meta["identifier_columns"]) <= set(meta["mapping"])


@pytest.mark.parametrize(
    ("name", "least"), [("methods", 330), ("locations", 220), ("other_codes", 200), ("times", 150)]
)
def test_about_a_third_of_the_wordings_is_kept_aside(name, least):
    with (CORPUS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        sets = [row["set"] for row in csv.DictReader(lines)]

    assert len(sets) >= least
    assert 0.25 < sets.count("aside") / len(sets) < 0.42
