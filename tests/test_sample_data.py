"""The sample data: small, complete, and what their script makes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sample_data.make import ASSAULTS, make

SAMPLE = Path(__file__).parents[1] / "sample_data" / "marford"


def files(folder: Path) -> dict[str, bytes]:
    found = [p for p in folder.rglob("*") if p.is_file()]
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sample") / "marford"
    make(folder)
    return folder


def test_the_script_makes_what_is_here(made):
    # Workbooks are compressed: another library version may pack the same cells otherwise.
    now, then = (
        {name: text for name, text in files(folder).items() if not name.endswith(".xlsx")}
        for folder in (made, SAMPLE)
    )
    changed = sorted(n for n in now.keys() | then.keys() if now.get(n) != then.get(n))

    assert changed == [], "run: python sample_data/make.py"


def test_the_sample_is_small_and_has_three_hospitals_and_a_force():
    assert sum(len(content) for content in files(SAMPLE).values()) < 400_000
    assert sorted(p.name for p in (SAMPLE / "inbox").iterdir()) == [
        "marford-general", "royal-infirmary", "st-teilos", "wexshire-police",
    ]  # fmt: skip


def test_every_assault_of_the_truth_is_in_a_delivery():
    truth = pd.read_csv(SAMPLE / "truth" / "assaults.csv")
    listed = pd.read_csv(SAMPLE / "truth" / "deliveries.csv")

    assert (truth["transfer"] == "no").sum() == ASSAULTS
    assert set(truth["file"]) <= set(listed["file"])
