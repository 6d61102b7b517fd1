import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.file_names import redact_file_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("assaults-2025-03.csv", "assaults-2025-03.csv"),
        ("ED extract March 2025.XLSX", "ED-extract-March-2025.xlsx"),
        ("assaults Jane Doe 2025-03.csv", "assaults-…-2025-03.csv"),
        ("9434765919.csv", "….csv"),
        ("for Dr Bexterling 01-02-1979.xls", "….xls"),
        ("data_202503.ods", "data-202503.ods"),
        ("Doe", "…"),
        ("", "…"),
        ("data.Jane Doe", "data-…"),
        ("data.Penry", "data-…"),
        ("data.csv.", "data-…"),
        ("a 1 " * 60 + ".csv", "a-…-" * 14 + "a-….csv"),
    ],
)
def test_of_a_files_name_only_safe_words_and_its_month_are_shown(name, shown):
    assert redact_file_name(name) == shown


@given(st.text("aé1. -_…0253JcsvX\n", max_size=300))
def test_what_was_redacted_once_stays_as_it_is_and_is_a_name_of_every_file_system(name):
    once = redact_file_name(name)

    assert redact_file_name(once) == once
    assert len(once.encode()) < 255


def test_the_providers_id_stays_only_as_a_whole():
    shown = redact_file_name("Johns march John Smith.csv", provider="st-johns")

    assert shown == "…-march-….csv"
    assert redact_file_name("x-st-johns-st.csv", provider="st-johns") == "…-st-johns-….csv"
    assert redact_file_name("st-johns", provider="") == "…"
