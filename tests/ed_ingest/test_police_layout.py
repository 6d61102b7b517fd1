import pandas as pd
import pytest

from ed_ingest.crimes import read_crimes
from ed_ingest.layout import apply_mapping
from ed_ingest.police_layout import propose_police
from ed_ingest.read import read_extract
from ed_ingest.schema import load_spec
from tests.ed_ingest.police_extracts import HELD_OUT, TUNED
from tests.ed_ingest.test_crimes import KEY, TOWNS

SPEC = load_spec("police_crime")
EXTRACTS = [pytest.param(extract, id=extract.name) for extract in (*TUNED, *HELD_OUT)]


def proposed(raw):
    return {column: s.heading for s in propose_police(raw) for column in s.columns}


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Of an extract its cells, the mapping proposed, and what became of its rows; once each."""
    folder = tmp_path_factory.mktemp("extracts")
    done = {}

    def work_out(extract):
        path = folder / extract.name
        path.write_text(extract.text, encoding="utf-8")
        raw = read_extract(path)
        columns = proposed(raw)
        mapped = apply_mapping(raw, columns, where="x")
        result = read_crimes(
            mapped, SPEC, key=KEY, provider="force", batch_id="b", places=TOWNS[True]
        )
        return raw, columns, result

    def once(extract):
        if extract.name not in done:
            done[extract.name] = work_out(extract)
        return done[extract.name]

    return once


@pytest.mark.parametrize("extract", EXTRACTS)
def test_an_unseen_extract_is_mapped_without_hand_edits(extract, read):
    _, columns, _ = read(extract)

    assert columns == extract.wanted


@pytest.mark.parametrize("extract", EXTRACTS)
def test_its_rows_become_the_crimes_they_are(extract, read):
    _, _, result = read(extract)

    assert len(result.crimes) == len(extract.crimes)
    for (_, crime), wanted in zip(result.crimes.iterrows(), extract.crimes, strict=True):
        found = {name: crime[name] for name in wanted}
        times = {n: str(v)[:16] for n, v in found.items() if n.startswith("committed")}
        assert found | times == wanted


@pytest.mark.parametrize("extract", EXTRACTS)
def test_no_name_reference_or_free_text_is_stored(extract, read):
    raw, _, result = read(extract)
    written = result.crimes.to_csv() + result.issues.to_csv()

    references = raw[extract.wanted["crime_reference"]].astype(str)
    secrets = [*references, "Zebedee", "Quill", "Moss", "Pell", "punch", "partner"]
    assert not [secret for secret in secrets if secret in written]


def test_the_time_of_recording_is_never_the_crime_s(tmp_path):
    text = "Crime Ref,Offence,Recorded Date,Date Reported\nA1,ABH,01/02/2025,02/02/2025\n"
    path = tmp_path / "recorded.csv"
    path.write_text(text, encoding="utf-8")

    assert "committed_from" not in proposed(read_extract(path))
    assert "committed_from_date" not in proposed(read_extract(path))


def test_shortened_headings_tell_when_it_occurred_from_when_it_was_recorded(tmp_path):
    text = (
        "CRM_NUM,OFF_DESC,OCC_DATE,OCC_TIME,REC_DATE,BNG E,BNG N,Keyword1\n"
        "100,ABH,03-FEB-25,18.40,04-FEB-25,318500,176500,Alcohol\n"
        "101,GBH,04-FEB-25,23.10,05-FEB-25,319100,176200,DA\n"
    )
    path = tmp_path / "short.csv"
    path.write_text(text, encoding="utf-8")

    found = proposed(read_extract(path))
    assert found["committed_from_date"] == "OCC_DATE"
    assert found["committed_from_time"] == "OCC_TIME"
    assert (found["offence"], found["crime_reference"]) == ("OFF_DESC", "CRM_NUM")
    assert (found["easting"], found["northing"]) == ("BNG E", "BNG N")
    assert found["alcohol"] == "Keyword1"


def test_a_month_beside_a_date_is_left_behind(tmp_path):
    # A month alone would make the file one of police.uk's, whose points are snapped.
    text = "Crime Ref,Month,Offence Date,Offence\nA1,2025-02,01/02/2025,ABH\n"
    path = tmp_path / "month.csv"
    path.write_text(text, encoding="utf-8")

    assert "committed_month" not in proposed(read_extract(path))


def test_degrees_under_x_and_y_are_degrees(tmp_path):
    text = "Crime Ref,X,Y,Offence Date\nA1,-3.18,51.48,01/02/2025\nA2,-3.17,51.47,02/02/2025\n"
    path = tmp_path / "degrees.csv"
    path.write_text(text, encoding="utf-8")
    found = proposed(read_extract(path))

    assert (found["longitude"], found["latitude"]) == ("X", "Y")
    assert "easting" not in found


def _occurrences(**columns):
    """An extract of 30 crimes, each half an hour long, with these columns of its start or end."""
    days = pd.date_range("2026-03-01 20:00", periods=30, freq="D")
    minutes = {"start": 0, "end": 30}
    times = {
        heading: (days + pd.Timedelta(minutes=minutes[which])).strftime("%d/%m/%Y %H:%M")
        for heading, which in columns.items()
    }
    return pd.DataFrame({"Occurrence No": [f"27/{i:06d}/26" for i in range(30)], **times})


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("From", "To"), ("from", "to"), ("Start", "End"), ("Begin", "Finish"), ("First", "Last"),
        ("Earliest", "Latest"), ("Committed From", "Committed To"), ("Between", "And"),
    ],
)  # fmt: skip
def test_the_small_words_of_an_interval_are_enough(start, end):
    columns = proposed(_occurrences(**{end: "end", start: "start"}))

    assert columns["committed_from"] == start
    assert columns["committed_to"] == end


def test_a_start_alone_is_no_interval():
    columns = proposed(_occurrences(From="start"))

    assert columns["committed_from"] == "From"
    assert "committed_to" not in columns


def test_a_column_headed_to_that_holds_no_times_is_left():
    raw = _occurrences(From="start").assign(To=["Custody", "Ward 3", "Home"] * 10)

    assert "committed_to" not in proposed(raw)
