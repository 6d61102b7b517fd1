"""No issue, receipt, message or report of a delivery holds a cell's value."""

from __future__ import annotations

import json
import sys

import pytest

from ed_ingest.workspace import make_workspace
from hotspots import cli

# Each stands in a column of its own; all are wrong or unknown there, so that each is an issue.
PLANTED = {
    "AttNo": "QX77120034551",
    "Arrived": "31/02/2026 02:61 wibbleton",
    "Assaulted": "zebedee fortnight",
    "Method": "quuxblade 4417",
    "Place": "fnordhouse 8829",
    "Where": "at home of Zorblatt Vexley",
    "E": "418.77123",
    "N": "176.88231",
    "Alcohol": "grobnik",
    "Police": "plughkin",
    "How many": "xyzzyish",
    "Who": "frobnitz",
    "Outcome": "splungewick",
    "LSOA": "ZZ9 9ZQ",
    "Age": "thirtyquorn",
    "NHS": "9990852374",
}
PROVIDER = """
name = "St Elsewhere"
kind = "ed"
[columns]
attendance_number = "AttNo"
arrived_at = "Arrived"
assault_at = "Assaulted"
assault_method = "Method"
location_type = "Place"
location_text = "Where"
easting = "E"
northing = "N"
alcohol = "Alcohol"
reported_to_police = "Police"
assailants = "How many"
relationship = "Who"
admitted = "Outcome"
lsoa = "LSOA"
age = "Age"
"""
SECRETS = tuple(
    word.casefold() for cell in PLANTED.values() for word in cell.split() if len(word) > 3
)


@pytest.fixture
def workspace(tmp_path):
    made = make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)
    (made.root / "providers" / "st-elsewhere.toml").write_text(PROVIDER, encoding="utf-8")
    return made.root


@pytest.fixture
def delivery(tmp_path):
    """Sound rows, and for each column one row with the planted cell; one with them all."""
    sound = dict.fromkeys(PLANTED, "") | {"Arrived": "03/01/2026 02:50", "Method": "Fist"}
    late = dict(sound, Arrived="14/03/2062 02:15", AttNo="QX77120034552")
    again = dict(sound, AttNo=PLANTED["AttNo"])
    rows = [sound, late, again, dict(again, Method="Knife"), PLANTED]
    rows += [
        {**sound, name: cell, "AttNo": f"R{i}"} for i, (name, cell) in enumerate(PLANTED.items())
    ]
    lines = [",".join(PLANTED), *(",".join(row.values()) for row in rows)]
    path = tmp_path / "january.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def run(monkeypatch, capfd):
    """All that a command prints, on both streams."""

    def call(*arguments: object) -> str:
        monkeypatch.setattr(sys, "argv", ["ed-hotspots", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        assert stop.value.code in (0, None, 1)
        printed = capfd.readouterr()
        return printed.out + printed.err

    return call


def told(text):
    """Places in the list of the planted words that a text holds; never the words themselves."""
    return [i for i, word in enumerate(SECRETS) if word in text.casefold()]


def test_nothing_told_of_a_delivery_holds_a_cell(run, workspace, delivery, tmp_path):
    provider = ("-w", workspace, "--provider", "st-elsewhere", "--received", "2026-02-10")
    texts = {}
    for style in ((), ("--json",)):
        texts["check", style] = run("check", delivery, *provider, *style)
    texts["ingest",] = run("ingest", delivery, *provider, "--json")
    batch = json.loads(texts["ingest",])["files"][0]["batch_id"]
    texts["again",] = run("ingest", delivery, *provider)
    for style in ((), ("--json",)):
        texts["why", style] = run("why", batch, "-w", workspace, *style)
        texts["status", style] = run("status", "-w", workspace, *style)
    out = tmp_path / "issues.csv"
    texts["export",] = run("export", "issues", out, "-w", workspace)
    texts["issues.csv",] = out.read_text(encoding="utf-8-sig")

    assert {command: told(text) for command, text in texts.items() if told(text)} == {}


def test_what_is_told_explains_each_issue(run, workspace, delivery, tmp_path):
    provider = ("-w", workspace, "--provider", "st-elsewhere", "--received", "2026-02-10")
    batch = json.loads(run("ingest", delivery, *provider, "--json"))["files"][0]["batch_id"]
    issues = json.loads(run("why", batch, "-w", workspace, "--json"))["issues"]
    page = run("why", batch, "-w", workspace)
    run("export", "issues", tmp_path / "issues.csv", "-w", workspace)
    exported = (tmp_path / "issues.csv").read_text(encoding="utf-8-sig")

    columns = {issue["column"] for issue in issues}
    assert columns >= {
        "attendance_number", "arrived_at", "assault_from", "assault_method", "location_type",
        "easting", "alcohol", "reported_to_police", "assailants", "relationship", "admitted",
        "lsoa",
    }  # fmt: skip
    for issue in issues:
        # The planted row of all columns is line 6 of the file.
        assert 2 <= issue["row"] <= 6 + len(PLANTED)
        assert issue["rule"] in page
        assert issue["rule"] in exported.replace('""', '"')
        assert issue["remedy"] in page
    assert any(i["row"] == 3 and i["shape"] == "99/99/9999 99:99" for i in issues)
    assert "came:     AAAAAAAAA 9999" in page
