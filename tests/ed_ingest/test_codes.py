import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ed_ingest.codes import IGNORE, check_values, is_missing, normal_words, read_codes
from ed_ingest.errors import SettingsError
from ed_ingest.schema import load_spec, load_vocabulary

ED, POLICE = load_spec("ed_assault").fields, load_spec("police_crime").fields
CODES = {
    "assault_method": ED["assault_method"].codes,
    "location_type": ED["location_type"].codes,
    "yes_no": ED["alcohol"].codes,
    "admitted": ED["admitted"].codes,
    "relationship": ED["relationship"].codes,
    "assailants": ED["assailants"].codes,
    "sex": ED["sex"].codes,
    "age_band": ED["age_band"].codes,
    "attendance_reason": ("assault", "not_assault"),
    "premises_type": POLICE["location_type"].codes,
    "offence": POLICE["offence_group"].codes,
    "offence_code": POLICE["offence_group"].codes,
    "crime_type": POLICE["offence_group"].codes,
}


def code(text, vocabulary, values=None):
    found = read_codes(pd.Series([text], dtype="str"), vocabulary, values).iloc[0]
    return None if pd.isna(found) else found


@pytest.mark.parametrize("name", CODES)
def test_word_lists_hold_contract_codes_and_each_entry_once(name):
    table = load_vocabulary(name)

    assert list(table.columns) == ["words", "code", "match"]
    assert set(table["code"]) <= {*CODES[name], IGNORE, "unknown"}
    assert set(table["match"]) <= {"whole", "part"}
    assert (table["words"].map(normal_words) != "").all()
    assert not table.duplicated(["words", "match"]).any()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("punched and kicked", "body_part"),
        ("Fist/foot/other body part", "body_part"),
        ("no weapon", "body_part"),
        ("knife + fists", "sharp_object"),
        ("hit w bottle then kicked", "glass"),
        ("stabbed with broken bottle", "glass"),
        ("boiling water thrown", "corrosive_or_burn"),
        ("hands around throat", "strangulation"),
        ("punched in car park", "body_part"),
        ("knocked down by car", "vehicle"),
        ("punched by taxi driver", "body_part"),
        ("Assault - other", "other"),
        ("bitten by a dog set on him", "other"),
        ("Assault - unspecified", "unknown"),
        ("X99.0 assault by sharp object", "sharp_object"),
        ("no knife seen, punched", "body_part"),
    ],
)
def test_the_most_serious_means_of_assault_wins(text, expected):
    assert code(text, "assault_method") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("kinfe", "sharp_object"), ("botle", "glass"), ("strangeled", "strangulation"),
     ("puched", "body_part"), ("basebal bat", "blunt_object")],
)  # fmt: skip
def test_misspelt_words_are_recognised(text, expected):
    assert code(text, "assault_method") == expected


def test_a_different_word_is_not_taken_for_a_misspelling():
    # "class" differs from "glass" by its first letter, "knee" from "knife" by more than one.
    assert code("class", "assault_method") is None
    assert code("knoll", "assault_method") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pub/Club/Bar", "licensed_premises"),
        ("outside pub", "street"),
        ("walking home from pub", "street"),
        ("Home", "own_home"),
        ("Someone else’s home", "other_home"),
        ("neighbours garden", "other_home"),
        ("Other residence", "other_home"),
        ("care home", "health_or_care"),
        ("Shop/café/takeaway", "food_or_shop"),
        ("Other public place", "other_public"),
        ("multi storey car park", "other_public"),
        ("tafarn", "licensed_premises"),
        ("nigthclub", "licensed_premises"),
        ("wont say", "unknown"),
    ],
)
def test_places_are_told_apart(text, expected):
    assert code(text, "location_type") == expected


@pytest.mark.parametrize(
    ("text", "vocabulary", "expected"),
    [
        ("Y", "yes_no", "yes"), ("0", "yes_no", "no"), ("false", "yes_no", "no"),
        ("not alcohol related", "yes_no", "no"), ("Police not informed", "yes_no", "no"),
        ("NK", "yes_no", "unknown"), (None, "yes_no", "unknown"),
        ("Admitted - ward", "admitted", "yes"), ("Discharged to GP", "admitted", "no"),
        ("not admitted", "admitted", "no"), ("01", "admitted", "yes"), ("02", "admitted", "no"),
        ("Ex-partner", "relationship", "partner_or_ex"),
        ("unknown male", "relationship", "stranger"),
        ("Acquaintance/friend", "relationship", "acquaintance"),
        ("Other relative", "relationship", "family"), ("Declined", "relationship", "unknown"),
        ("gang", "assailants", "3+"), ("one", "assailants", "1"),
        ("F", "sex", "female"), ("1", "sex", "male"), ("9", "sex", "unknown"),
        ("Assault (alleged)", "attendance_reason", "assault"),
        ("20", "attendance_reason", "assault"),
        ("Self harm - stabbed", "attendance_reason", "not_assault"),
        ("Not assault", "attendance_reason", "not_assault"), ("Fall", "attendance_reason", None),
        ("Flat above shop", "premises_type", "home"), ("Care Home", "premises_type", "not_home"),
        ("Public House", "premises_type", "not_home"), ("Dwelling", "premises_type", "home"),
        ("Attempted murder", "offence", "violence_with_injury"), ("Murder", "offence", "homicide"),
        ("Common assault and battery", "offence", "violence_without_injury"),
        ("Violence and sexual offences", "crime_type", "violence_and_sexual"),
    ],
)  # fmt: skip
def test_words_of_the_other_columns(text, vocabulary, expected):
    assert code(text, vocabulary) == expected


def test_the_provider_s_own_words_come_first():
    own = {"Fists/feet/head": "other", "01": "glass", "04": "blunt_object"}

    assert code("fists / feet / HEAD", "assault_method", own) == "other"
    assert code("1", "assault_method", own) == "glass"
    assert code("04; 01", "assault_method", own) == "blunt_object"
    assert code("punched", "assault_method", own) == "body_part"


def test_what_is_not_understood_is_missing_rather_than_unknown():
    assert code("zzgl", "assault_method") is None


@pytest.mark.parametrize("text", ["", " ", "-", "??", "N/A", "not asked", "Unk", "doesnt know"])
def test_cells_that_say_nothing(text):
    assert is_missing(text)
    assert code(text, "assault_method") == "unknown"


def test_values_must_map_to_contract_codes():
    known = {"assault_method": ED["assault_method"].codes}

    check_values({"assault_method": {"A": "glass"}, "location_text": {"x": "y"}}, known)
    with pytest.raises(
        SettingsError, match=r"\[values\.assault_method\].*maps to fist.*Use one of"
    ):
        check_values({"assault_method": {"A": "fist"}}, known)


@given(st.text(max_size=40))
def test_any_text_gives_a_contract_code_or_none(text):
    for vocabulary in ("assault_method", "location_type", "relationship"):
        assert code(text, vocabulary) in {*CODES[vocabulary], None}


@given(st.permutations(["knife", "punched", "in", "the", "street"]))
def test_the_order_of_words_does_not_matter(words):
    assert code(" ".join(words), "assault_method") == "sharp_object"


def test_codes_stand_on_the_index_of_the_texts():
    texts = pd.Series(["fist", None, "fist"], index=[7, 5, 9], dtype="str")

    found = read_codes(texts, "assault_method")

    assert found.to_dict() == {7: "body_part", 5: "unknown", 9: "body_part"}


@pytest.mark.parametrize(
    ("file", "vocabulary"), [("methods", "assault_method"), ("locations", "location_type")]
)
def test_labelled_wordings_are_coded_as_labelled(open_data, file, vocabulary):
    path = open_data.parent / "examples" / "layouts" / f"{file}.csv"
    if not path.is_file():
        pytest.skip("the labelled wordings are not beside the repository")
    labelled = pd.read_csv(path, dtype=str, keep_default_na=False)

    found = read_codes(labelled["description"].astype("str"), vocabulary).fillna("unknown")

    accepted = [c in a.split("|") for c, a in zip(found, labelled["acceptable"], strict=True)]
    assert sum(accepted) / len(accepted) >= 0.95


def test_the_number_of_a_house_does_not_change_its_code():
    texts = pd.Series(
        ["outside 12 high street", "outside 4711 high street", "6th form", "the 6th form"]
    )

    assert read_codes(texts, "location_type").tolist() == [
        "street",
        "street",
        "education",
        "education",
    ]
