import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.identifiers import MARK, postcode_in, without_identifiers


def clean(text):
    found = without_identifiers(text, venues={"pryzm"}, postcodes={"ZE11AA"})
    return " ".join(found.split())


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("NHS no 943 476 5919", "943"),
        ("9434765919", "9434765919"),
        ("tel 07700900123", "07700900123"),
        ("07700 900456", "900456"),
        ("+44 7700 900 456", "900"),
        ("(01632) 960701", "960701"),
        ("029 2018 0123", "2018"),
        ("+48 601 234 567", "601"),
        ("j.smith@example.com", "smith"),
        ("insta @big_daz99", "daz"),
        ("snapchat: daz.jones2", "daz"),
        ("PW 24 55 47 C", "24"),
        ("MRN R946941", "946941"),
        ("hospital number C123456Y", "123456"),
        ("CAD 669 of today", "669"),
        ("crime ref swp/25/19642", "19642"),
        ("occ no. 2315029067", "2315029067"),
        ("(badge 3438)", "3438"),
        ("Sgt 4521", "4521"),
        ("car AB12 CDE", "CDE"),
        ("dob 26.6.79", "26.6.79"),
        ("born 3rd May 1981", "1981"),
        ("1991-08-15", "1991"),
        ("aged 32,", "32"),
        ("23yo male", "23"),
        ("hit, 34 yrs, Mill Lane", "34"),
        ("16 y old", "16"),
        ("34 male punched", "34"),
        ("female 31", "31"),
        ("girl (15)", "15"),
        ("in his 20s", "20s"),
        ("mid 40's", "40"),
        ("F28 o/s club", "28"),
        ("4 Dec 1979", "1979"),
        ("32M punched", "32"),
        ("lives CF11 7QD", "7QD"),
        ("near CF11 7QD", "7QD"),
        ("passport 123456789", "123456789"),
        ("07700 900/351 mum", "351"),
        ("unit no 774 0912", "774"),
        ("hosp no. C 204 771 fight", "771"),
        ("SIA 1012 3345 6677 8899 pushed", "6677"),
        ("log P 318, Mill Lane", "318"),
        ("turned 18 today", "18"),
        ("pt is sixty seven", "sixty"),
        ("pt 67 yrs pushed", "67"),
        ("Ashton (31 yrs) hit", "31"),
        ("F/32 slapped", "32"),
        ("14/12 old baby", "14/12"),
    ],
)
def test_numbers_that_name_somebody_go(text, gone):
    assert gone not in clean(text)
    assert MARK in clean(text)


@pytest.mark.parametrize(
    "text",
    [
        "3am",
        "23.30",
        "0200",
        "2300-0200",
        "number 10 bus",
        "room 237",
        "5 males",
        "2/7 ago",
        "x3",
        "A470",
        "M4 junction 33",
        "12 Mayfield 34",
        "female 30 yards away",
        "2 years ago",
        "T7 bus",
        "24hr shop",
        "gate 3",
        "50m from station",
        "@pryzm",
        "@ pryzm",
        "near ZE1 1AA",
        "pub on corner",
        "BP 120/80",
        "car A4232",
        "unit 14",
        "sixty people",
        "officer hit 2 males",
        "GCS 14/15",
        "",
    ],
)
def test_numbers_that_name_nobody_stay(text):
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("lives at 12 Mill Lane, hit in Castle Street", f"{MARK} , hit in Castle Street"),
        ("Golden Lamb, lives at 4 Mill Lane", f"Golden Lamb, {MARK}"),
        ("Golden Lamb - pt of 63 Mill Lane", f"Golden Lamb - {MARK}"),
        ("Golden Lamb. Home address 58 Mill Lane", f"Golden Lamb {MARK}"),
        ("hit in living room", "hit in living room"),
        ("pt address = Apt 309, Zyxwv House; ex there", f"{MARK} ; ex there"),
        ("lives Zyxwv Cottage, Mill Lane. Hit in pub", f"{MARK} . Hit in pub"),
        ("pt address 58 Mill Lane; hit in pub", f"{MARK} ; hit in pub"),
        ("hostel, pt lives there", "hostel, pt lives there"),
        ("front of 12 Mill Lane", "front of 12 Mill Lane"),
    ],
)
def test_where_somebody_lives_goes_and_where_it_happened_stays(text, left):
    assert clean(text) == left


def test_a_postcode_beside_words_of_residence_is_never_a_place():
    assert postcode_in("o/s shop ZE1 1AA") == "ZE11AA"
    assert postcode_in("lives ze1 1aa") is None
    assert postcode_in("Castle Street") is None


def with_check_digit(nine):
    # Weights 10..2; 11 minus the remainder, 11 counting as 0; 10 has no check digit.
    check = 11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else nine + str(check % 11)


@given(st.from_regex(r"[1-9][0-9]{8}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_every_valid_nhs_number_goes_however_it_is_spaced(nine, gap):
    number = with_check_digit(nine)
    if number is None or len(set(number)) == 1:
        return
    written = gap.join([number[:3], number[3:6], number[6:]])

    assert clean(f"pt {written} hit") == f"pt {MARK} hit"
