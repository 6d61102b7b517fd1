"""The deliveries to tune on: what each hospital's system and its clerks make of the incidents."""

# ruff: noqa: E501, S311 - tables of wordings are easier to read unwrapped; the dice are seeded on purpose.
from __future__ import annotations

import datetime as dt
import random
from datetime import date
from pathlib import Path

from deliver import Layout, as_csv, as_ods, as_xls, as_xlsx, as_xml
from kit import (
    DAY,
    DAYS,
    HOUR,
    WHEN,
    Case,
    Column,
    Town,
    address,
    again,
    age_band,
    arrival,
    both_text,
    coded,
    coordinates,
    day_text,
    delivered_at,
    disagreed,
    dob,
    forename,
    home_lsoa,
    make_cases,
    move_to_midnight,
    nhs,
    not_assault,
    on_the_way,
    only_day,
    phone,
    place_words,
    plant,
    postcode,
    serial_no,
    stranger_name,
    surname,
    tell_all,
    teller,
    time_text,
    words,
)  # fmt: skip
from telling import (
    about,
    between,
    exactly,
    hours_ago,
    last_night,
    lost_zeros,
    lowered,
    midnight,
    noon,
    nothing,
    on_the_hour,
    part,
    tell,
    the_midnight,
    this_morning,
    twenty_four,
    yesterday_evening,
)  # fmt: skip

SURNAMES = ("Brackenthwaite-Oyle", "Cullinbrough", "Dunmallett", "Eskrickson", "Fothergale", "Grizeback",
            "Hebblewick", "Isaacsmoor", "Jaggerthorn", "Kelbrookes", "Lumbutterby", "Mirfieldson", "Nettlethorpe",
            "Oddendale", "Pellowby", "Quernmoreby", "Ravenstoner", "Swinithwaites", "Tockholeson", "Uldaleby",
            "Vickersleigh", "Withnellby", "Yockenthwait", "Zeldersby")  # fmt: skip
FORENAMES = (
    "Aisha",
    "Callum",
    "Ffion",
    "Declan",
    "Zofia",
    "Imran",
    "Megan",
    "Tyrone",
    "Sian",
    "Patryk",
    "Leanne",
    "Kwame",
)
PHRASES = {
    "licensed_premises": ("{pub} pub, {street}", "inside {club} nightclub", "smoking area of {pub} pub", "{club} nightclub {street}", "bar at {pub} Inn", "beer garden of the {pub} pub"),
    "street": ("{street}", "{street}, {town}", "outside Greggs on {street}", "junction of {street} and {street}", "walking home down {street}", "taxi rank {street}", "alley behind {street}"),
    "own_home": ("{address}", "home", "at home - kitchen", "own flat, {address}", "pts home address", "home {postcode}", ""),
    "other_home": ("friends house in {town}", "{address}", "party at mates", "boyfriends flat", "neighbours garden"),
    "food_or_shop": ("{food}, {street}", "queue in {food}", "{food}", "car park of {food}"),
    "public_transport": ("{station}", "no 14 bus, {street}", "platform 2 {station}", "on the train nr {town}"),
    "park_or_open_space": ("{park}", "{park} by the bandstand", "skate area in {park}"),
    "education": ("{school}", "playground, {school}", "{school} bus bay"),
    "workplace": ("at work - {work}", "{work}", "patient's workplace, {work}"),
    "health_or_care": ("A&E waiting room", "Ward 9, {town} General", "{town} Minor Injuries Unit"),
    "custody": ("HMP Stagmoor", "police custody, {town}", "HMP Stagmoor B wing"),
    "other_public": ("{town} leisure centre", "multi-storey car park {street}", "{town} market hall", "football ground"),
    "other": ("hostel, {street}", "caravan site", "boat on canal"),
    "unknown": ("", "NK", "not known", "cant remember", "?", "unsure - intoxicated"),
}  # fmt: skip


def town(name: str, streets: str, pubs: str, clubs: str) -> Town:
    """A tune town: the same kind of words, its own names."""
    names = {
        "street": streets.split("|"), "pub": pubs.split("|"), "club": clubs.split("|"),
        "food": (f"{name} Kebab House", "Golden Plaice chip shop", "Cutprice Stores", "Pizza Corner"),
        "station": (f"{name} railway station", f"{name} bus station"),
        "park": (f"{name} Park", "Almond Tree Rec", "Jubilee Gardens"),
        "school": (f"{name} High School", "Sixth form college"),
        "work": ("Brightwell warehouse", "building site", "Oakley's garage"),
    }  # fmt: skip
    homes = ("Larkholme Rise", "Dunnock Avenue", "Tansy Court", "Plover Walk", "Heathersett Road")
    return Town(name, PHRASES, names, homes, SURNAMES, FORENAMES, ("HX94", "LA97", "WR93", "CF99"))


HARROWMERE = town(
    "Harrowmere",
    "Cordwain Street|Staithe Road|High Street|Lockgate|Market Place",
    "The Brass Lantern|Ferryman's Rest|Three Tuns",
    "Zanzi's|Hush",
)
SKELBY = town(
    "Skelby",
    "Tanner Row|Wold Road|Church St|Beckside|Corporation Street",
    "The Bay Horse|Old Colliery|Railway Tavern",
    "Liquid Amber|Tunnel 9",
)
PONT = town(
    "Pontrhydfach",
    "Heol y Bont|Stryd Fawr|Ffordd y Parc|Heol yr Eglwys",
    "Y Llew Coch|Ty'n y Coed|The Drovers",
    "Clwb Enfys|Metro",
)
EASTMARSH = town(
    "Eastmarsh",
    "Saltpan Lane|Marine Parade|The Promenade|Victoria Rd",
    "The Jolly Cockler|Lord Nelson|Pier View",
    "Waves|Bar Fifty",
)

WILD = [
    (20, exactly("%H:%M")), (8, exactly("%H%M")), (5, exactly("%H.%M")), (4, lowered("{12}.%M%p")), (3, exactly("%H%Mhrs")),
    (14, on_the_hour("{}")), (5, about("approx {}", "%H.%M")), (4, about("c. {}", "%H%M")), (3, about("~{}")), (3, about("around {}")),
    (5, between("between {2} and {1}")), (4, between("{0}-{1}", "%H:%M")), (4, part("early hours")), (4, part("evening")),
    (3, part("afternoon")), (2, part("lunchtime")), (2, part("morning")), (30, the_midnight("midnight")), (30, twenty_four()), (30, noon("midday")), (3, nothing("NK")), (2, nothing("?")), (2, nothing("")),
]  # fmt: skip
YN = {"yes": words("Y"), "no": words("N"), "unknown": words("", "NK")}
YES_NO_WORDS = {
    "yes": words("Yes"),
    "no": words("No"),
    "unknown": words("Not known", "", "Unknown"),
}


def cases(name: str, where: Town, first: date, days: int, n: int, **special: int) -> list[Case]:
    """The attendances of one delivery, by its own seed."""
    return make_cases(random.Random(name), where, first=first, days=days, n=n, special=special)


# ---------------------------------------------------------------- one function a hospital


def symphony(folder: Path) -> None:
    """Symphony listing: free times, descriptions, reasons for attendance."""
    rows = cases(
        "symphony",
        HARROWMERE,
        date(2026, 1, 2),
        70,
        56,
        fall=3,
        rtc=3,
        self_harm=2,
        sport=2,
        no_date=2,
        sentinel=1,
        after_hours=2,
    )
    move_to_midnight(rows, 5)
    tell_all(rows, teller(WILD))
    methods = {
        "body_part": words("Punch/kick/headbutt", "Fist, foot etc", "Bite"), "sharp_object": words("Knife/blade"), "glass": words("Glass / bottle"),
        "blunt_object": words("Blunt weapon (bat, bar)"), "firearm": words("Gun - any type"), "strangulation": words("Strangled/choked"),
        "corrosive_or_burn": words("Burn or corrosive"), "vehicle": words("Deliberately hit by vehicle"), "sexual": words("Sexual assault"),
        "other": words("Other method"), "unknown": words("Unknown", ""),
    }  # fmt: skip
    types = {
        "licensed_premises": words("Pub/club"), "street": words("Public highway/street"), "own_home": words("Patient's home"), "other_home": words("Other private dwelling"),
        "food_or_shop": words("Takeaway/shop"), "public_transport": words("Bus/train/taxi"), "park_or_open_space": words("Park/playing field"),
        "education": words("School/college/uni"), "workplace": words("Place of work"), "health_or_care": words("Hospital/care setting"), "custody": words("Prison/police custody"),
        "other_public": words("Other public building"), "other": words("Other"), "unknown": words("Not recorded", ""),
    }  # fmt: skip
    police = {
        "yes": words("Yes - police informed", "Attended with police", "Police already aware"),
        "no": words("No", "Does not wish to report", "Pt declined police"),
        "unknown": words("", "Not asked"),
    }
    columns = [
        Column("Attendance No", ["event_id"], lambda c: serial_no(c, "A26-######")),
        Column("MRN", [], lambda c: serial_no(c, "M#######"), identifier=True),
        Column("Arrival Date and Time", ["arrived_at"], arrival("%d/%m/%Y %H:%M")),
        Column("Presenting Complaint", ["(filter)"], not_assault(assault="Assault|Alleged assault", fall="Fall <1m", rtc="RTC - passenger", self_harm="Self harm", sport="Sports injury", accident="Accident")),
        Column("Incident Date", DAYS, day_text("%d/%m/%Y")),
        Column("Incident Time", WHEN, time_text("NK")),
        Column("Method of Assault", ["assault_method"], coded("assault_method", methods)),
        Column("Assault Location Type", ["location_type"], coded("location_type", types)),
        Column("Assault Location Details", ["location_text"], place_words),
        Column("Police Informed?", ["reported_to_police"], coded("reported_to_police", police)),
        Column("Alcohol Involved", ["alcohol"], coded("alcohol", YN)),
        Column("Triage Nurse", [], lambda c: "S/N " + surname(c), identifier=True),
        Column("GP Practice", [], lambda c: c.rng.choice(("Beacon Surgery", "Staithe Medical Centre", "W98021"))),
    ]  # fmt: skip
    layout = Layout(
        "t01_symphony_listing.csv",
        "harrowmere_general",
        columns,
        rows,
        [
            "free-text times",
            "police informed in words",
            "sentinel date",
            "assault after arrival by hours",
        ],
        duplicates=2,
    )
    as_csv(layout, folder, encoding="utf-8-sig")


def sct(rng_seed: int) -> str:
    """A 16-digit code in SNOMED's long form, of the name space 9999999, with a right check digit."""
    body = f"{100000 + rng_seed}999999910"
    d = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6), (3, 4, 0, 1, 2, 8, 9, 5, 6, 7), (4, 0, 1, 2, 3, 9, 5, 6, 7, 8),
         (5, 9, 8, 7, 6, 0, 4, 3, 2, 1), (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3), (8, 7, 6, 5, 9, 3, 2, 1, 0, 4), (9, 8, 7, 6, 5, 4, 3, 2, 1, 0))  # fmt: skip
    p = [tuple(range(10)), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)]
    for _ in range(6):
        p.append(tuple(p[-1][p[1][i]] for i in range(10)))
    return next(body + str(check) for check in range(10) if not _verhoeff(body + str(check), d, p))


def _verhoeff(code: str, d: tuple[tuple[int, ...], ...], p: list[tuple[int, ...]]) -> int:
    total = 0
    for i, digit in enumerate(reversed(code)):
        total = d[total][p[i % 8][int(digit)]]
    return total


CERNER_PLACES = {
    "licensed_premises": words("Public house or bar", "Night club"), "street": words("Street / pavement"), "own_home": words("Patient's own residence"), "other_home": words("Residence of other person"),
    "food_or_shop": words("Retail or fast food outlet"), "public_transport": words("Public transport vehicle or station"), "park_or_open_space": words("Park or open ground"), "education": words("Educational establishment"),
    "workplace": words("Workplace"), "health_or_care": words("Healthcare premises"), "custody": words("Prison or custody suite"), "other_public": words("Public building"), "other": words("Other specified place"), "unknown": words("Place not known"),
}  # fmt: skip
CERNER_METHODS = {
    "sharp_object": words("219218005|Assault by cutting and stabbing instruments"), "firearm": words("242869008|Assault by firearms"), "sexual": words("248110007|Sexual assault"),
    "blunt_object": words("3821009|Blunt injury ~ unknown"), "body_part": words("418506006|Physical abuse ~ unknown|other"), "other": words("52684005|Assault ~ unknown"), "unknown": words(""),
}  # fmt: skip


def cerner(folder: Path) -> None:
    """Cerner ECDS injury columns, pipes, codes with their terms."""
    rows = cases(
        "cerner", SKELBY, date(2026, 3, 6), 60, 48, fall=2, self_harm=4, accident=2, on=2, no_date=1
    )
    tell_all(rows, teller([(9, exactly("%H:%M:%S")), (1, exactly("%H:%M:%S"))]))
    codes = {place: sct(100 + 7 * n) for n, place in enumerate(CERNER_PLACES)}
    code_words = {place: words(code) for place, code in codes.items()}

    def universal(case: Case) -> str:
        if case.kind == "no_date":
            return ""
        summer = date(2026, 3, 29) <= case.at.date()
        return (case.at - (HOUR if summer else 0 * HOUR)).strftime("%Y-%m-%d %H:%M:%S")

    def mechanism(case: Case) -> str:
        text = str(coded("assault_method", CERNER_METHODS)(case))
        return text.split("|")[0]

    def mechanism_term(case: Case) -> str:
        return str(case.memory.get("assault_method:", "")).partition("|")[2]

    accident = ("242056005", "Accidental injury (disorder)")
    intent = {
        "self_harm": ("276853009", "Self inflicted injury"),
        "fall": accident,
        "accident": accident,
    }
    columns = [
        Column("ENCNTR_ID", ["event_id"], lambda c: serial_no(c, "4#######")),
        Column("PERSON_ID", [], lambda c: serial_no(c, "9#######1"), identifier=True),
        Column("LOC_CHECKIN_DT_TM", ["arrived_at"], arrival("%Y-%m-%d %H:%M:%S")),
        Column("INJURY_DT_TM", [], universal),
        Column("LOC_INJURY_DT_TM", WHEN, both_text("%Y-%m-%d {}")),
        Column("INJURY_INTENT_SCT", ["(filter)"], lambda c: "{} |{}|".format(*intent.get(c.kind, ("52684005", "Assault (event)")))),
        Column("INJURY_MECHANISM_SCT", ["assault_method"], mechanism),
        Column("INJURY_MECHANISM_TERM", ["assault_method"], mechanism_term),
        Column("PLACE_OF_INJURY_SCT", ["location_type"], again("location_type", code_words)),
        Column("PLACE_OF_INJURY_TERM", ["location_type"], coded("location_type", CERNER_PLACES)),
        Column("PLACE_OF_INJURY_LATITUDE", ["easting", "northing"], lambda c: latlon(c, 0)),
        Column("PLACE_OF_INJURY_LONGITUDE", ["easting", "northing"], lambda c: latlon(c, 1)),
        Column("INJURY_ACTIVITY_TYPE_SCT", [], lambda c: "999003031000000102"),
        Column("ALCOHOL_DRUG_INVOLVEMENT_SCT", ["alcohol"], coded("alcohol", {"yes": words("25702006"), "unknown": words("")})),
        Column("ASSAULT_LOCATION_DESC", ["location_text"], place_words),
    ]  # fmt: skip
    for case in (
        rows
    ):  # an empty involvement says neither no nor never asked; injuries have no term for "no"
        case.facts["alcohol"] = "yes" if case.facts["alcohol"] == "yes" else "unknown"
    maps = {
        "PLACE_OF_INJURY_SCT": {code: place for place, code in codes.items()},
        "INJURY_MECHANISM_SCT": {t[0][0].split("|")[0]: c for c, t in CERNER_METHODS.items() if t[0][0]},
        "ALCOHOL_DRUG_INVOLVEMENT_SCT": {"25702006": "yes"},
    }  # fmt: skip
    layout = Layout(
        "t02_cerner_injury.txt",
        "skelby_royal",
        columns,
        rows,
        [
            "UTC beside local time",
            "codes of 16 and 18 digits",
            "code and term in one cell",
            "self-inflicted by intent code",
            "skipped March hour",
        ],
        value_maps=maps,
    )
    as_csv(layout, folder, delimiter="|")


def latlon(case: Case, which: int, *, base: tuple[float, float] = (53.9, -1.2)) -> str:
    """Decimal degrees to five places; a few cases have the two exchanged."""
    east, north = coordinates(case, 0, 0)
    pair = (base[0] + north / 111_200, base[1] + east / 65_600)
    if case.number % 13 == 6:
        pair = pair[::-1]
    return f"{pair[which]:.5f}"


def faster(folder: Path) -> None:
    """Faster ECDS from NCDR: genuine midnights, intent codes, flags of duplicates, swapped pairs."""
    rows = cases(
        "faster",
        EASTMARSH,
        date(2025, 9, 20),
        60,
        52,
        fall=3,
        self_harm=3,
        accident=2,
        back=2,
        back_late=1,
    )
    for case in rows[10:40:12]:
        if case.kind == "plain":
            case.at = midnight(case.at)
    tell_all(rows, teller([(1, exactly("%H:%M:%S"))], rounded=0.05))
    methods = {
        "sharp_object": words("219218005"),
        "firearm": words("242869008"),
        "sexual": words("248110007"),
        "blunt_object": words("3821009 ~ unknown"),
        "unknown": words("52684005 ~ other", ""),
    }
    intent = {"self_harm": "276853009", "fall": "242056005", "accident": "242056005"}
    twins = {c.number for c in rows if c.kind == "plain" and c.number % 8 == 3}
    original = {n: rows[n] for n in twins}
    for n in sorted(twins, reverse=True):
        copy = Case(**{**vars(original[n]), "kind": "twin", "truth": {}})
        rows.insert(n + 1, copy)
    tell_all([c for c in rows if c.kind == "twin"], lambda c: c.told or only_day(c))
    for case in rows:
        if case.kind == "twin":
            case.truth["expect"] = "duplicate"
    for number, case in enumerate(rows):
        case.number = number
    columns = [
        Column("EC_Ident", ["event_id"], lambda c: serial_no(c, "20########")),
        Column("Der_EC_Arrival_Date_Time", ["arrived_at"], arrival("%d/%m/%Y %H:%M")),
        Column("Der_Provider_Site_Code", [], lambda c: "RXZ01"),
        Column("Age_At_Arrival", ["age_band"], lambda c: know_age(c, c.age)),
        Column("Sex", ["sex"], coded("sex", {"male": words("1"), "female": words("2"), "unknown": words("9", "0")})),
        Column("Der_Postcode_LSOA_2021_Code", [], home_lsoa),
        Column("EC_Injury_Date", DAYS, day_text("%Y-%m-%d")),
        Column("EC_Injury_Time", WHEN, time_text()),
        Column("EC_Place_Of_Injury_SNOMED_CT", ["location_type"], coded("location_type", {"licensed_premises": words(sct(301)), "street": words(sct(302)), "own_home": words(sct(303)), "other_home": words(sct(304)), "other": words(sct(305)), "unknown": words("")})),
        Column("EC_Place_Of_Injury_Latitude", ["easting", "northing"], lambda c: latlon(c, 0, base=(53.3, 0.1))),
        Column("EC_Place_Of_Injury_Longitude", ["easting", "northing"], lambda c: latlon(c, 1, base=(53.3, 0.1))),
        Column("EC_Injury_Intent_SNOMED_CT", ["(filter)"], lambda c: intent.get(c.kind, "52684005")),
        Column("EC_Injury_Mechanism_SNOMED_CT", ["assault_method"], coded("assault_method", methods)),
        Column("EC_Injury_Activity_Status_SNOMED_CT", [], lambda c: ""),
        Column("Der_Dupe_Flag", ["(filter)"], lambda c: "1" if c.kind == "twin" else "0"),
    ]  # fmt: skip
    maps = {
        "EC_Place_Of_Injury_SNOMED_CT": {sct(301): "licensed_premises", sct(302): "street", sct(303): "own_home", sct(304): "other_home", sct(305): "other"},
        "EC_Injury_Mechanism_SNOMED_CT": {"219218005": "sharp_object", "242869008": "firearm", "248110007": "sexual", "3821009": "blunt_object", "52684005": "unknown"},
    }  # fmt: skip
    layout = Layout(
        "t03_faster_ecds.csv",
        "eastmarsh_coastal",
        columns,
        rows,
        [
            "genuine midnights",
            "repeated October hour; one arrival before the assault by the clock",
            "duplicates by a flag",
            "latitude and longitude exchanged in some rows",
            "home LSOA",
        ],
        agreed=("age_band", "sex"),
        value_maps=maps,
    )
    as_csv(layout, folder)


def know_age(case: Case, shown: object) -> object:
    """An age column, where the agreement names the age band."""
    if case.is_assault and case.truth["expect"] == "stored":
        case.truth["age_band"] = age_band(case.age)
    return shown


ISTV_METHODS = {
    "body_part": words("BP"),
    "sharp_object": words("KN"),
    "glass": words("GL"),
    "blunt_object": words("BL"),
    "firearm": words("FA"),
    "strangulation": words("ST"),
    "corrosive_or_burn": words("CB"),
    "vehicle": words("VE"),
    "sexual": words("SX"),
    "other": words("OT"),
    "unknown": words("NK"),
}
ISTV_PLACES = {
    "licensed_premises": words("PB"),
    "street": words("SR"),
    "own_home": words("OH"),
    "other_home": words("XH"),
    "food_or_shop": words("SH"),
    "public_transport": words("TR"),
    "park_or_open_space": words("PK"),
    "education": words("ED"),
    "workplace": words("WK"),
    "health_or_care": words("HC"),
    "custody": words("CU"),
    "other_public": words("PP"),
    "other": words("OT"),
    "unknown": words("NK"),
}
LEGEND = {
    "body_part": "Fist, foot or other body part", "sharp_object": "Knife or sharp instrument", "glass": "Glass or bottle", "blunt_object": "Blunt instrument", "firearm": "Firearm", "strangulation": "Strangulation", "corrosive_or_burn": "Corrosive substance or burn",
    "vehicle": "Vehicle used as weapon", "sexual": "Sexual assault", "other": "Other", "unknown": "Not known", "licensed_premises": "Pub, bar or club", "street": "Street", "own_home": "Patient's own home", "other_home": "Someone else's home", "food_or_shop": "Shop or takeaway",
    "public_transport": "Public transport", "park_or_open_space": "Park or open space", "education": "School or college", "workplace": "Workplace", "health_or_care": "Hospital or care home", "custody": "Prison or custody", "other_public": "Other public place",
}  # fmt: skip


def istv_columns(spoken: str) -> list[Column]:
    """The dictionary's own names."""
    return [
        Column("ARRIVAL DATE AND TIME AT ACCIDENT AND EMERGENCY DEPARTMENT", ["arrived_at"], arrival("%d/%m/%Y %H:%M:%S")),
        Column("ASSAULT DATE AND TIME", WHEN, both_text(spoken)),
        Column("ASSAULT METHOD", ["assault_method"], coded("assault_method", ISTV_METHODS)),
        Column("ASSAULT METHOD OTHER DESCRIPTION", ["assault_method"], lambda c: c.rng.choice(("dog set on him", "drink spiked")) if c.facts["assault_method"] == "other" else ""),
        Column("ASSAULT LOCATION TYPE", ["location_type"], coded("location_type", ISTV_PLACES)),
        Column("ASSAULT LOCATION DESCRIPTION", ["location_text"], place_words),
    ]  # fmt: skip


def istv_workbook(folder: Path) -> None:
    """ISTV names with local two-letter codes; their legend is on the second sheet."""
    rows = cases("istv", HARROWMERE, date(2026, 4, 1), 30, 40, after_day=1, future=1)
    tell_all(rows, teller([(1, exactly("%H:%M:%S"))]))
    maps = {
        "ASSAULT METHOD": {t[0][0]: c for c, t in ISTV_METHODS.items()},
        "ASSAULT LOCATION TYPE": {t[0][0]: c for c, t in ISTV_PLACES.items()},
    }
    legend: list[list[object]] = [["Code list", "Code", "Meaning"]]
    for name, pairs in (("ASSAULT METHOD", ISTV_METHODS), ("ASSAULT LOCATION TYPE", ISTV_PLACES)):
        legend += [[name, t[0][0], LEGEND[code]] for code, t in pairs.items()]
    titles = [
        ["Information Sharing to Tackle Violence - monthly submission"],
        ["REPORTING PERIOD START DATE", "01/04/2026"],
        ["REPORTING PERIOD END DATE", "30/04/2026"],
        ["SITE CODE (OF TREATMENT)", "RXH02"],
        [],
    ]
    layout = Layout(
        "t04_istv_codes.xlsx",
        "harrowmere_north",
        istv_columns("%d/%m/%Y {}"),
        rows,
        [
            "five rows above the header",
            "local two-letter codes with a legend on the second sheet",
            "arrival in the future",
            "assault a day after arrival",
        ],
        header_row=6,
        value_maps=maps,
    )
    as_xlsx(
        layout, folder, sheet="Submission", titles=titles, after=[("Code lists", legend, False)]
    )


def istv_xml(folder: Path) -> None:
    """The same as records of XML without a schema."""
    rows = cases("istv-xml", SKELBY, date(2026, 5, 1), 31, 34)
    tell_all(rows, teller([(1, exactly("%H:%M:%S"))]))
    method = {c: words(LEGEND[c]) for c in ISTV_METHODS}
    place = {c: words(LEGEND[c]) for c in ISTV_PLACES}
    columns = [
        Column("ArrivalDateAndTimeAtAccidentAndEmergencyDepartment", ["arrived_at"], arrival("%Y-%m-%dT%H:%M:%S")),
        Column("AssaultDateAndTime", WHEN, both_text("%Y-%m-%dT{}")),
        Column("AssaultMethod", ["assault_method"], coded("assault_method", method)),
        Column("AssaultLocationType", ["location_type"], coded("location_type", place)),
        Column("AssaultLocationDescription", ["location_text"], place_words),
    ]  # fmt: skip
    head = "  <SubmissionHeader><ReportingPeriodStartDate>2026-05-01</ReportingPeriodStartDate><ReportingPeriodEndDate>2026-05-31</ReportingPeriodEndDate><SiteCodeOfTreatment>RXS11</SiteCodeOfTreatment></SubmissionHeader>"
    layout = Layout(
        "t05_istv_records.xml",
        "skelby_infirmary",
        columns,
        rows,
        ["XML records after a submission header", "empty elements are left out"],
        header_row=0,
    )
    as_xml(layout, folder, root="ISTVSubmission", record="Assault", head=head)


def tiig(folder: Path) -> None:
    """TIIG's enhanced questions: semicolons, two-digit years, the last drink's venue."""
    rows = cases("tiig", EASTMARSH, date(2026, 2, 1), 56, 54, sentinel=1, no_date=2, after_hours=1)
    tell_all(
        rows,
        teller(
            [
                (40, exactly("%H:%M")),
                (10, on_the_hour("{}", " ")),
                (6, about("approx {}")),
                (5, part("evening", "Evening")),
                (5, part("early hours", "Early hours")),
                (5, nothing("Not known")),
                (4, between("between {0} and {1}")),
            ]
        ),
    )
    methods = {
        "body_part": words("Fist", "Foot", "Head", "Teeth", "Body part(s)"),
        "sharp_object": words("Knife"),
        "glass": words("Glass", "Bottle"),
        "blunt_object": words("Blunt object", "Bat"),
        "firearm": words("Gun"),
        "strangulation": words("Strangulation"),
        "corrosive_or_burn": words("Acid / burning"),
        "vehicle": words("Vehicle"),
        "sexual": words("Sexual"),
        "other": words("Other (specify)"),
        "unknown": words("Unknown"),
    }
    places = {
        "licensed_premises": words("Pub/Bar/Nightclub"),
        "street": words("Street"),
        "own_home": words("Own Home"),
        "other_home": words("Other’s Home"),
        "food_or_shop": words("Takeaway / shop"),
        "public_transport": words("Public transport"),
        "park_or_open_space": words("Park"),
        "education": words("School/College"),
        "workplace": words("Work"),
        "other_public": words("Public place ~ street|other"),
        "other": words("Other"),
        "unknown": words("Unknown", ""),
    }
    number = {
        "1": words("1", "One"),
        "2": words("2", "Two"),
        "3+": words("3", "4", "5 or more", "Group", "3 or more"),
        "unknown": words("Unknown", ""),
    }
    relation = {
        "stranger": words("Stranger"),
        "acquaintance": words("Friend/acquaintance", "Friend"),
        "partner_or_ex": words("Partner", "Ex-partner", "Husband / wife"),
        "family": words("Other family member", "Parent"),
        "other": words("Other"),
        "unknown": words("Not disclosed", ""),
    }
    bands = (
        ("0-15", "0-15"),
        ("16-17", "16-17"),
        ("18-24", "18-24"),
        ("25-34", "25-34"),
        ("35-44", "35-44"),
        ("45-54", "45-54"),
        ("55-64", "55-64"),
        ("65+", "65 and over"),
    )
    columns = [
        Column("Attendance date", ["arrived_at"], arrival("%d/%m/%y")),
        Column("Attendance time", ["arrived_at"], arrival("%H:%M")),
        Column("Age group", ["age_band"], lambda c: know_age(c, dict(bands)[age_band(c.age)])),
        Column("Sex", ["sex"], coded("sex", {"male": words("Male"), "female": words("Female"), "unknown": words("")})),
        Column("LSOA of residence", [], home_lsoa),
        Column("Date of assault", DAYS, day_text("%d/%m/%y", "01/01/00")),
        Column("Time of assault", WHEN, time_text("Not known")),
        Column("Assault type (weapon)", ["assault_method"], coded("assault_method", methods)),
        Column("Location of assault", ["location_type"], coded("location_type", places)),
        Column("Location of assault: name and street", ["location_text"], place_words),
        Column("LSOA of incident", ["lsoa"], lambda c: f"E010{c.rng.randrange(10000, 33000)}"),
        Column("Relationship with attacker", ["relationship"], coded("relationship", relation)),
        Column("Number of attackers", ["assailants"], coded("assailants", number)),
        Column("Gender of attackers", [], lambda c: c.rng.choice(("Male", "Male", "Female", "Mixed", ""))),
        Column("Had you been drinking alcohol within three hours prior?", ["alcohol"], coded("alcohol", YES_NO_WORDS)),
        Column("Where did you consume / purchase your last drink?", [], lambda c: c.rng.choice(("", "The Jolly Cockler pub", "home", "Lord Nelson, Marine Parade", "supermarket"))),
        Column("Reported to the police", ["reported_to_police"], coded("reported_to_police", {"yes": words("Yes"), "no": words("No", "Will not report"), "unknown": words("Unknown", "")})),
    ]  # fmt: skip
    layout = Layout(
        "t06_tiig_enhanced.csv",
        "eastmarsh_trauma",
        columns,
        rows,
        [
            "two-digit years; 01/01/00 for none",
            "last drink venue",
            "LSOA of residence beside that of the incident",
            "attackers' gender",
        ],
        agreed=("age_band", "sex"),
    )
    for case in rows:
        if case.kind == "sentinel":  # two digits could mean 1900 or 2000: leave the times unjudged
            for name in [
                n for n in case.truth if n.startswith(("assault_from", "assault_to", "time_p"))
            ]:
                del case.truth[name]
    as_csv(layout, folder, encoding="cp1252", delimiter=";")


def legacy(folder: Path) -> None:
    """Legacy A&E CDS in an old workbook: numbers that lost their zeros."""
    rows = cases(
        "legacy",
        SKELBY,
        date(2025, 11, 1),
        61,
        44,
        rtc=2,
        self_harm=2,
        sport=2,
        accident=2,
        future=1,
    )
    tell_all(rows, teller([(10, lost_zeros), (2, nothing(""))]))
    groups = {"rtc": 10, "self_harm": 30, "sport": 40, "accident": 60}
    places = {
        "own_home": words("10 ~ other_home"),
        "workplace": words("40"),
        "education": words("50"),
        "other_public": words("60 ~ street|other"),
        "other": words("91"),
        "unknown": words(""),
    }
    methods = {
        "body_part": words("PUNCHED", "KICKED", "HEADBUTTED", "FISTS"),
        "sharp_object": words("STABBED", "KNIFE"),
        "glass": words("BOTTLE", "GLASSED"),
        "blunt_object": words("HIT WITH BAT", "HAMMER"),
        "strangulation": words("STRANGLED"),
        "unknown": words("NK", ""),
    }

    def number(cell: object) -> object:
        return int(str(cell)) if str(cell).isdigit() else cell

    def whole(pattern: str):  # type: ignore[no-untyped-def]
        return lambda c: int(c.arrived.strftime(pattern))

    place = coded("location_type", places)
    columns = [
        Column("AEATTENDNO", ["event_id"], lambda c: serial_no(c, "S1########")),
        Column("NHSNO", [], nhs, identifier=True),
        Column("BIRTHDATE", [], lambda c: dob(c, "%d/%m/%Y"), identifier=True),
        Column("ARRIVALDATE", ["arrived_at"], whole("%Y%m%d")),
        Column("ARRIVALTIME", ["arrived_at"], whole("%H%M")),
        Column("AEPATGROUP", ["(filter: 20)"], lambda c: groups.get(c.kind, 20)),
        Column("AEINCLOCTYPE", ["location_type"], lambda c: number(place(c))),
        Column("INCDATE", DAYS, lambda c: int(delivered_at(c).strftime("%Y%m%d"))),
        Column("INCTIME", WHEN, lambda c: number(time_text()(c))),
        Column("ASSTYPE", ["assault_method"], coded("assault_method", methods)),
        Column("LASTMOD", [], lambda c: int((c.arrived + DAY).strftime("%Y%m%d"))),
    ]  # fmt: skip
    for case in rows:
        disagreed(case, ("age_band",))
    layout = Layout(
        "t07_legacy_cds.xls",
        "skelby_cottage",
        columns,
        rows,
        [
            "old workbook",
            "dates and times as whole numbers without their zeros",
            "patient group filter",
            "date of birth not agreed",
        ],
        value_maps={
            "AEINCLOCTYPE": {
                "10": "own_home",
                "40": "workplace",
                "50": "education",
                "60": "other_public",
                "91": "other",
            },
            "AEPATGROUP": {"20": "(assault)"},
        },
    )
    as_xls(layout, folder, sheet="AE")


def questions(folder: Path) -> None:
    """Plain questions as headers; data on the third sheet; a hidden sheet of identifiers."""
    rows = cases("questions", HARROWMERE, date(2026, 6, 1), 60, 46, no_date=1)

    def say(case: Case):  # type: ignore[no-untyped-def]
        forms = [
            (10, exactly("%d/%m/%Y %H:%M")),
            (3, lowered("%d/%m/%Y {12}.%M%p")),
            (14, last_night()),
            (6, last_night("late last night")),
            (10, yesterday_evening()),
            (8, this_morning()),
            (5, hours_ago("about {} hours ago")),
        ]
        return teller(forms, rounded=0)(case)

    tell_all(rows, say)
    methods = {
        "body_part": words(
            "punched and kicked", "Fists", "kicked to head", "bitten", "head butted"
        ),
        "sharp_object": words("stabbed with knife", "knife", "slashed"),
        "glass": words("glassed in face", "hit with bottle"),
        "blunt_object": words("baseball bat", "hit with hammer", "metal bar"),
        "firearm": words("shot with air rifle"),
        "strangulation": words("strangled", "hands round neck, choked"),
        "corrosive_or_burn": words("acid thrown", "boiling water thrown"),
        "vehicle": words("run over on purpose"),
        "sexual": words("sexual assault"),
        "other": words("drink spiked"),
        "unknown": words("not sure", "", "don't know"),
    }
    places = {
        "licensed_premises": words("In a pub or club"),
        "street": words("In the street"),
        "own_home": words("At home"),
        "other_home": words("At someone else's house"),
        "food_or_shop": words("Shop or takeaway"),
        "public_transport": words("On a bus or train"),
        "park_or_open_space": words("Park"),
        "education": words("School or college"),
        "workplace": words("At work"),
        "other_public": words("Another public place"),
        "other": words("Somewhere else"),
        "unknown": words("Don't know", ""),
    }
    who = {
        "stranger": words("A stranger", "Never met before"),
        "acquaintance": words("A friend", "Someone they know"),
        "partner_or_ex": words("Their partner", "Their ex", "boyfriend"),
        "family": words("Family - brother", "Their dad"),
        "other": words("Someone else"),
        "unknown": words("Would not say", ""),
    }
    many = {
        "1": words("One", "Just one"),
        "2": words("Two"),
        "3+": words("Three or more", "A group", "4 lads"),
        "unknown": words("Not sure", ""),
    }
    columns = [
        Column("When did they arrive?", ["arrived_at"], lambda c: c.arrived, number_format="dd/mm/yyyy hh:mm"),
        Column("When did the assault happen?", WHEN, time_text()),
        Column("Where did the assault take place?", ["location_type"], coded("location_type", places)),
        Column("Can you name the place or street?", ["location_text"], place_words),
        Column("How were they assaulted?", ["assault_method"], coded("assault_method", methods)),
        Column("Who did it?", ["relationship"], coded("relationship", who)),
        Column("How many people assaulted them?", ["assailants"], coded("assailants", many)),
        Column("Had the patient been drinking?", ["alcohol"], coded("alcohol", YES_NO_WORDS)),
        Column("Had they taken any drugs?", ["drugs"], coded("drugs", YES_NO_WORDS)),
        Column("Was it domestic violence?", ["domestic_abuse"], coded("domestic_abuse", YES_NO_WORDS)),
        Column("Were the police told?", ["reported_to_police"], coded("reported_to_police", {"yes": words("Yes", "Police came with them"), "no": words("No", "They do not want to"), "unknown": words("Don't know", "")})),
        Column("Were gangs involved?", ["gang_related"], coded("gang_related", YES_NO_WORDS)),
        Column("Were they admitted?", ["admitted"], coded("admitted", {"yes": words("Yes"), "no": words("No - went home", "No"), "unknown": words("")})),
    ]  # fmt: skip
    layout = Layout(
        "t08_questions.xlsx",
        "harrowmere_forms",
        columns,
        rows,
        [
            "questions as headers",
            "data on the third sheet",
            "a hidden sheet of identifiers",
            "last night, yesterday, this morning, hours ago",
        ],
        duplicates=1,
    )
    intro: list[list[object]] = [
        ["Assault questionnaire"],
        ["Please return by the fifth of the month"],
    ]
    people: list[list[object]] = [
        ["Name", "NHS number", "Phone"],
        *[[f"{forename(c)} {surname(c)}", nhs(c), phone(c)] for c in rows[:12]],
    ]
    as_xlsx(
        layout,
        folder,
        sheet="Answers",
        before=[("Read me", intro, False), ("Patients", people, True)],
    )


def welsh(folder: Path) -> None:
    """Welsh headers and values."""
    rows = cases("welsh", PONT, date(2026, 1, 10), 60, 42, fall=2, rtc=1, no_date=1)
    tell_all(
        rows,
        teller(
            [
                (30, exactly("%H:%M")),
                (6, about("tua {}")),
                (4, part("evening", "gyda'r nos")),
                (4, part("early hours", "oriau mân y bore")),
                (3, part("afternoon", "prynhawn")),
                (3, part("morning", "bore")),
                (3, nothing("Anhysbys")),
                (3, between("rhwng {0} a {1}", "%H:%M")),
            ]
        ),
    )
    methods = {
        "body_part": words("Dwrn", "Troed", "Dwrn/troed", "Brathiad"),
        "sharp_object": words("Cyllell", "Gwrthrych miniog"),
        "glass": words("Gwydr", "Potel"),
        "blunt_object": words("Gwrthrych di-fin", "Bat", "Morthwyl"),
        "firearm": words("Gwn", "Dryll"),
        "strangulation": words("Tagu"),
        "corrosive_or_burn": words("Asid", "Llosgi"),
        "vehicle": words("Cerbyd"),
        "sexual": words("Ymosodiad rhywiol"),
        "other": words("Arall"),
        "unknown": words("Anhysbys", ""),
    }
    places = {
        "licensed_premises": words("Tafarn", "Clwb nos"),
        "street": words("Stryd"),
        "own_home": words("Cartref", "Gartref"),
        "other_home": words("Cartref rhywun arall", "Tŷ ffrind"),
        "food_or_shop": words("Siop", "Caffi"),
        "public_transport": words("Bws", "Gorsaf drenau"),
        "park_or_open_space": words("Parc"),
        "education": words("Ysgol", "Coleg"),
        "workplace": words("Gweithle"),
        "health_or_care": words("Ysbyty"),
        "custody": words("Carchar"),
        "other_public": words("Man cyhoeddus arall ~ other|street"),
        "other": words("Arall"),
        "unknown": words("Ddim yn gwybod", "Anhysbys"),
    }
    yes = {
        "yes": words("Do", "Oes", "Ydy", "Ie"),
        "no": words("Na", "Nac oes", "Naddo"),
        "unknown": words("Ddim yn gwybod", ""),
    }
    who = {
        "stranger": words("Dieithryn"),
        "acquaintance": words("Ffrind", "Cydnabod"),
        "partner_or_ex": words("Partner", "Cyn-bartner", "Gŵr", "Gwraig"),
        "family": words("Teulu", "Brawd", "Tad"),
        "other": words("Arall"),
        "unknown": words("Anhysbys", ""),
    }
    columns = [
        Column("Dyddiad cyrraedd", ["arrived_at"], arrival("%d/%m/%Y")),
        Column("Amser cyrraedd", ["arrived_at"], arrival("%H:%M")),
        Column("Rheswm dros ddod", ["(filter)"], not_assault(assault="Ymosodiad", fall="Cwymp", rtc="Damwain ffordd", accident="Damwain")),
        Column("Dyddiad yr ymosodiad", DAYS, day_text("%d/%m/%Y")),
        Column("Amser yr ymosodiad", WHEN, time_text("Anhysbys")),
        Column("Dull yr ymosodiad", ["assault_method"], coded("assault_method", methods)),
        Column("Math o leoliad", ["location_type"], coded("location_type", places)),
        Column("Disgrifiad o'r lleoliad", ["location_text"], place_words),
        Column("Alcohol", ["alcohol"], coded("alcohol", yes)),
        Column("Cyffuriau", ["drugs"], coded("drugs", yes)),
        Column("Rhoddwyd gwybod i'r heddlu", ["reported_to_police"], coded("reported_to_police", yes)),
        Column("Perthynas â'r ymosodwr", ["relationship"], coded("relationship", who)),
        Column("Nifer yr ymosodwyr", ["assailants"], coded("assailants", {"1": words("1", "Un"), "2": words("2", "Dau"), "3+": words("3 neu fwy", "Tri", "Grŵp"), "unknown": words("")})),
        Column("Cod post y claf", [], postcode, identifier=True),
    ]  # fmt: skip
    layout = Layout(
        "t09_cymraeg.csv",
        "pontrhydfach_ysbyty",
        columns,
        rows,
        ["Welsh headers and values", "Welsh times", "the patient's postcode"],
    )
    as_csv(layout, folder)


def bilingual(folder: Path) -> None:
    """Bilingual headers, dates with the day's name, admitted from disposal words."""
    rows = cases("bilingual", PONT, date(2025, 10, 4), 62, 40, back=2, sentinel=4)
    tell_all(rows, teller([(20, exactly("%H:%M")), (4, on_the_hour("{}")), (2, nothing(""))]))
    methods = {
        "body_part": words("Dwrn / Fist", "Troed / Foot"),
        "sharp_object": words("Cyllell / Knife"),
        "glass": words("Gwydr / Glass"),
        "blunt_object": words("Arf di-fin / Blunt weapon"),
        "strangulation": words("Tagu / Strangulation"),
        "firearm": words("Gwn / Gun"),
        "sexual": words("Rhywiol / Sexual"),
        "other": words("Arall / Other"),
        "unknown": words("Anhysbys / Unknown"),
    }
    places = {
        "licensed_premises": words("Tafarn / Pub", "Clwb nos / Nightclub"),
        "street": words("Stryd / Street"),
        "own_home": words("Cartref / Own home"),
        "other_home": words("Cartref arall / Other home"),
        "food_or_shop": words("Siop / Shop"),
        "education": words("Ysgol / School"),
        "other": words("Arall / Other"),
        "unknown": words("Anhysbys / Unknown"),
    }
    dispose = {
        "yes": words("Admitted to ward", "Transferred to theatre", "Admitted - CDU"),
        "no": words(
            "Discharged home",
            "Left before treatment complete",
            "Discharged - GP follow up",
            "Fracture clinic",
        ),
        "unknown": words(""),
    }
    columns = [
        Column("Cyrraedd / Arrival", ["arrived_at"], arrival("%a %d-%b-%Y %H:%M")),
        Column("Dyddiad / Date of assault", DAYS, lambda c: day_text("%a %d-%b-%Y", ("Mon 11-Nov-1811", "Fri 31-Dec-9999")[c.number % 2])(c)),
        Column("Amser / Time of assault", WHEN, time_text()),
        Column("Dull / Method", ["assault_method"], coded("assault_method", methods)),
        Column("Math o le / Type of place", ["location_type"], coded("location_type", places)),
        Column("Lleoliad / Location", ["location_text"], place_words),
        Column("Canlyniad / Outcome", ["admitted"], coded("admitted", dispose)),
        Column("Meddyg / Clinician", [], lambda c: "Dr " + surname(c), identifier=True),
    ]  # fmt: skip
    layout = Layout(
        "t10_dwyieithog.xlsx",
        "pontrhydfach_cymuned",
        columns,
        rows,
        [
            "bilingual headers and values",
            "dates with the day's name",
            "sentinels 1811 and 9999",
            "clinician's name",
            "blank rows",
        ],
        blank_before=(9, 21),
    )
    as_xlsx(layout, folder, sheet="Data")


TICKS = (
    ("Fists", "body_part"),
    ("Feet", "body_part"),
    ("Knife / sharp", "sharp_object"),
    ("Glass / bottle", "glass"),
    ("Blunt object", "blunt_object"),
    ("Gun", "firearm"),
    ("Other weapon", "other"),
)


def ticks(folder: Path) -> None:
    """A tick column for each weapon, two header rows, a totals row."""
    rows = cases("ticks", SKELBY, date(2026, 7, 1), 60, 38, no_date=1)
    tell_all(
        rows, teller([(20, exactly("%H:%M")), (3, about("approx {}", "%H.%M")), (3, nothing("NK"))])
    )
    settle = coded(
        "assault_method",
        {
            code: words(code)
            for code in (
                "body_part",
                "sharp_object",
                "glass",
                "blunt_object",
                "firearm",
                "other",
                "unknown",
            )
        },
    )

    def tick(label: str, code: str):  # type: ignore[no-untyped-def]
        def cell(case: Case) -> str:
            settle(case)
            if "ticked" not in case.memory:
                fitting = [name for name, c in TICKS if c == case.facts["assault_method"]]
                case.memory["ticked"] = case.rng.choice(fitting) if fitting else ""
                case.memory["mark"] = case.rng.choice(("X", "x", "Y", "1", "ticked", "✓"))
            return str(case.memory["mark"]) if case.memory["ticked"] == label else ""

        return cell

    def flag(column: str):  # type: ignore[no-untyped-def]
        def cell(case: Case) -> str:
            yes = case.facts[column] == "yes"
            if case.truth["expect"] == "stored":  # a blank tick box: not ticked, or never asked
                case.truth[column] = "yes" if yes else "unknown"
                if not yes:
                    case.truth[column + "_alt"] = "no"
            return case.rng.choice(("X", "Y", "1")) if yes else ""

        return cell

    columns = [
        Column("Attendance / Date", ["arrived_at"], lambda c: c.arrived.date(), number_format="dd/mm/yyyy"),
        Column("Attendance / Time", ["arrived_at"], lambda c: c.arrived.time(), number_format="hh:mm"),
        Column("Incident / Date", DAYS, lambda c: "" if c.kind == "no_date" else c.at.date(), number_format="dd/mm/yyyy"),
        Column("Incident / Time", WHEN, time_text("NK")),
        *[Column(f"Weapon used (tick) / {label}", ["assault_method"], tick(label, code)) for label, code in TICKS],
        Column("Place / Type", ["location_type"], coded("location_type", {c: words(LEGEND[c]) for c in ISTV_PLACES})),
        Column("Place / Name or street", ["location_text"], place_words),
        Column("Involved (tick) / Alcohol", ["alcohol"], flag("alcohol")),
        Column("Involved (tick) / Drugs", ["drugs"], flag("drugs")),
    ]  # fmt: skip
    groups = [
        "Attendance",
        "",
        "Incident",
        "",
        "Weapon used (tick)",
        *[""] * 6,
        "Place",
        "",
        "Involved (tick)",
        "",
    ]
    layout = Layout(
        "t11_ticks.xlsx",
        "skelby_walk_in",
        columns,
        rows,
        [
            "two header rows, merged",
            "a tick column for each weapon",
            "ticks for alcohol and drugs: a blank is not a no",
            "totals row",
        ],
        header_row=[1, 2],
        groups=groups,
        last_rows=[["Total", "", len(rows)]],
    )
    as_xlsx(layout, folder, sheet="Assaults", merge=True)


def epoch(folder: Path) -> None:
    """A workbook of the 1904 epoch: true dates, day fractions."""
    rows = cases("epoch", EASTMARSH, date(2026, 3, 20), 30, 36, on=2, accident=3)
    tell_all(rows, teller([(20, exactly("%H:%M")), (2, nothing(""))]))

    def clock(case: Case) -> object:
        text = str(time_text()(case))
        return (int(text[:2]) * 60 + int(text[3:])) / 1440 if text else ""

    methods = {c: words(f"Assault - {LEGEND[c].lower()}") for c in ISTV_METHODS}
    columns = [
        Column("Arrived", ["arrived_at"], lambda c: c.arrived, number_format="d mmm yyyy hh:mm"),
        Column("Injury date", DAYS, lambda c: c.at.date(), number_format="d mmm yyyy"),
        Column("Injury time", WHEN, clock, number_format="0.0000"),
        Column("Injury type", ["assault_method", "(filter)"], coded("assault_method", methods, otherwise="Accident - fall")),
        Column("Place", ["location_type"], coded("location_type", {c: words(LEGEND[c]) for c in ISTV_PLACES})),
        Column("Place details", ["location_text"], place_words),
        Column("Activity (Snomed)", [], lambda c: float("999003031000000102")),
        Column("Next of kin", [], stranger_kin, identifier=True),
    ]  # fmt: skip
    layout = Layout(
        "t12_epoch1904.xlsx",
        "eastmarsh_mac",
        columns,
        rows,
        [
            "1904 epoch",
            "times as fractions of a day",
            "non-assaults told by the prefix of the type",
            "an 18-digit code rounded by the workbook",
            "next of kin",
        ],
    )
    as_xlsx(layout, folder, sheet="Sheet1", epoch_1904=True)


def stranger_kin(case: Case) -> str:
    """A next of kin: planted, for the whole column must go."""
    name = stranger_name(case)
    return plant(case, name, name.split(" ", 1)[1])


def american(folder: Path) -> None:
    """An export in US order, UTF-16 with tabs: some days above 12 are the evidence."""
    rows = cases("american", HARROWMERE, date(2026, 2, 1), 85, 42, rtc=2, self_harm=2)
    tell_all(rows, teller([(1, exactly("%I:%M %p"))]))
    columns = [
        Column("VisitID", ["event_id"], lambda c: serial_no(c, "V########")),
        Column("CheckInTime", ["arrived_at"], arrival("%m/%d/%Y %I:%M %p")),
        Column("IncidentDateTime", WHEN, both_text("%m/%d/%Y {}")),
        Column("ReasonForVisit", ["(filter)"], not_assault(assault="Assault victim|Physical assault", rtc="Motor vehicle collision", self_harm="Deliberate self harm", accident="Other injury")),
        Column("Weapon", ["assault_method"], coded("assault_method", {"body_part": words("None (hands/feet)", "Hands"), "sharp_object": words("Knife", "Edged weapon"), "glass": words("Bottle"), "blunt_object": words("Club/bat"), "firearm": words("Firearm"), "unknown": words("Unknown", "")})),
        Column("SceneType", ["location_type"], coded("location_type", {"licensed_premises": words("Bar/Nightclub"), "street": words("Street/Sidewalk"), "own_home": words("Residence - patient"), "other_home": words("Residence - other"), "food_or_shop": words("Store/Restaurant"), "education": words("School"), "unknown": words("Unknown")})),
        Column("SceneDescription", ["location_text"], place_words),
        Column("Disposition", ["admitted"], coded("admitted", {"yes": words("Admitted"), "no": words("Discharged", "Left without being seen"), "unknown": words("")})),
        Column("PatientZip", [], postcode, identifier=True),
    ]  # fmt: skip
    as_csv(
        Layout(
            "t13_us_order.txt",
            "harrowmere_private",
            columns,
            rows,
            ["month before day in the whole file", "UTF-16 with tabs", "12-hour clock"],
        ),
        folder,
        encoding="utf-16",
        delimiter="\t",
    )


def ambulance(folder: Path) -> None:
    """An ambulance service: call and scene times that are not the assault's, coordinates."""
    rows = cases("ambulance", SKELBY, date(2026, 5, 1), 60, 44, fall=2, rtc=2)
    tell_all(rows, teller([(20, exactly("%H:%M")), (4, nothing(""))]))
    spots = ("NZ", 421000, 530000)

    def grid_ref(case: Case) -> str:
        east, north = coordinates(case, spots[1], spots[2])
        return f"NZ {east % 100000 // 10:04d} {north % 100000 // 10:04d}"

    columns = [
        Column("CAD No", [], lambda c: serial_no(c, "YA-######"), identifier=True),
        Column("Call Received", [], lambda c: on_the_way(c, 0.2).strftime("%d/%m/%Y %H:%M:%S")),
        Column("Arrived On Scene", [], lambda c: on_the_way(c, 0.4).strftime("%d/%m/%Y %H:%M:%S")),
        Column("Arrived At Hospital", ["arrived_at"], arrival("%d/%m/%Y %H:%M:%S")),
        Column("Incident Date", DAYS, day_text("%d/%m/%Y")),
        Column("Time Of Injury", WHEN, time_text()),
        Column("Chief Complaint", ["(filter)"], not_assault(assault="Assault|Assault - alleged", fall="Falls", rtc="Traffic / Transportation", accident="Traumatic Injuries")),
        Column("Mechanism", ["assault_method"], coded("assault_method", {c: words(LEGEND[c]) for c in ISTV_METHODS})),
        Column("Incident Location", ["location_text"], place_words),
        Column("Location Category", ["location_type"], coded("location_type", {c: words(LEGEND[c]) for c in ISTV_PLACES})),
        Column("Easting", ["easting"], lambda c: coordinates(c, spots[1], spots[2])[0]),
        Column("Northing", ["northing"], lambda c: coordinates(c, spots[1], spots[2])[1]),
        Column("Grid Ref", ["easting", "northing"], grid_ref),
        Column("Police Log Ref", [], lambda c: serial_no(c, "NP-2026-####"), identifier=True),
        Column("Conveyed To", [], lambda c: c.rng.choice(("Skelby Royal", "Not conveyed"))),
    ]  # fmt: skip
    layout = Layout(
        "t14_ambulance.csv",
        "moorland_ambulance",
        columns,
        rows,
        [
            "call and scene times beside the injury's",
            "eastings, northings and grid references",
            "police and CAD references",
        ],
        about={"source": "ambulance"},
    )
    as_csv(layout, folder, delimiter="|")


def dates_only(folder: Path) -> None:
    """An urgent treatment centre: no arrival, no times."""
    rows = cases("dates-only", EASTMARSH, date(2026, 1, 1), 150, 34)
    seen: set[date] = set()
    rows = [c for c in rows if not (c.at.date() in seen or seen.add(c.at.date()))]  # type: ignore[func-returns-value]
    tell_all(rows, only_day, arrivals=False)
    columns = [
        Column("Ref", [], lambda c: c.number + 1),
        Column("Date of incident", DAYS, day_text("%d %B %Y")),
        Column("Nature of assault", ["assault_method"], coded("assault_method", {"body_part": words("punched", "kicked", "slapped", "pushed over ~ other"), "sharp_object": words("cut with knife"), "glass": words("glass"), "blunt_object": words("hit with pole"), "unknown": words("assaulted ~ other", "not stated")})),
        Column("Place", ["location_type", "location_text"], plain_place),
        Column("Police aware", ["reported_to_police"], coded("reported_to_police", YN)),
    ]  # fmt: skip
    layout = Layout(
        "t15_dates_only.csv",
        "eastmarsh_utc",
        columns,
        rows,
        ["no arrival", "dates only, month in words", "type and text of the place in one column"],
        key="assault_from",
        about={"source": "urgent_care"},
    )
    as_csv(layout, folder, encoding="cp1252")


def plain_place(case: Case) -> str:
    """One column for the place whose words settle the type."""
    texts = {
        "licensed_premises": ("The Jolly Cockler pub", "nightclub on Marine Parade"), "street": ("Saltpan Lane", "street outside the arcade ~ other_public"), "own_home": ("at home", "own home"), "other_home": ("friend's house",), "food_or_shop": ("kebab shop", "supermarket, Victoria Rd"),
        "public_transport": ("bus station", "on the train"), "park_or_open_space": ("Jubilee Gardens park", "beach"), "education": ("Eastmarsh High School",), "workplace": ("at work",), "unknown": ("not known", ""),
    }  # fmt: skip
    return str(
        coded("location_type", {code: words(*choices) for code, choices in texts.items()})(case)
    )


def serials(folder: Path) -> None:
    """Everything sent, half of it in hidden columns; dates as bare serial numbers."""
    rows = cases("serials", HARROWMERE, date(2026, 4, 10), 60, 40, after_day=2, sentinel=1)
    tell_all(rows, teller([(20, exactly("%H:%M")), (2, nothing(""))]))
    origin = dt.datetime(1899, 12, 30)

    def serial(moment: dt.datetime) -> float:
        return round((moment - origin) / DAY, 9)

    def fraction(case: Case) -> object:
        text = str(time_text()(case))
        return round((int(text[:2]) * 60 + int(text[3:])) / 1440, 9) if text else ""

    def note(case: Case) -> str:
        name = stranger_name(case)
        return plant(case, name, name.split(" ", 1)[1]) + " hit pt, NOK " + phone(case)

    def day_number(case: Case) -> int:
        return 1 if case.kind == "sentinel" else int(serial(midnight(delivered_at(case))))

    columns = [
        Column("Hosp No", [], lambda c: serial_no(c, "HG######"), identifier=True, hidden=True),
        Column("NHS No.", [], lambda c: nhs(c, spaced=True), identifier=True, hidden=True),
        Column("Patient", [], lambda c: f"{surname(c).upper()}, {forename(c)}", identifier=True, hidden=True),
        Column("DOB", ["age_band"], lambda c: know_age(c, dob(c, "%d/%m/%Y")), identifier=True, hidden=True),
        Column("Gender", ["sex"], coded("sex", {"male": words("M"), "female": words("F"), "other": words("I ~ unknown", "X ~ unknown"), "unknown": words("U", "")})),
        Column("Pt address", [], address, identifier=True),
        Column("Pt postcode", [], postcode, identifier=True),
        Column("Contact tel", [], phone, identifier=True),
        Column("Arr Dt/Tm", ["arrived_at"], lambda c: serial(c.arrived)),
        Column("Asslt Dt", DAYS, day_number),
        Column("Asslt Tm", WHEN, fraction),
        Column("Wpn", ["assault_method"], coded("assault_method", {"body_part": words("fist", "feet", "fists + feet", "h/butt"), "sharp_object": words("knife", "machete"), "glass": words("bottle", "glass"), "blunt_object": words("bat", "brick"), "firearm": words("gun"), "strangulation": words("strangled"), "unknown": words("nk", "")})),
        Column("Loc Type", ["location_type"], coded("location_type", {"licensed_premises": words("Pub", "Club"), "street": words("St", "Street"), "own_home": words("Home"), "other_home": words("Oth home"), "food_or_shop": words("Shop"), "public_transport": words("Bus/Train"), "park_or_open_space": words("Park"), "other": words("Oth"), "unknown": words("NK")})),
        Column("Loc Desc", ["location_text"], place_words),
        Column("Pol Inf", ["reported_to_police"], coded("reported_to_police", YN)),
        Column("DV?", ["domestic_abuse"], coded("domestic_abuse", YN)),
        Column("Gang?", ["gang_related"], coded("gang_related", YN)),
        Column("ETOH", ["alcohol"], coded("alcohol", YN)),
        Column("Triage notes", [], note, identifier=True),
    ]  # fmt: skip
    layout = Layout(
        "t16_hidden_columns.xlsx",
        "harrowmere_bi",
        columns,
        rows,
        [
            "identifiers in hidden columns",
            "dates and times as bare serial numbers; serial 1 for none",
            "names and phones in notes",
            "abbreviated headers",
        ],
        agreed=("age_band", "sex"),
    )
    as_xlsx(layout, folder, sheet="qryAssault")


def open_document(folder: Path) -> None:
    """OpenDocument; date of birth not agreed; relationship and numbers in words."""
    rows = cases("open-document", PONT, date(2026, 8, 1), 50, 36, no_date=1)
    tell_all(rows, teller([(20, exactly("%H:%M")), (2, nothing(""))]))

    def clock(case: Case) -> object:
        text = str(time_text()(case))
        return dt.time(int(text[:2]), int(text[3:])) if text else ""

    columns = [
        Column("Arrival date", ["arrived_at"], lambda c: c.arrived.date()),
        Column("Arrival time", ["arrived_at"], lambda c: c.arrived.time()),
        Column("Date of birth", [], lambda c: dob(c, "%d/%m/%Y"), identifier=True),
        Column("Assault date", DAYS, lambda c: "" if c.kind == "no_date" else c.at.date()),
        Column("Assault time", WHEN, clock),
        Column("Type of assault", ["assault_method"], coded("assault_method", {c: words(LEGEND[c]) for c in ISTV_METHODS})),
        Column("Where", ["location_type"], coded("location_type", {c: words(LEGEND[c]) for c in ISTV_PLACES})),
        Column("Assailant", ["relationship"], coded("relationship", {"stranger": words("unknown male", "stranger", "not known to pt"), "acquaintance": words("known to patient", "colleague ~ other", "friend"), "partner_or_ex": words("ex boyfriend", "wife", "partner"), "family": words("brother", "son", "step father"), "other": words("carer ~ acquaintance", "security staff"), "unknown": words("")})),
        Column("No. of assailants", ["assailants"], coded("assailants", {"1": words("one", "1"), "2": words("two", "2", "couple"), "3+": words("several", "gang of 5", "3-4", "multiple"), "unknown": words("unsure", "")})),
        Column("Disposal", ["admitted"], coded("admitted", {"yes": words("Adm ward 4", "ITU", "Admitted"), "no": words("Home", "DNW", "Discharged", "Referred to GP"), "unknown": words("")})),
    ]  # fmt: skip
    for case in rows:
        disagreed(case, ("age_band",))
    as_ods(
        Layout(
            "t17_rhestr.ods",
            "pontrhydfach_min",
            columns,
            rows,
            [
                "OpenDocument with a sheet of notes first",
                "true dates and times",
                "people and numbers in words",
            ],
        ),
        folder,
        sheet="Register",
        before=[("Notes", [["Kept by reception"], ["Ask before use"]])],
    )


def midnight_missing(folder: Path) -> None:
    """Midnight written where no time is known; the type of attendance has a prefix."""
    rows = cases(
        "midnight-missing", SKELBY, date(2025, 12, 1), 60, 50, fall=2, self_harm=2, sport=1
    )
    say = [(12, exactly("%H:%M:%S")), (9, nothing("00:00:00"))]
    for case in rows:
        if case.at.hour == 0 and case.at.minute == 0:
            case.at = case.at.replace(minute=10)
            case.arrived = max(case.arrived, case.at)

    def tell_it(case: Case):  # type: ignore[no-untyped-def]
        return tell(case.rng, case.at, case.arrived, say)

    tell_all(rows, tell_it)
    methods = {c: words(f"Assault: {LEGEND[c].lower()}") for c in ISTV_METHODS}
    other = {"fall": "Fall: stairs", "self_harm": "Self-harm: laceration", "sport": "Sport: rugby"}

    def injury(case: Case) -> object:
        return other[case.kind] if case.kind in other else coded("assault_method", methods)(case)

    columns = [
        Column("attendance_id", ["event_id"], lambda c: serial_no(c, "ED#########")),
        Column("attended_at", ["arrived_at"], arrival("%Y-%m-%d %H:%M:%S")),
        Column("incident_date", DAYS, day_text("%Y-%m-%d")),
        Column("incident_time", WHEN, time_text("00:00:00")),
        Column("injury_group", ["assault_method", "(filter)"], injury),
        Column("incident_place", ["location_type"], coded("location_type", {c: words(LEGEND[c].lower()) for c in ISTV_PLACES})),
        Column("incident_place_detail", ["location_text"], place_words),
        Column("incident_postcode", ["location_text"], lambda c: ""),
    ]  # fmt: skip
    as_csv(
        Layout(
            "t18_midnight_missing.csv",
            "skelby_east",
            columns,
            rows,
            [
                "about two in five times are 00:00:00 for missing, no true midnight",
                "non-assaults told by a prefix",
                "an empty column",
            ],
        ),
        folder,
        quoting=1,
    )


ALL = (
    symphony,
    cerner,
    faster,
    istv_workbook,
    istv_xml,
    tiig,
    legacy,
    questions,
    welsh,
    bilingual,
    ticks,
    epoch,
    american,
    ambulance,
    dates_only,
    serials,
    open_document,
    midnight_missing,
)
