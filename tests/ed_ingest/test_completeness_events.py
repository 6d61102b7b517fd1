import pytest

from ed_ingest.completeness_events import FILE_NAME, load_completeness_events
from ed_ingest.errors import ReferenceDataError

HEADER = "provider,month,event,new_limits\n"


def events(folder, text, providers=("marford", "royal")):
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return load_completeness_events(folder, providers)


def test_events_come_in_the_order_of_their_months(tmp_path):
    found = events(
        tmp_path, HEADER + "royal,2026-02,New system,yes\nmarford,2025-11,Training day,no\n"
    )

    assert found["month"].tolist() == ["2025-11", "2026-02"]
    assert found["new_limits"].tolist() == [False, True]


def test_an_event_of_all_is_of_each(tmp_path):
    found = events(tmp_path, HEADER + "all,2026-02,New form,yes\n")

    assert found["provider"].tolist() == ["marford", "royal"]


def test_without_a_file_there_are_no_events(tmp_path):
    found = load_completeness_events(tmp_path, ["marford"])

    assert found.empty
    assert list(found.columns) == ["provider", "month", "event", "new_limits"]


@pytest.mark.parametrize(
    "row",
    ["nowhere,2026-02,New form,yes", "royal,Feb 2026,New form,yes", "royal,2026-02,,yes",
     "royal,2026-02,New form,perhaps", "royal,2026-13,New form,no", ",2026-02,New form,no"],
)  # fmt: skip
def test_a_row_that_is_wrong_is_named_and_not_repeated(tmp_path, row):
    with pytest.raises(ReferenceDataError, match="row 2: write the provider's id") as told:
        events(tmp_path, HEADER + row + "\n")

    assert "New form" not in str(told.value)


@pytest.mark.parametrize("text", ["provider,month\nroyal,2026-02\n", ""])
def test_a_file_without_the_columns_is_refused(tmp_path, text):
    with pytest.raises(ReferenceDataError, match="provider, month, event, new_limits"):
        events(tmp_path, text)
