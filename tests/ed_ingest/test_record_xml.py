import pytest

from ed_ingest.errors import FileError
from ed_ingest.read import read_extract

RECORD = (
    "<Attendance ref='{n}'><Arrival><Date>0{n}/01/2026</Date><Time>02:50</Time></Arrival>"
    "{more}</Attendance>"
)


def extract(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "a.xml"
    path.write_bytes(text.encode(encoding))
    return read_extract(path)


def attendances(*more, before="", around="Attendances"):
    inside = "".join(RECORD.format(n=n, more=m) for n, m in enumerate(more, start=1))
    return f"<Export xmlns='urn:x'>{before}<{around}>{inside}</{around}></Export>"


def test_a_record_is_a_row_and_each_leaf_or_attribute_a_column(tmp_path):
    raw = extract(tmp_path, attendances("<Place>Street &amp; park</Place>", "<Place> </Place>"))

    assert list(raw.columns) == ["ref", "Date", "Time", "Place"]
    assert raw.iloc[0].tolist() == ["1", "01/01/2026", "02:50", "Street & park"]
    assert raw.index.tolist() == [2, 3]
    assert raw["Place"].isna().tolist() == [False, True]
    assert (raw.dtypes == "str").all()


def test_leaves_of_one_name_are_told_apart_by_the_elements_around_them(tmp_path):
    more = "<Assault><Date>01/01/2026</Date></Assault>"

    raw = extract(tmp_path, attendances(more, more))

    assert {"Arrival / Date", "Assault / Date", "Time"} <= set(raw.columns)


def test_a_leaf_that_occurs_again_in_its_record_has_a_column_of_its_own(tmp_path):
    raw = extract(tmp_path, attendances("<Weapon>knife</Weapon><Weapon>glass</Weapon>", ""))

    assert raw["Weapon"].tolist()[:1] == ["knife"]
    assert raw["Weapon (2)"].tolist()[:1] == ["glass"]


def test_what_stands_once_outside_the_records_is_repeated_on_each_row(tmp_path):
    before = "<Header><Period>January 2026</Period><Site code='RXW'/></Header>"

    raw = extract(tmp_path, attendances("", "", before=before))

    assert raw["Period"].tolist() == ["January 2026"] * 2
    assert raw["code"].tolist() == ["RXW"] * 2


def test_records_lie_in_groups_and_keep_their_groups_value(tmp_path):
    text = "<All>" + "".join(
        f"<Site name='{site}'>{RECORD.format(n=1, more='')}{RECORD.format(n=2, more='')}</Site>"
        for site in ("North", "South")
    )

    raw = extract(tmp_path, text + "</All>")

    assert raw["name"].tolist() == ["North", "North", "South", "South"]
    assert raw["ref"].tolist() == ["1", "2", "1", "2"]


def test_repeated_parts_of_a_record_are_not_the_records(tmp_path):
    more = "<Treatments><T code='1'><W>a</W></T><T code='2'><W>b</W></T></Treatments>"

    raw = extract(tmp_path, attendances(more, more))

    assert len(raw) == 2
    assert raw["code (2)"].tolist() == ["2", "2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_letters_are_read_by_their_mark(tmp_path, encoding):
    assert len(extract(tmp_path, attendances("<P>Tŷ</P>", ""), encoding)) == 2


def test_letters_are_read_in_the_code_that_the_file_names(tmp_path):
    text = '<?xml version="1.0" encoding="windows-1252"?>' + attendances("<P>café</P>", "")

    assert extract(tmp_path, text, "cp1252")["P"].tolist()[0] == "café"


BOMB = "<!DOCTYPE x [<!ENTITY a 'Surname'><!ENTITY b '&a;&a;&a;&a;&a;'>]>"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB + "<x><y>&b;</y><y>&b;</y></x>", "declares a document type or entities"),
        ("<!DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "declares a document type or entities"),
        ("", "not XML, or cut short"),
        ("<x><y>Surname", "not XML, or cut short"),
        ("Surname,Place\n1,2\n", "not XML, or cut short"),
        ("<x>Surname</x>", "no list of records was found"),
        ("<x>" * 60 + "</x>" * 60, "more than 50 deep"),
        ("<x><y><a>" + "z" * 200_000 + "</a></y></x>", "a value has more than 131,072"),
        (
            "<W xmlns='urn:schemas-microsoft-com:office:spreadsheet'><R/></W>",
            "a spreadsheet kept as XML",
        ),
        (
            "<x>" + "".join(f"<y><a{n}>1</a{n}></y>" for n in range(2100)) + "</x>",
            "more than 2,000 kinds of values",
        ),
    ],
)
def test_what_is_no_list_of_records_is_refused_in_one_sentence(tmp_path, text, message):
    with pytest.raises(FileError, match=rf"^a\.xml: .*{message}") as refusal:
        extract(tmp_path, text)
    assert "Surname" not in str(refusal.value)
