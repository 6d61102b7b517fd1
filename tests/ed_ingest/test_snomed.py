import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.snomed import is_sctid, looks_rounded

# Published identifiers: reference sets of injury items, and concepts.
KNOWN = (
    "991291000000101", "991431000000101", "999003031000000102", "1024501000000108",
    "991281000000103", "991421000000103", "276853009", "52684005", "242869008", "219218005",
    "248110007", "404189009", "418506006", "242056005", "269735005", "361269008", "61372001",
    "25702006", "3821009",
)  # fmt: skip


@pytest.mark.parametrize("code", KNOWN)
def test_published_identifiers_have_the_right_check_digit(code):
    assert is_sctid(code)
    assert not looks_rounded(code)


@given(st.sampled_from(KNOWN), st.data())
def test_one_wrong_digit_is_always_found(code, data):
    place = data.draw(st.integers(0, len(code) - 1))
    other = data.draw(st.sampled_from([d for d in "123456789" if d != code[place]]))

    assert not is_sctid(code[:place] + other + code[place + 1 :])


@pytest.mark.parametrize("text", ["", "12345", "0276853009", "9" * 19, "27685300٩", " 276853009"])
def test_other_texts_are_no_identifiers(text):
    assert not is_sctid(text)


@pytest.mark.parametrize(
    ("text", "rounded"),
    [
        # 999003031000000102 and 1024501000000108 after a spreadsheet kept 15 digits of them.
        ("999003031000000000", True),
        ("1024501000000100", True),
        ("1024501000000100.0", True),
        ("9.99003E+17", True),
        ("9,9E14", True),
        ("1E3", False),
        ("2.5", False),
        ("100000000000000", False),
        ("ED20260100000000000", False),
        ("31/02/2026", False),
    ],
)
def test_what_a_spreadsheet_rounded_is_told(text, rounded):
    assert looks_rounded(text) is rounded
