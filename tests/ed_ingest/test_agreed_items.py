"""What an agreement does not cover is not stored, whatever the kind of provider."""

from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest

from ed_ingest.agreed_items import agreed_columns, always_stored
from ed_ingest.errors import AgreementError, SettingsError
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.pipeline import ingest
from ed_ingest.providers import load_provider
from ed_ingest.schema import load_spec
from ed_ingest.store import open_store
from ed_ingest.workspace import make_workspace

RECEIVED = datetime(2025, 4, 2, 9, 0)
ED = load_spec("ed_assault")
KINDS = {"ed": "ed_assault", "police": "police_crime", "counts": "assault_counts"}
TABLES = {"ed": "assaults", "police": "crimes", "counts": "assault_counts"}
COLUMNS = {
    "ed": [
        *("arrived_at", "assault_at", "assault_method", "location_type", "location_text"),
        *("alcohol", "drugs", "domestic_abuse", "reported_to_police", "gang_related", "admitted"),
        *("assailants", "relationship", "sex", "age"),
    ],
    "police": [
        *("crime_reference", "committed_from", "committed_to", "offence_group", "place_name"),
        *("easting", "northing", "alcohol", "domestic_abuse", "knife", "night_time_economy"),
    ],
    "counts": ["period", "place_name", "assault_method", "n"],
}
ROWS = {
    "ed": "01/03/2025 02:10,01/03/2025 01:30,Knife,Street,High Street,"
    "Yes,Yes,Yes,Yes,Yes,Yes,2,Stranger,Female,30\n",
    "police": "X1,01/03/2025 01:30,01/03/2025 01:40,violence_with_injury,High Street,"
    "420000,310000,Yes,Yes,Yes,Yes\n",
    "counts": "March 2025,High Street,Knife,7\n",
}
PLACES = (
    "place_id,name,alt_names,kind,easting,northing,address,postcode\n"
    "S1,High Street,,street,420000,310000,Marford,\n"
)


@cache
def known_places():
    """The gazetteer of `PLACES`: what is worked out of it is worked out once."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "places.csv").write_text(PLACES, encoding="utf-8")
        return load_gazetteer(Path(folder))


@pytest.fixture
def workspace(tmp_path):
    return make_workspace(tmp_path / "w", name="x", marking="OFFICIAL", premises_names=False)


def describe(workspace, kind, agreement=""):
    headers = "".join(f'{name} = "H{i}"\n' for i, name in enumerate(COLUMNS[kind]))
    text = f'name = "A"\nkind = "{kind}"\n[agreement]\n{agreement}\n[columns]\n{headers}'
    (workspace.root / "providers" / "a.toml").write_text(text, encoding="utf-8")


def stored(workspace, kind, agreement=""):
    describe(workspace, kind, agreement)
    path = workspace.root / "file.csv"
    headers = ",".join(f"H{i}" for i in range(len(COLUMNS[kind])))
    path.write_text(f"{headers}\n{ROWS[kind]}", encoding="utf-8")
    ingest(path, workspace, "a", received_at=RECEIVED, gazetteer=known_places())
    with open_store(workspace.store) as store:
        return store.read(TABLES[kind]).iloc[0]


def is_empty(value) -> bool:
    return pd.isna(value) or value in ("unknown", "missing", "none")


# What these rows tell nothing of, withheld or not.
NOT_TOLD = {
    "ed": {"clock_change", "lsoa"},
    "police": {"lsoa", "location_type", "offence_code"},
    "counts": {"lsoa"},
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_withheld_is_not_stored_and_all_else_is(workspace, kind):
    spec = load_spec(KINDS[kind])
    names = [n for n in spec.contract if n not in always_stored(spec)]
    more = 'items = ["sex", "age_band"]' if kind == "ed" else ""
    before = stored(workspace, kind, more)
    told = {name for name in names if not is_empty(before[name])}

    assert set(names) - told == NOT_TOLD[kind]
    for withheld in (names, names[::2]):
        workspace.store.unlink()
        row = stored(workspace, kind, f"not_agreed = {withheld}".replace("'", '"'))
        agreed = agreed_columns(spec, not_agreed=withheld)

        assert [name for name in names if name not in agreed and not is_empty(row[name])] == []
        assert [n for n in agreed if n in told and row[n] != before[n]] == []


@pytest.mark.parametrize("named", ["assault_from", "time_precision", "night_of"])
def test_the_columns_of_a_time_go_together(workspace, named):
    row = stored(workspace, "ed", f'not_agreed = ["{named}"]')

    told = row[["assault_from", "assault_to", "time_precision", "clock_change", "night_of"]]
    assert [is_empty(value) for value in told] == [True] * 5
    assert not pd.isna(row["arrived_at"])


def test_a_place_goes_with_its_words_and_words_go_alone(workspace):
    place = stored(workspace, "ed", 'not_agreed = ["easting"]')
    workspace.store.unlink()
    words = stored(workspace, "ed", 'not_agreed = ["location_text"]')

    assert is_empty(place["location_text"])
    assert is_empty(place["place_id"])
    assert (words["easting"], is_empty(words["location_text"])) == (420000, True)


def test_a_time_that_is_the_arrival_goes_with_it(workspace):
    # No date of the assault: it is taken to be in the day before the arrival.
    undated = ROWS["ed"].replace("01/03/2025 01:30", "")
    describe(workspace, "ed", 'not_agreed = ["arrived_at"]')
    path = workspace.root / "file.csv"
    path.write_text(",".join(f"H{i}" for i in range(15)) + f"\n{undated}", encoding="utf-8")
    ingest(path, workspace, "a", received_at=RECEIVED, gazetteer=known_places())
    with open_store(workspace.store) as store:
        row = store.read("assaults").iloc[0]

    assert [is_empty(row[n]) for n in ("arrived_at", "assault_from", "night_of")] == [True] * 3


def test_whether_a_withheld_item_came_is_not_noted(workspace):
    stored(workspace, "ed", 'not_agreed = ["gang_related"]')
    with open_store(workspace.store) as store:
        mask = store.read_assaults_with_items()["items_present"].iloc[0]

    assert mask & (1 << 13) == 0  # gang_related is the last of the 14 items
    assert mask & (1 << 12) != 0  # relationship and number of assailants came before it


def test_words_that_may_not_be_stored_are_not_held(workspace):
    row = ROWS["ed"].replace("High Street", "Quayside by the fountain")
    for not_agreed, held in (([], 3), (["location_text"], 0), (["place_id"], 0)):
        workspace.store.unlink(missing_ok=True)
        describe(workspace, "ed", f"not_agreed = {not_agreed!r}".replace("'", '"'))
        rows = [
            row.replace("01/03", f"{day:02}/03").replace("02:10", f"0{day}:10") for day in (1, 2, 3)
        ]
        path = workspace.root / "file.csv"
        path.write_text(
            ",".join(f"H{i}" for i in range(15)) + "\n" + "".join(rows), encoding="utf-8"
        )
        ingest(path, workspace, "a", received_at=RECEIVED, gazetteer=known_places())
        with open_store(workspace.store) as store:
            assert len(store.read_held_words()) == held


@pytest.mark.parametrize(
    ("agreement", "problem"),
    [
        ('not_agreed = ["event_id"]', "no record is without: event_id"),
        ('not_agreed = ["shoe_size"]', "unknown items: shoe_size"),
        ('items = ["sex"]\nnot_agreed = ["sex"]', "both name: sex"),
        ("valid_from = 2025-02-01\nvalid_to = 2025-01-31", "valid_to is before"),
    ],
)
def test_an_agreement_that_cannot_be_is_refused(workspace, agreement, problem):
    describe(workspace, "ed", agreement)

    with pytest.raises(SettingsError, match=problem):
        load_provider(workspace.root, "a")


def test_items_add_to_what_is_agreed_and_take_nothing_from_it():
    default = set(agreed_columns(ED))

    assert {"sex", "age_band"} == set(ED.contract) - default
    assert set(agreed_columns(ED, items=["sex"])) == default | {"sex"}


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_delivery_outside_the_dates_is_refused_whatever_its_kind(workspace, kind):
    for dates in ("valid_to = 2025-04-01", "valid_from = 2025-04-03"):
        with pytest.raises(AgreementError, match="not in force on 02 April 2025"):
            stored(workspace, kind, dates)
    assert not workspace.store.exists()
    assert stored(workspace, kind, "valid_from = 2025-04-02\nvalid_to = 2025-04-02") is not None
