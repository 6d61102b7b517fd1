"""Both scripts from end to end on a handful of texts; of the set kept aside only figures appear."""

from __future__ import annotations

import csv
import importlib
import json
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
PLACES = [
    ["P1", "Red Lion", "", "premises", "1000", "2000", "1 High Street", ""],
    ["S1", "High Street", "", "street", "1100", "2000", "", ""],
]


def write(path, header, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def spoilt(text):
    """A row of the privacy set whose label nothing could meet."""
    return [text, json.dumps([]), json.dumps([text.split()[0]]), "no", "[]", '["place"]']


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a script's `main` with `--show`, on texts of which all are found wrong."""
    gazetteer = tmp_path / "examples" / "places" / "places.csv"
    columns = "place_id,name,alt_names,kind,easting,northing,address,postcode"
    write(gazetteer, columns, PLACES)
    sets = ("tune", "aside", "examples")
    privacy = [[i, s, *spoilt(f"Quuzle{s} 07700 900123")] for i, s in enumerate(sets)]
    header = "id,set,text,must_vanish,must_survive,home,kinds,survive_kinds"
    write(tmp_path / "corpus" / "privacy.csv", header, privacy[:2])
    write(tmp_path / "examples" / "privacy" / "texts.csv", header, privacy[2:])
    # The truth is a place that no text names.
    truth = ["P9", "P9", "premises", "5000", "5000", "100", ""]
    places = [[i, s, f"Red Lion, {s}", *truth] for i, s in enumerate(sets)]
    header = (
        "id,set,text,truth_place_id,acceptable_place_ids,truth_level,easting,northing,"
        "max_error_m,notes"
    )
    write(tmp_path / "corpus" / "places.csv", header, places[:2])
    write(tmp_path / "examples" / "places" / "texts.csv", header, places[2:])
    monkeypatch.setenv("ED_HOTSPOTS_CARDIFF", str(gazetteer))
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setattr(sys, "argv", ["script", "--show"])

    def run_script(name):
        script = importlib.import_module(name)
        monkeypatch.setattr(script, "N_DISTINCT", 20)
        monkeypatch.setattr(script.sets, "CORPUS", tmp_path / "corpus")
        monkeypatch.setattr(script.sets, "PROJECT", tmp_path / "project")
        if name == "privacy":
            monkeypatch.setattr(script.presidio_peer, "presidio", lambda: None)
        else:
            monkeypatch.setattr(script, "N_PLACES", 50)
        script.main()
        return capsys.readouterr().out

    yield run_script
    for name in [m for m in sys.modules if m.split(".")[0] in ("evaluation", "machine", "privacy",
                                                               "places")]:  # fmt: skip
        del sys.modules[name]


def test_privacy_prints_every_set_and_lists_none_kept_aside(run):
    out = run("privacy")

    assert "| share | by | tune | aside | examples |" in out
    assert "place words survived | ed-hotspots | 0.0%" in out
    assert "Quuzletune" in out
    assert "Quuzleexamples" in out
    assert "Quuzleaside" not in out
    assert "pip install -r benchmarks/peers.txt" in out


def test_places_prints_every_set_and_lists_none_kept_aside(run):
    out = run("places")

    assert "| figure | by | tune | aside | examples |" in out
    assert "wrong but confident, of all texts | ed-hotspots | 100.0%" in out
    assert "Red Lion, tune" in out
    assert "Red Lion, examples" in out
    assert "Red Lion, aside" not in out
    assert "simulated names" in out
