"""Layouts of files of counts that were never seen before. Everything in them is invented."""

from __future__ import annotations

from datetime import datetime

import pytest

from ed_ingest.counts_file import read_counts_file
from ed_ingest.counts_layout import propose_counts
from ed_ingest.pipeline import ingest
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace


def proposal(folder, text, name="counts.csv"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return propose_counts(read_counts_file(path))


LAYOUTS = [
    (
        "Month,Location,Assault type,Number\nJan 2026,The Dusty Ferret,Knife,1\n",
        {"period": "Month", "place_name": "Location", "assault_method": "Assault type"},
        "no",
    ),
    (
        "Period start,Period end,Ward,Weapon used,Count of assaults\n"
        "01/01/2026,31/03/2026,Brindlewood,Fists,4\n01/01/2026,31/03/2026,Castle,Glass,*\n",
        {"period_from": "Period start", "period_to": "Period end", "place_name": "Ward"},
        "no",
    ),
    (
        "Year,Month,LSOA code,Attendances\n2026,January,W01001856,6\n2026,January,W01001857,<5\n",
        {"period": ("Year", "Month"), "lsoa": "LSOA code", "n": "Attendances"},
        "no",
    ),
    (
        "Assault attendances Q4 2025/26,,,\nVenue,Knife / sharp,Fists or feet,Total\n"
        "The Velvet Turnstile,1,2,3\n",
        {"place_name": "Venue"},
        "method",
    ),
    (
        "Postcode sector,Jan-26,Feb-26,Mar-26,Total\nCF10 1,4,..,6,10\nCF11 9,0,2,1,3\n",
        {"place_name": "Postcode sector"},
        "period",
    ),
    (
        "Chwarter,Lleoliad,Nifer\nQ1 2026,Ffordd yr Orsaf,3\n",
        {"period": "Chwarter", "place_name": "Lleoliad", "n": "Nifer"},
        "no",
    ),
    (
        "Ward,January 2026,,February 2026,\n,Knife,Glass,Knife,Glass\nCastle,1,2,3,4\n",
        {"place_name": "Ward"},
        "method_and_period",
    ),
]


@pytest.mark.parametrize(("text", "columns", "wide"), LAYOUTS)
def test_a_layout_is_proposed_and_can_be_read_with_it(tmp_path, text, columns, wide):
    proposed = proposal(tmp_path, text)

    assert proposed.wide == wide
    assert columns.items() <= proposed.columns.items()
    assert proposed.questions == ()
    assert all(0 < value <= 1 for value in proposed.confidence.values())

    workspace = make_workspace(tmp_path / "w", name="x", marking="O", premises_names=False)
    (workspace.root / "providers" / "uc.toml").write_text(toml(proposed), encoding="utf-8")
    receipt = ingest(
        tmp_path / "counts.csv", workspace, "uc", received_at=datetime(2026, 5, 1, 9, 0)
    )
    assert receipt.counts["n_held_back"] == 0
    with open_store(workspace.store) as store:
        assert len(store.read("assault_counts")) == receipt.counts["n_stored"] > 0


def toml(proposed) -> str:
    """The proposal as a provider's file, written by hand: JSON strings and lists are TOML too."""
    import json

    document = proposed.document()
    lines = ['name = "x"', 'kind = "counts"', "[columns]"]
    lines += [f"{k} = {json.dumps(v)}" for k, v in document["columns"].items()]
    counts = document.get("counts", {})
    if counts:
        lines += ["[counts]", f"wide = {json.dumps(counts['wide'])}", "[counts.methods]"]
        lines += [
            f"{json.dumps(k)} = {json.dumps(v)}" for k, v in counts.get("methods", {}).items()
        ]
    return "\n".join(lines)


def test_the_period_of_the_title_is_told_and_not_written_down(tmp_path):
    proposed = proposal(tmp_path, LAYOUTS[3][0])

    assert proposed.period == "2026-01-01/2026-03-31"
    assert "period" not in proposed.document().get("counts", {})
    assert proposed.methods == {"Knife / sharp": "sharp_object", "Fists or feet": "body_part"}


def test_what_cannot_be_told_is_asked(tmp_path):
    nowhere = proposal(tmp_path, "Ward,Knife,Glass\nCastle,1,2\n")
    assert any("month or quarter" in question for question in nowhere.questions)

    no_year = proposal(tmp_path, "Month,Ward,Number\nJanuary,Castle,3\n")
    assert any("year" in question for question in no_year.questions)

    no_place = proposal(tmp_path, "Month,Number\nJan 2026,3\n")
    assert any("places" in question for question in no_place.questions)
