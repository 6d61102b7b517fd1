from datetime import date

import pytest

from ed_ingest.aliases import append_aliases, read_aliases
from ed_ingest.errors import ReferenceDataError

IDS = {"p1", "p2"}


def write(folder, text, encoding="utf-8"):
    (folder / "aliases.csv").write_bytes(text.encode(encoding))


def test_without_the_file_there_are_no_aliases(tmp_path):
    assert read_aliases(tmp_path, IDS) == {}


@pytest.mark.parametrize(
    "text",
    [
        "alias,place_id,decided_on\nThe Wob,p1,2025-04-02\nTŷ Zed,home,\nzed,not_a_place,x\n",
        "Place_ID,Alias\r\np1,the wob\r\nhome,tŷ zed\r\nnot_a_place,zed\r\n",
        "alias;place_id;decided_on\nwob;p1;02/04/2025\n;;\nty zed;home;\n\nzed;not_a_place;\n",
        "alias,place_id\nwob,p1\nWOB,p1\nty zed,home\nzed,not_a_place\n,\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_file_is_read_as_excel_may_have_left_it(tmp_path, text, encoding):
    write(tmp_path, text, encoding)
    assert read_aliases(tmp_path, IDS) == {"wob": "p1", "ty zed": "home", "zed": "not_a_place"}


def test_an_old_code_page_is_read_too(tmp_path):
    write(tmp_path, "alias,place_id\nCafé Zed,p1\n", "cp1252")
    assert read_aliases(tmp_path, IDS) == {"cafe zed": "p1"}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("wob,p9", "line 2 has a place_id that is in no file"),
        ("wob,", "line 2 has no alias or no place_id"),
        (",p1", "line 2 has no alias or no place_id"),
        ("...,p1", "line 2 has no alias"),
        ("wob", "line 2 has no alias or no place_id"),
        ("wob,p1\nzed,p2\nThe Wob,p2", "line 4 gives an alias another meaning"),
        ("wob,p1\nwob,home", "line 3 gives an alias another meaning"),
    ],
)
def test_a_fault_is_told_by_its_line_and_never_by_its_words(tmp_path, lines, told):
    write(tmp_path, "alias,place_id\n" + lines + "\n")
    with pytest.raises(ReferenceDataError, match=told) as error:
        read_aliases(tmp_path, IDS)
    assert "wob" not in str(error.value).lower()


def test_all_faults_are_told_at_once(tmp_path):
    write(tmp_path, "alias,place_id\nwob,p9\nzed,\n")
    with pytest.raises(ReferenceDataError, match=r"line 2 .* Also, line 3"):
        read_aliases(tmp_path, IDS)


@pytest.mark.parametrize("text", ["name,place_id\nwob,p1\n", "", "wob,p1\n"])
def test_a_file_without_its_columns_is_refused(tmp_path, text):
    write(tmp_path, text)
    with pytest.raises(ReferenceDataError, match="no column for"):
        read_aliases(tmp_path, IDS)


def test_a_quotation_mark_that_is_never_closed_is_told_by_its_line(tmp_path):
    write(tmp_path, 'alias,place_id\nzed,p2\n"wob,p1\n' + "wob,p1\n" * 20_000)
    with pytest.raises(ReferenceDataError, match="Look for a quotation mark") as error:
        read_aliases(tmp_path, IDS)
    assert "wob" not in str(error.value)


def test_answers_are_added_and_what_stands_there_stays(tmp_path):
    append_aliases(tmp_path, {"wob": "p1"}, decided_on=date(2025, 4, 2))
    text = (tmp_path / "aliases.csv").read_text("utf-8-sig")
    assert text == "alias,place_id,decided_on\nwob,p1,2025-04-02\n"

    write(tmp_path, "alias;place_id;decided_on\nTŷ Zed;home;02/04/2025")
    append_aliases(tmp_path, {"wob": "p1"}, decided_on=date(2025, 4, 3))
    text = (tmp_path / "aliases.csv").read_text("utf-8-sig")
    assert text.splitlines()[1:] == ["Tŷ Zed;home;02/04/2025", "wob;p1;2025-04-03"]
    assert read_aliases(tmp_path, IDS) == {"ty zed": "home", "wob": "p1"}


def test_answers_go_under_the_right_heading_in_whatever_order_the_columns_are(tmp_path):
    write(tmp_path, "note,Place_ID,decided_on,alias\nx,p2,,zed\n")
    append_aliases(tmp_path, {"wob": "p1"}, decided_on=date(2025, 4, 3))
    assert read_aliases(tmp_path, IDS) == {"zed": "p2", "wob": "p1"}


def test_a_file_that_cannot_be_written_stays_as_it_is_and_is_told(tmp_path, monkeypatch):
    write(tmp_path, "alias,place_id\nzed,p2\n")

    def locked(*_):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.replace", locked)
    with pytest.raises(ReferenceDataError, match="Close it in other programs"):
        append_aliases(tmp_path, {"wob": "p1"}, decided_on=date(2025, 4, 3))
    assert [p.name for p in tmp_path.iterdir()] == ["aliases.csv"]
    assert read_aliases(tmp_path, IDS) == {"zed": "p2"}
