import zipfile

import pytest

from ed_ingest import police_downloads
from ed_ingest.errors import FileError
from ed_ingest.police_downloads import left_words, police_files

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
)
OUTCOMES = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Outcome type\n"
)
SEARCHES = "Type,Date,Part of a policing operation,Latitude,Longitude,Object of search,Outcome\n"
MONTH = {
    "2025-01/2025-01-wexshire-street.csv": STREET,
    "2025-01/2025-01-wexshire-outcomes.csv": OUTCOMES,
    "2025-01/2025-01-wexshire-stop-and-search.csv": SEARCHES,
    "2025-02/2025-02-wexshire-street.csv": STREET,
    "__MACOSX/2025-01/._2025-01-wexshire-street.csv": "x",
}


@pytest.fixture
def download(tmp_path):
    """Pack files into a zip, or put them into a folder."""

    def make(members, *, folder=False):
        path = tmp_path / ("months" if folder else "months.zip")
        if folder:
            for name, text in members.items():
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (path / name).write_text(text, encoding="utf-8")
            return path
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                archive.writestr(name, text)
        return path

    return make


@pytest.mark.parametrize("folder", [False, True])
def test_of_a_download_the_street_files_alone_are_taken_and_the_others_told(download, folder):
    with police_files(download(MONTH, folder=folder)) as found:
        assert [path.name for path in found.paths] == [
            "2025-01-wexshire-street.csv", "2025-02-wexshire-street.csv",
        ]  # fmt: skip
        assert all(path.read_text(encoding="utf-8") == STREET for path in found.paths)
        assert found.left == {"of outcomes": 1, "of stops and searches": 1}
        assert left_words("months", found) == [
            "months: 2 files of crimes; left aside: 1 of outcomes, 1 of stops and searches."
        ]


def test_what_was_unpacked_goes_when_it_was_read(download):
    with police_files(download(MONTH)) as found:
        places = found.paths

    assert not any(path.exists() or path.parent.exists() for path in places)


def test_a_file_is_told_by_what_it_holds_not_by_its_name(download):
    members = {"a-outcomes.csv": STREET, "b-street.csv": OUTCOMES}
    with police_files(download(members)) as found:
        assert [path.name for path in found.paths] == ["a-outcomes.csv"]


def test_of_a_force_s_own_zip_every_table_is_taken(download):
    members = {"crimes.csv": "Crime Ref,Offence\nA1,ABH\n", "read me.pdf": "x"}
    with police_files(download(members)) as found:
        assert [path.name for path in found.paths] == ["crimes.csv"]
        assert found.left == {"of another kind": 1}


def test_one_file_is_taken_as_it_is(tmp_path):
    path = tmp_path / "extract.csv"
    path.write_text("Crime Ref,Offence\nA1,ABH\n", encoding="utf-8")
    with police_files(path) as found:
        assert (found.paths, found.left) == ((path,), {})


@pytest.mark.parametrize("text", [OUTCOMES, SEARCHES])
def test_outcomes_and_searches_alone_are_refused(tmp_path, text):
    path = tmp_path / "2025-01-wexshire-outcomes.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError, match="holds no file of crimes"), police_files(path):
        pass


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(FileError, match="nothing in it"), police_files(tmp_path):
        pass


def test_a_zip_bomb_is_refused_before_it_is_unpacked(download):
    # 4 MB of one letter pack to 4 kB, 1,000 times less.
    path = download({"street.csv": STREET + "x" * 4_000_000})
    with pytest.raises(FileError, match="more than a delivery"), police_files(path):
        pass


def test_a_zip_that_lies_about_its_size_is_stopped_while_unpacking(download, monkeypatch):
    monkeypatch.setattr(police_downloads, "_refuse_unsafe", lambda *_: None)
    path = download({"street.csv": STREET + "x" * 4_000_000})
    with pytest.raises(FileError, match="more than a delivery"), police_files(path):
        pass


def test_too_many_members_are_refused(download, monkeypatch):
    monkeypatch.setattr(police_downloads, "MAX_MEMBERS", 4)
    with pytest.raises(FileError, match="more than a delivery"), police_files(download(MONTH)):
        pass


def test_a_member_beyond_the_limit_is_refused(download):
    path = download({"street.csv": STREET + "".join(map(str, range(300_000)))})
    with pytest.raises(FileError, match="more than 1 MB"), police_files(path, max_file_mb=1):
        pass


def test_a_path_in_a_zip_leads_nowhere_else(download, tmp_path):
    members = {"../../outside-street.csv": STREET, "in\\side-street.csv": STREET}
    with police_files(download(members)) as found:
        assert [path.name for path in found.paths] == ["side-street.csv"]
    assert not (tmp_path.parent / "outside-street.csv").exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and nothing more"])
def test_a_damaged_zip_is_refused(tmp_path, content):
    path = tmp_path / "months.zip"
    path.write_bytes(content)
    with pytest.raises(FileError, match="cannot be unpacked"), police_files(path):
        pass


def test_a_locked_zip_is_refused(download):
    path = download(MONTH)
    content = bytearray(path.read_bytes())
    # The mark of encryption, in the central directory's entry of each member.
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)
    with pytest.raises(FileError, match="locked by a password"), police_files(path):
        pass
