import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from ed_ingest.deidentify import opaque_ids, redact, redact_words, seal
from ed_ingest.gazetteer import load_gazetteer
from ed_ingest.places import locate
from ed_ingest.schema import load_spec
from ed_ingest.tables import Attendances
from tests.ed_ingest.gazetteer_builder import town

SPEC = load_spec("ed_assault")
KEY = b"k" * 32
EXAMPLES = Path(__file__).parents[2].parent / "shared" / "examples"
ROW = {
    "attendance_number": "A1",
    "arrived_at": pd.Timestamp("2026-03-14 23:50"),
    "assault_from": pd.Timestamp("2026-03-14 23:00"),
    "assault_to": pd.Timestamp("2026-03-14 23:00"),
    "time_precision": "minute",
    "clock_change": "none",
    "night_of": pd.Timestamp("2026-03-14"),
    "assault_method": "glass",
    "location_type": "licensed_premises",
    "location_text": "hit by Tomasz in Golden Lamb",
    "easting": float("nan"),
    "northing": float("nan"),
    "age": 17.0,
    "sex": "female",
    "alcohol": "yes",
}


def attendances(*rows):
    table = pd.DataFrame([{**ROW, **row} for row in rows])
    table.index = pd.RangeIndex(2, 2 + len(table), name="row")
    texts = ["attendance_number", "location_text", "location_type", "sex", "alcohol"]
    return Attendances(table.astype(dict.fromkeys(texts, "str")))


def sealed(*rows, agreed=None, lsoa_of_homes=False, places=None):
    gazetteer = places or town()
    redacted = redact_words(attendances(*rows), SPEC, places=gazetteer)
    return seal(
        locate(redacted, gazetteer=gazetteer),
        SPEC,
        key=KEY,
        provider="marford",
        source="ed",
        batch_id="b1",
        agreed=[c for c in SPEC.contract if c not in ("age_band", "sex")] + (agreed or []),
        lsoa_of_homes=lsoa_of_homes,
    )


def test_opaque_ids_are_stable_and_differ_by_provider_and_key():
    parts = pd.Series(["1", "2", "1"], index=[4, 5, 6], dtype="str")

    ids = opaque_ids(KEY, "marford", parts)

    assert ids[4] == ids[6] != ids[5]
    assert list(ids.index) == [4, 5, 6]
    assert ids[4] != opaque_ids(KEY, "other", parts)[4]
    assert ids[4] != opaque_ids(b"x" * 32, "marford", parts)[4]
    assert opaque_ids(KEY, "marford", parts[:0]).empty


def test_opaque_ids_need_a_real_key_and_every_part():
    with pytest.raises(ValueError, match="16 to 64 bytes"):
        opaque_ids(b"short", "marford", pd.Series(["1"]))
    with pytest.raises(ValueError, match="missing"):
        opaque_ids(KEY, "marford", pd.Series([None], dtype="str"))


def test_redact_keeps_the_index_and_what_is_missing():
    texts = pd.Series(["by ex Darren, Mill Lane", None], index=[9, 3], dtype="str")

    redacted = redact(texts, places=town())

    assert redacted[9] == "by ex […] , Mill Lane"
    assert redacted.isna().to_dict() == {9: False, 3: True}


def test_redact_takes_out_numbers_that_are_spread_over_words():
    texts = pd.Series(["9 9 9 0 0 0 1 1 1 8 outside", "nine nine nine one one outside Mill Lane"])

    assert redact(texts, places=town()).tolist() == ["[…] outside", "[…] outside Mill Lane"]


def test_an_age_becomes_its_band_and_goes():
    redacted = redact_words(attendances({}, {"age": 15.9}, {"age": 65}), SPEC, places=town())

    assert redacted["age_band"].tolist() == ["16-17", "0-15", "65+"]
    assert "age" not in redacted


@pytest.mark.parametrize("age", [float("nan"), -1, 200])
def test_an_age_that_cannot_be_is_unknown(age):
    redacted = redact_words(attendances({"age": age}), SPEC, places=town())

    assert redacted["age_band"].tolist() == ["unknown"]


def test_a_column_that_the_schema_has_never_heard_of_is_dropped():
    table = attendances({}).assign(gp_name="Dr Bexterling", nhs_number="9434765919")

    redacted = redact_words(Attendances(table), SPEC, places=town())

    assert not {"gp_name", "nhs_number"} & set(redacted)


def test_a_sealed_record_has_exactly_the_contracts_columns():
    record = sealed({})

    assert list(record) == SPEC.contract
    assert record.index.tolist() == [2]
    assert record.loc[2, "place_id"] == "p1"
    assert record.loc[2, "location_text"] == "hit by […] in Golden Lamb"
    assert record.loc[2, "transfer"] == "no"
    assert record[["incident_id", "link_status"]].isna().all(axis=None)


def test_what_is_not_agreed_is_unknown():
    assert sealed({}).loc[2, ["age_band", "sex"]].tolist() == ["unknown", "unknown"]
    assert sealed({}, agreed=["age_band", "sex"]).loc[2, "age_band"] == "16-17"


@pytest.mark.parametrize(
    "text", ["at home, 12 Llanbedr Gardens", "flat 3 Castle Street", "at mums"]
)
@pytest.mark.parametrize("place_type", ["own_home", "other_home", "street", "unknown"])
def test_a_home_has_no_words_place_or_point(text, place_type):
    row = {"location_type": place_type, "location_text": text, "easting": 318000.0}

    record = sealed({**row, "northing": 176000.0}).loc[2]

    empty = [
        "location_text",
        "place_id",
        "place_name",
        "easting",
        "northing",
        "lsoa",
        "match_score",
    ]
    assert record[empty].isna().all()
    assert record["location_level"] == "withheld"
    told = ("own_home", "other_home") if place_type == "unknown" else (place_type,)
    assert record["location_type"] in told


def test_words_point_and_times_that_are_not_agreed_are_empty():
    located = locate(redact_words(attendances({}), SPEC, places=town()), gazetteer=town())

    record = seal(
        located, SPEC, key=KEY, provider="p", source="ed", batch_id="b", agreed=["assault_method"],
        lsoa_of_homes=False,
    ).loc[2]  # fmt: skip

    assert record[["location_text", "place_id", "easting", "arrived_at", "lsoa"]].isna().all()
    assert record["assault_method"] == "glass"
    assert record[["location_level", "time_precision", "alcohol"]].tolist() == [
        "none", "missing", "unknown",
    ]  # fmt: skip


FULL = {
    "drugs": "yes", "domestic_abuse": "yes", "reported_to_police": "yes", "gang_related": "yes",
    "admitted": "yes", "assailants": "3+", "relationship": "stranger", "clock_change": "ambiguous",
    "location_text": "in Golden Lamb",
}  # fmt: skip
# Named whatever the agreement says: whose record it is, of which delivery, and where it stands.
ALWAYS = ("event_id", "provider", "source", "batch_id", "transfer")


@pytest.mark.parametrize("column", [name for name in SPEC.contract if name not in ALWAYS])
def test_each_item_is_stored_only_where_it_is_agreed(column):
    located = locate(redact_words(attendances(FULL), SPEC, places=town()), gazetteer=town())
    records = [
        seal(
            located, SPEC, key=KEY, provider="p", source="ed", batch_id="b", agreed=agreed,
            lsoa_of_homes=False,
        ).loc[2]
        for agreed in (SPEC.contract, [name for name in SPEC.contract if name != column])
    ]  # fmt: skip
    empty = next(
        (c for c in ("unknown", "missing", "none") if c in SPEC.fields[column].codes), None
    )
    empty = empty if SPEC.fields[column].required else None

    if column not in ("incident_id", "link_status"):  # of later stages
        assert pd.notna(records[0][column])
        assert records[0][column] != empty
    assert pd.isna(records[1][column]) if empty is None else records[1][column] == empty
    others = [name for name in SPEC.contract if name != column]
    pd.testing.assert_series_equal(records[0][others], records[1][others])


def test_a_home_keeps_its_small_area_only_where_agreed():
    row = {"location_type": "own_home", "easting": 318000.0, "northing": 176000.0}

    assert sealed(row, lsoa_of_homes=True).loc[2, "lsoa"] == "W01000001"


def test_a_point_whose_type_was_not_understood_is_no_point():
    row = {"location_type": "unknown", "location_text": None, "type_unread": True}
    point = {"easting": 318000.0, "northing": 176000.0}

    record, agreed = (sealed({**row, **point}, lsoa_of_homes=may).loc[2] for may in (False, True))

    assert record["location_level"] == "withheld"
    assert record[["easting", "northing", "lsoa"]].isna().all()
    assert agreed["lsoa"] == "W01000001"


def test_words_of_no_known_place_are_not_stored():
    record = sealed({"location_text": "nr Zorblax Quendleton, Castle Street"})

    assert "Zorblax" not in str(record.loc[2, "location_text"])
    assert "Castle Street" in record.loc[2, "location_text"]


def test_a_code_or_area_that_the_contract_does_not_know_is_not_stored():
    redacted = redact_words(attendances({"location_text": None}), SPEC, places=town())
    tampered = locate(redacted, gazetteer=town()).assign(
        lsoa="12 Llanbedr Gardens", alcohol="Tomasz", admitted="see notes"
    )
    record = seal(
        tampered, SPEC, key=KEY, provider="p", source="ed", batch_id="b",
        agreed=SPEC.contract, lsoa_of_homes=True,
    ).loc[2]  # fmt: skip

    assert pd.isna(record["lsoa"])
    assert record[["alcohol", "admitted"]].tolist() == ["unknown", "unknown"]


def test_event_ids_come_from_the_attendance_number_whatever_else_changes():
    first, corrected = sealed({}), sealed({"alcohol": "no"}, {"attendance_number": "A2"})

    assert first.loc[2, "event_id"] == corrected.loc[2, "event_id"]
    assert corrected["event_id"].is_unique


def test_without_a_number_the_arrival_and_its_ordinal_name_the_event():
    twins = sealed({"attendance_number": None}, {"attendance_number": None})
    again = sealed({"attendance_number": None})

    assert twins["event_id"].is_unique
    assert again.loc[2, "event_id"] == twins.loc[2, "event_id"]


def test_date_only_arrivals_of_two_files_do_not_share_a_name():
    day = {"attendance_number": None, "arrived_at": pd.Timestamp("2026-03-14")}
    shared = {**day, "sex": "male"}
    first = sealed(day, day, shared)
    second = sealed({**day, "assault_method": "feet"}, {**day, "age": 40.0}, shared)

    assert first["event_id"].is_unique
    # Other rows of the day change nothing about the name of the row that both files hold.
    assert set(first["event_id"]) & set(second["event_id"]) == {first.loc[4, "event_id"]}


def test_no_records_seal_to_no_records():
    nothing = attendances({}).iloc[:0]
    located = locate(redact_words(Attendances(nothing), SPEC, places=town()), gazetteer=town())

    record = seal(
        located, SPEC, key=KEY, provider="p", source="ed", batch_id="b", agreed=[],
        lsoa_of_homes=False,
    )  # fmt: skip

    assert record.empty
    assert list(record) == SPEC.contract


def test_sealing_leaves_the_table_that_it_was_given_alone():
    located = locate(redact_words(attendances({}), SPEC, places=town()), gazetteer=town())
    before = located.copy()

    seal(
        located, SPEC, key=KEY, provider="p", source="ed", batch_id="b", agreed=[],
        lsoa_of_homes=False,
    )  # fmt: skip

    pd.testing.assert_frame_equal(located, before)


def test_the_labelled_examples_of_privacy(tmp_path):
    if not EXAMPLES.is_dir():
        pytest.skip("the labelled examples are not beside the repository")
    (tmp_path / "places.csv").write_bytes((EXAMPLES / "places" / "places.csv").read_bytes())
    texts = pd.read_csv(
        EXAMPLES / "privacy" / "texts.csv", dtype=str, keep_default_na=False, index_col="id"
    )["text"]

    after = redact(texts, places=load_gazetteer(tmp_path)).rename("text_after")

    after.to_csv(tmp_path / "after.csv", index_label="id", encoding="utf-8")
    score = subprocess.run(
        [sys.executable, str(EXAMPLES / "check_privacy.py"), str(tmp_path / "after.csv"),
         "--recall", "0.99", "--survival", "0.98", "--show", "0"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert score.returncode == 0, score.stdout
