"""The deliveries kept aside: for measuring, never for tuning."""

# ruff: noqa: E501, S311 - tables of wordings are easier to read unwrapped; the dice are seeded on purpose.
from __future__ import annotations

import calendar
import random
from datetime import date
from pathlib import Path

from deliver import Layout, as_csv, as_ods, as_xls, as_xlsx, as_xml, write_counts
from kit import (
    DAY,
    DAYS,
    WHEN,
    Case,
    Column,
    Town,
    address,
    age_band,
    arrival,
    both_text,
    coded,
    coordinates,
    day_text,
    delivered_at,
    dob,
    forename,
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
    written_day,
)  # fmt: skip
from tallies import book, make_counts, months_of, plain, shown, truth_rows
from telling import (
    about,
    between,
    exactly,
    nothing,
    on_the_hour,
    part,
    the_midnight,
    twenty_four,
)  # fmt: skip

SURNAMES = ("Aldercotter", "Bosvenning", "Chalkwellow", "Drewsteign-Parr", "Elmstoneham", "Furzebrooker", "Gunnerslake", "Hatherleighton", "Inglemoss", "Jubberley", "Kingskerrow",
            "Lapfordson", "Morchardley", "Nymetrowe", "Okementer", "Petrockson", "Quoditch", "Rackenfordly", "Sampfordly", "Tetcottman", "Upcotterill", "Virginstowe", "Winkleighby", "Zealmonach")  # fmt: skip
FORENAMES = (
    "Oluwaseun",
    "Bethan",
    "Gintaras",
    "Rhys",
    "Chantelle",
    "Farhan",
    "Lowri",
    "Dominika",
    "Kieran",
    "Shabnam",
    "Ieuan",
    "Tamsin",
)
PHRASES = {
    "licensed_premises": ("{bar}", "{bar}, {road}", "dance floor {bar}", "in the loos at {bar}", "{bar} (terrace)"),
    "street": ("{road}", "{road} nr cash point", "corner {road}/{road}", "on pavement, {road}", "o/s kebab shop, {road}", "cycle path off {road}"),
    "own_home": ("{address}, {postcode}", "in own bedroom", "H/A {address}", "domestic at home with {person}", "doorstep", ""),
    "other_home": ("aunt's house", "{address}", "flat share - mates place", "at {person}'s place"),
    "food_or_shop": ("{shop}", "{shop} {road}", "drive-thru at {shop}"),
    "public_transport": ("{stop}", "X9 bus", "minicab from {town}", "last train to {town}"),
    "park_or_open_space": ("{green}", "woods nr {green}", "river path {green}"),
    "education": ("{college}", "corridor at {college}"),
    "workplace": ("works canteen", "delivery depot {town}", "whilst working on site"),
    "health_or_care": ("ED cubicle 7", "{town} House nursing home", "dental surgery {road}"),
    "custody": ("HMP Fallowdown", "cell at {town} nick"),
    "other_public": ("swimming baths", "{town} library", "bingo hall {road}"),
    "other": ("allotment shed", "narrowboat", "night shelter"),
    "unknown": ("n/k", "unable to say", "UTO", "-", ""),
}  # fmt: skip


def town(name: str, roads: str, bars: str) -> Town:
    """An aside town, with its own words."""
    names = {
        "road": roads.split("|"), "bar": bars.split("|"), "shop": ("Burger Barn", f"{name} Mini Mart", "Peking Garden takeaway", "Halfpenny Foodstore"),
        "stop": (f"{name} Parkway station", f"{name} coach station", "tram stop, Guildhall"), "green": ("Mill Meadows", "Rooksnest Wood", f"{name} Common"), "college": (f"{name} Academy", "St Piran's primary school", f"University of {name}"),
    }  # fmt: skip
    return Town(
        name,
        PHRASES,
        names,
        ("Sedgebank Close", "Osier Way", "Rookery Terrace", "Clos y Dderwen", "Medlar Drive"),
        SURNAMES,
        FORENAMES,
        ("TQ98", "PL94", "NP97", "ME93"),
    )


STOURMEAD = town(
    "Stourmead",
    "Fore Street|Guildhall Lane|Union Rd|Pinfold Hill|Wharf Approach",
    "Bar Meridian|The Ploughshare public house|Vibe nightclub|Crown & Cushion pub",
)
LLANFEDDW = town(
    "Llanfeddw",
    "Lôn Goch|Heol y Farchnad|Bridge Street|Rhodfa'r Môr",
    "Gwesty'r Afr bar|Tafarn y Plu|Clwb Rygbi Llanfeddw bar|Neon club",
)
BROCKHYTHE = town(
    "Brockhythe",
    "Quay Street|Cinder Lane|Ropery Walk|London Road",
    "The Anchor Wharf pub|Ferry Inn|Club Paragon|The Tap Room",
)
QUARRENDON = town(
    "Quarrendon",
    "Sheep Street|Buckingham Way|Kingsbury|Temple Row",
    "Saracens Head pub|The Works nightclub|Hobgoblin bar|Wine Vaults",
)

SHORT_YN = {"yes": words("1"), "no": words("0"), "unknown": words("9", "")}
ROUGH = [
    (24, exactly("%H%M")), (10, exactly("%H%M hours")), (8, exactly("{12}:%M %p")), (14, on_the_hour("{} ish")), (6, about("{} approx", "%H%M")), (5, about("about {}", "%H.%M")), (4, about("?{}", "%H%M")), (5, between("{0} - {1}")), (5, between("{0} to {1}", "%H.%M")),
    (4, part("late evening", "late evening")), (4, part("early hours", "early hrs")), (4, part("afternoon", "pm - afternoon")), (3, part("teatime", "tea time")), (30, the_midnight("12 midnight")), (30, twenty_four("2400")), (4, nothing("unsure")), (3, nothing("N/K")), (3, nothing("--")),
]  # fmt: skip


def cases(name: str, where: Town, first: date, days: int, n: int, **special: int) -> list[Case]:
    """The attendances of one delivery, by its own seed."""
    return make_cases(
        random.Random("aside " + name), where, first=first, days=days, n=n, special=special
    )


def aged(case: Case, shown: object) -> object:
    """An age column where the band is agreed."""
    if case.is_assault and case.truth["expect"] == "stored":
        case.truth["age_band"] = age_band(case.age)
    return shown


def labelled(**texts: str) -> dict[str, list[tuple[str, str]]]:
    """Wordings by code, several between semicolons."""
    return {
        code: words(*(text.strip() for text in choices.split(";")))
        for code, choices in texts.items()
    }


METHODS = labelled(
    body_part="Hands / feet;Punching;Kicking;Head butt;Biting", sharp_object="Stabbing implement;Bladed article", glass="Broken glass;Bottle", blunt_object="Blunt trauma - implement;Thrown object", firearm="Firearm / air weapon",
    strangulation="Non-fatal strangulation", corrosive_or_burn="Chemical attack;Scald/burn inflicted", vehicle="Struck by vehicle (deliberate)", sexual="Sexual violence", other="Any other means", unknown="Unspecified;",
)  # fmt: skip
PLACES = labelled(
    licensed_premises="Licensed - bar/club;Nightclub;Public house", street="Road / pavement;Highway", own_home="Normal residence;Usual place of residence", other_home="Other person's residence;Friend/relative home", food_or_shop="Retail premises;Fast food outlet",
    public_transport="Transport hub or vehicle", park_or_open_space="Recreation ground;Countryside / woodland", education="School/College/University", workplace="Place of employment", health_or_care="NHS premises;Residential care home", custody="Prison / police cell",
    other_public="Leisure facility;Public building", other="Elsewhere", unknown="Location not disclosed;",
)  # fmt: skip


def instants(folder: Path) -> None:
    """A warehouse export of one big system: tab separated, words run together."""
    rows = cases(
        "instants",
        STOURMEAD,
        date(2026, 3, 1),
        61,
        52,
        fall=2,
        rtc=2,
        self_harm=2,
        on=2,
        no_date=2,
        after_hours=2,
    )
    tell_all(rows, teller([(20, exactly("%H:%M:%S"))]))
    columns = [
        Column("PatEncCsn", ["event_id"], lambda c: serial_no(c, "30#########")),
        Column("PatMrnId", [], lambda c: serial_no(c, "E##########"), identifier=True),
        Column("PatName", [], lambda c: f"{surname(c).upper()},{forename(c).upper()}", identifier=True),
        Column("EdArrivalInstant", ["arrived_at"], arrival("%d-%b-%Y %H:%M:%S")),
        Column("InjuryEventInstant", WHEN, both_text("%d-%b-%Y {}")),
        Column("ChiefComplaint", ["(filter)"], not_assault(assault="ASSAULT VICTIM|ALLEGED ASSAULT", fall="FALL", rtc="ROAD TRAFFIC COLLISION", self_harm="DELIBERATE SELF-HARM", accident="MINOR INJURY")),
        Column("AssaultMeans", ["assault_method"], coded("assault_method", METHODS)),
        Column("SceneSetting", ["location_type"], coded("location_type", PLACES)),
        Column("SceneFreeText", ["location_text"], place_words),
        Column("EtohRelatedYn", ["alcohol"], coded("alcohol", {"yes": words("Y"), "no": words("N"), "unknown": words("")})),
        Column("SubstanceRelatedYn", ["drugs"], coded("drugs", {"yes": words("Y"), "no": words("N"), "unknown": words("")})),
        Column("EdDisposition", ["admitted"], coded("admitted", labelled(yes="Admit to inpatient;Admit - observation", no="Discharge;Left before seen;Eloped", unknown=""))),
        Column("PcpName", [], lambda c: "DR " + stranger(c).upper(), identifier=True),
    ]  # fmt: skip
    as_csv(
        Layout(
            "a01_instants.tsv",
            "stourmead_university",
            columns,
            rows,
            [
                "tab separated",
                "month names in dates",
                "skipped March hour",
                "assault after arrival",
                "names of patient and doctor",
            ],
            duplicates=2,
        ),
        folder,
        delimiter="\t",
    )


def stranger(case: Case) -> str:
    """Another person's name, planted."""
    name = str(case.memory.setdefault("other", stranger_name(case)))
    return plant(case, name, name.split(" ", 1)[1])


def reception(folder: Path) -> None:
    """A reception proforma: rough times, in Excel, title rows, a footer."""
    rows = cases(
        "reception",
        BROCKHYTHE,
        date(2025, 10, 10),
        60,
        50,
        back=2,
        back_late=1,
        no_date=2,
        sentinel=2,
    )
    move_to_midnight(rows, 4)
    tell_all(rows, teller(ROUGH))
    police = labelled(
        yes="Police on scene;Reported - log given;Yes, via 101",
        no="Not reported;Pt refuses police involvement;no police",
        unknown="Not discussed;",
    )
    who = labelled(
        stranger="Unknown to victim;Random attack",
        acquaintance="Acquaintance;Neighbour;Colleague ~ other",
        partner_or_ex="Current partner;Former partner;Spouse",
        family="Sibling;Parent or child",
        other="Security / door staff;Other",
        unknown="Refused to say;",
    )
    columns = [
        Column("Booked in", ["arrived_at"], arrival("%d.%m.%Y %H.%M")),
        Column("Day it happened", DAYS, day_text("%d.%m.%Y", "01.01.1900")),
        Column("Roughly what time", WHEN, time_text("unsure")),
        Column("Whereabouts (pub / street / area)", ["location_text"], place_words),
        Column("Kind of premises", ["location_type"], coded("location_type", PLACES)),
        Column("Injured by means of", ["assault_method"], coded("assault_method", METHODS)),
        Column("Perpetrator(s) - how many", ["assailants"], coded("assailants", labelled(**{"1": "1;single", "2": "2;pair", "3+": "3;4;>3;crowd", "unknown": "n/k;"}))),
        Column("Perpetrator is", ["relationship"], coded("relationship", who)),
        Column("Drink taken", ["alcohol"], coded("alcohol", labelled(yes="yes;had been drinking;intoxicated", no="no;sober", unknown="n/k;"))),
        Column("Domestic incident", ["domestic_abuse"], coded("domestic_abuse", labelled(yes="yes;Y", no="no;N", unknown="n/k;"))),
        Column("Police involvement", ["reported_to_police"], coded("reported_to_police", police)),
        Column("Initials of clerk", [], lambda c: c.rng.choice(("JB", "RT", "MO"))),
    ]  # fmt: skip
    titles = [
        ["Brockhythe Hospital Emergency Department", "", "", ""],
        ["Violence proforma returns", "", "Oct-Dec 2025"],
        [],
    ]
    layout = Layout(
        "a02_proforma.xlsx",
        "brockhythe_hospital",
        columns,
        rows,
        [
            "rough times",
            "dates with dots",
            "sentinel 01.01.1900",
            "repeated October hour",
            "title rows and a footer",
        ],
        header_row=4,
        blank_before=(17,),
        duplicates=1,
        last_rows=[[], ["Number of forms:", len(rows) + 1], ["Produced by the information team"]],
    )
    as_xlsx(layout, folder, sheet="Returns", titles=titles)


def numbered(folder: Path) -> None:
    """Codes glued to their words, semicolons, everything quoted."""
    rows = cases(
        "numbered",
        QUARRENDON,
        date(2026, 1, 15),
        70,
        48,
        sport=2,
        self_harm=2,
        accident=3,
        future=1,
    )
    tell_all(rows, teller([(20, exactly("%H.%M")), (2, nothing(""))]))

    def glued(
        labels: dict[str, list[tuple[str, str]]], width: int = 2
    ) -> dict[str, list[tuple[str, str]]]:
        return {
            code: [(f"{n:0{width}d} – {options[0][0]}" if options[0][0] else "", options[0][1])]
            for n, (code, options) in enumerate(labels.items(), 1)
        }

    columns = [
        Column("Episode", ["event_id"], lambda c: serial_no(c, "QR/26/#####")),
        Column("NHS", [], lambda c: nhs(c, spaced=True), identifier=True),
        Column("Yrs", ["age_band"], lambda c: aged(c, c.age)),
        Column("M/F", ["sex"], coded("sex", labelled(male="M", female="F", other="Indeterminate ~ unknown", unknown="Not specified"))),
        Column("Att. date", ["arrived_at"], arrival("%d/%m/%y")),
        Column("Att. time", ["arrived_at"], arrival("%H.%M")),
        Column("Inj. date", DAYS, day_text("%d/%m/%y")),
        Column("Inj. time", WHEN, time_text()),
        Column("Cause of injury", ["(filter)"], not_assault(assault="3 - Deliberate, by other person", sport="2 - Sporting", self_harm="4 - Deliberate, by self", accident="1 - Accidental")),
        Column("Implement", ["assault_method"], coded("assault_method", glued(METHODS))),
        Column("Setting", ["location_type"], coded("location_type", glued(PLACES))),
        Column("Setting (text)", ["location_text"], place_words),
        Column("Police", ["reported_to_police"], coded("reported_to_police", SHORT_YN)),
        Column("EtOH", ["alcohol"], coded("alcohol", SHORT_YN)),
        Column("Illicit", ["drugs"], coded("drugs", SHORT_YN)),
        Column("Gang", ["gang_related"], coded("gang_related", SHORT_YN)),
        Column("Seen by", [], lambda c: "Dr " + surname(c), identifier=True),
    ]  # fmt: skip
    layout = Layout(
        "a03_glued_codes.csv",
        "quarrendon_royal",
        columns,
        rows,
        [
            "number and word in one cell",
            "0, 1 and 9 for no, yes and not known",
            "two-digit years, times with a dot",
            "arrival in the future",
        ],
        agreed=("age_band", "sex"),
        value_maps={
            n: {"1": "yes", "0": "no", "9": "unknown"}
            for n in ("Police", "EtOH", "Illicit", "Gang")
        },
    )
    as_csv(layout, folder, encoding="cp1252", delimiter=";", quoting=1, newline="\n")


def out_of_hours(folder: Path) -> None:
    """An out-of-hours urgent care system: ISO stamps, narrative columns that must stay behind."""
    rows = cases("out-of-hours", BROCKHYTHE, date(2026, 6, 1), 75, 42, fall=2, rtc=1)
    tell_all(rows, teller([(20, exactly("%H:%M")), (2, nothing(""))]))

    def narrative(case: Case) -> str:
        name = stranger(case)
        return case.rng.choice(
            (
                f"Pt says {name} did it, call {phone(case)}",
                f"attended w/ {name}",
                "sutured, head injury advice",
            )
        )

    columns = [
        Column("case_no", ["event_id"], lambda c: serial_no(c, "OOH-#######")),
        Column("case_start_iso", ["arrived_at"], arrival("%Y-%m-%dT%H:%M")),
        Column("symptom_onset_date", DAYS, day_text("%Y%m%d")),
        Column("symptom_onset_time", WHEN, time_text()),
        Column("case_type", ["(filter)"], not_assault(assault="assault", fall="fall", rtc="rtc", accident="accident")),
        Column("weapon_or_means", ["assault_method"], coded("assault_method", {c: [(t.lower(), a) for t, a in o] for c, o in METHODS.items()})),
        Column("place_category", ["location_type"], coded("location_type", {c: [(t.lower(), a) for t, a in o] for c, o in PLACES.items()})),
        Column("place_notes", ["location_text"], place_words),
        Column("home_lat", [], lambda c: f"{51.2 + c.rng.random() / 20:.5f}", identifier=False),
        Column("home_lon", [], lambda c: f"{1.2 + c.rng.random() / 20:.5f}", identifier=False),
        Column("patient_postcode", [], postcode, identifier=True),
        Column("history", [], narrative, identifier=True),
        Column("outcome_code", ["admitted"], coded("admitted", labelled(yes="Sent to hospital - admitted", no="Case closed - self care;Referred own GP", unknown=""))),
    ]  # fmt: skip
    layout = Layout(
        "a04_out_of_hours.csv",
        "brockhythe_ooh",
        columns,
        rows,
        [
            "ISO stamps with a T",
            "eight-digit dates",
            "coordinates of the home",
            "names in the history",
        ],
        about={"source": "urgent_care"},
    )
    as_csv(layout, folder, delimiter="|", encoding="utf-8-sig")


def old_book(folder: Path) -> None:
    """An old workbook with true dates and a serial time; dates of birth agreed."""
    rows = cases("old-book", LLANFEDDW, date(2026, 4, 1), 60, 38, no_date=1, self_harm=2)
    tell_all(rows, teller([(20, exactly("%H:%M")), (2, nothing(""))]))

    def fraction(case: Case) -> object:
        text = str(time_text()(case))
        return (int(text[:2]) * 60 + int(text[3:])) / 1440 if text else ""

    intent = not_assault(
        assault="Intentional - inflicted by another",
        self_harm="Intentional - self inflicted",
        accident="Unintentional",
    )
    columns = [
        Column("Casenote", [], lambda c: serial_no(c, "@######"), identifier=True),
        Column("Born", ["age_band"], lambda c: aged(c, _born(c)), identifier=True, number_format="DD/MM/YYYY"),
        Column("Sex code", ["sex"], coded("sex", labelled(male="1", female="2", other="9 ~ unknown", unknown="0"))),
        Column("Registered", ["arrived_at"], lambda c: c.arrived, number_format="DD/MM/YYYY HH:MM"),
        Column("Intent", ["(filter)"], intent),
        Column("Occurred on", DAYS, lambda c: "" if c.kind == "no_date" else c.at.date(), number_format="DD-MMM-YY"),
        Column("Occurred at", WHEN, fraction, number_format="HH:MM"),
        Column("Mechanism", ["assault_method"], coded("assault_method", METHODS)),
        Column("Locus", ["location_type"], coded("location_type", PLACES)),
        Column("Locus detail", ["location_text"], place_words),
        Column("Ward (if adm)", ["admitted"], lambda c: ward(c)),
    ]  # fmt: skip
    layout = Layout(
        "a05_old_book.xls",
        "llanfeddw_general",
        columns,
        rows,
        [
            "old workbook with true dates",
            "intent tells the self-inflicted",
            "a ward's name where admitted",
        ],
        agreed=("age_band", "sex"),
    )
    as_xls(layout, folder, sheet="Casualty")


def _born(case: Case) -> date:
    dob(case, "%d/%m/%Y")
    return case.born


def ward(case: Case) -> str:
    """A ward's name where the patient was admitted; an empty cell leaves it open."""
    admitted = case.facts["admitted"] == "yes"
    if case.is_assault and admitted:
        case.truth["admitted"] = "yes"
    return case.rng.choice(("Ward 3", "SAU", "Ward Dyfi")) if admitted else ""


def attributes(folder: Path) -> None:
    """Records as attributes of XML."""
    rows = cases("attributes", STOURMEAD, date(2026, 7, 1), 45, 32, back=0)
    tell_all(rows, teller([(20, exactly("%H:%M:00"))]))
    columns = [
        Column("attended", ["arrived_at"], arrival("%Y-%m-%d %H:%M:00")),
        Column("assaulted", WHEN, both_text("%Y-%m-%d {}")),
        Column("weapon", ["assault_method"], coded("assault_method", METHODS)),
        Column("venueType", ["location_type"], coded("location_type", PLACES)),
        Column("venue", ["location_text"], place_words),
        Column("nhsNumber", [], nhs, identifier=True),
        Column("attackers", ["assailants"], coded("assailants", labelled(**{"1": "1", "2": "2", "3+": "3;5;6", "unknown": ""}))),
    ]  # fmt: skip
    as_xml(
        Layout(
            "a06_attributes.xml",
            "stourmead_community",
            columns,
            rows,
            ["records as XML attributes", "NHS numbers"],
            header_row=0,
        ),
        folder,
        root="violence-return",
        record="attendance",
        attributes=True,
    )


def stacked(folder: Path) -> None:
    """Two header rows, the place in three columns, true/false ticks; data behind two other sheets."""
    rows = cases("stacked", QUARRENDON, date(2026, 2, 10), 60, 40, after_day=1)
    tell_all(rows, teller([(20, exactly("%H:%M")), (3, about("est. {}")), (2, nothing("unk"))]))
    kinds = (
        ("Hands/feet", "body_part"),
        ("Blade", "sharp_object"),
        ("Bottle or glass", "glass"),
        ("Blunt implement", "blunt_object"),
        ("Throat/neck compression", "strangulation"),
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
                "strangulation",
                "unknown",
            )
        },
    )

    def flag(code: str):  # type: ignore[no-untyped-def]
        def cell(case: Case) -> bool:
            settle(case)
            return case.facts["assault_method"] == code

        return cell

    def piece(n: int):  # type: ignore[no-untyped-def]
        def cell(case: Case) -> str:
            parts = [p.strip() for p in place_words(case).split(",")]
            return ([*parts, "", ""])[n] if n < 2 else case.town.name

        return cell

    columns = [
        Column("Patient came to ED / On", ["arrived_at"], lambda c: c.arrived.date(), number_format="dd/mm/yyyy"),
        Column("Patient came to ED / At", ["arrived_at"], lambda c: c.arrived.time(), number_format="hh:mm"),
        Column("Violence occurred / On", DAYS, lambda c: delivered_at(c).date(), number_format="dd/mm/yyyy"),
        Column("Violence occurred / At", WHEN, time_text("unk")),
        *[Column(f"Means used / {label}", ["assault_method"], flag(code)) for label, code in kinds],
        Column("Scene / Category", ["location_type"], coded("location_type", PLACES)),
        Column("Scene / Premises or road", ["location_text"], piece(0)),
        Column("Scene / Locality", ["location_text"], piece(1)),
        Column("Scene / Town", ["location_text"], piece(2)),
        Column("Patient / Lives at", [], address, identifier=True),
        Column("Patient / Mobile", [], phone, identifier=True),
    ]  # fmt: skip
    groups = [
        "Patient came to ED",
        "",
        "Violence occurred",
        "",
        "Means used",
        *[""] * 4,
        "Scene",
        "",
        "",
        "",
        "Patient",
        "",
    ]
    people: list[list[object]] = [
        ["Surname", "Forename", "D.O.B."],
        *[[surname(c), forename(c), dob(c, "%d/%m/%Y")] for c in rows[:10]],
    ]
    layout = Layout(
        "a07_stacked.xlsx",
        "quarrendon_north",
        columns,
        rows,
        [
            "two header rows, merged",
            "true and false for each means",
            "place in three columns",
            "the patient's address beside the scene",
            "a hidden sheet",
        ],
        header_row=[1, 2],
        groups=groups,
    )
    as_xlsx(
        layout,
        folder,
        sheet="Extract",
        before=[
            ("Cover", [["Extract of violence records"], ["For the partnership analyst"]], False),
            ("lookup", people, True),
        ],
        merge=True,
    )


def cymraeg(folder: Path) -> None:
    """OpenDocument in both languages, other words."""
    rows = cases("cymraeg", LLANFEDDW, date(2025, 10, 1), 60, 38, back=2, no_date=1)
    tell_all(
        rows,
        teller(
            [
                (20, exactly("%H:%M")),
                (5, about("oddeutu {}")),
                (4, part("evening", "min nos")),
                (4, part("morning", "yn y bore")),
                (4, part("early hours", "oriau mân")),
                (3, nothing("ddim yn gwybod")),
            ]
        ),
    )
    methods = labelled(
        body_part="Dyrnu;Cicio;Penio;Corff yn unig",
        sharp_object="Cyllell neu lafn;Trywanu",
        glass="Potel / gwydr",
        blunt_object="Gwrthrych trwm;Bat pêl fas",
        firearm="Dryll",
        strangulation="Tagu neu fygu",
        corrosive_or_burn="Llosg / cemegyn",
        vehicle="Taro â char",
        sexual="Trais rhywiol",
        other="Dull arall",
        unknown="Heb ei gofnodi;",
    )
    places = labelled(
        licensed_premises="Tafarn neu glwb;Bar",
        street="Ar y stryd;Ffordd",
        own_home="Yn y cartref;Tŷ'r claf",
        other_home="Tŷ rhywun arall",
        food_or_shop="Siop neu fwyty",
        public_transport="Trafnidiaeth gyhoeddus",
        park_or_open_space="Parc neu draeth",
        education="Ysgol neu goleg",
        workplace="Man gwaith",
        health_or_care="Ysbyty neu gartref gofal",
        custody="Y ddalfa;Carchar",
        other_public="Adeilad cyhoeddus",
        other="Lle arall",
        unknown="Heb ei gofnodi;",
    )
    columns = [
        Column("Cofrestru / Booked", ["arrived_at"], lambda c: c.arrived),
        Column("Diwrnod y digwyddiad / Day", DAYS, lambda c: "" if c.kind == "no_date" else written_day(c).date()),
        Column("Faint o'r gloch / Time", WHEN, time_text("ddim yn gwybod")),
        Column("Sut / How", ["assault_method"], coded("assault_method", methods)),
        Column("Ble / Where", ["location_type"], coded("location_type", places)),
        Column("Enw'r lle / Name of place", ["location_text"], place_words),
        Column("Wedi yfed / Alcohol", ["alcohol"], coded("alcohol", labelled(yes="Oedd;Ie", no="Nac oedd;Na", unknown="?;"))),
        Column("Heddlu'n gwybod / Police aware", ["reported_to_police"], coded("reported_to_police", labelled(yes="Ydyn;Ydy", no="Nac ydyn;Nac ydy", unknown="?;"))),
        Column("Enw'r claf / Patient's name", [], lambda c: f"{forename(c)} {surname(c)}", identifier=True),
    ]  # fmt: skip
    as_ods(
        Layout(
            "a08_dwyieithog.ods",
            "llanfeddw_mau",
            columns,
            rows,
            [
                "bilingual headers, Welsh values",
                "true dates beside times in words",
                "patients' names",
                "repeated October hour",
            ],
        ),
        folder,
        sheet="Cofnodion",
        titles=(),
    )


def crew(folder: Path) -> None:
    """An ambulance trust: one stamp in digits, grid references without a space."""
    rows = cases("crew", STOURMEAD, date(2026, 5, 10), 55, 40, fall=2, self_harm=2)
    tell_all(rows, teller([(1, exactly("%H%M"))]))

    def grid(case: Case) -> str:
        east, north = coordinates(case, 412_000, 245_000)
        return f"SP{east % 100000 // 100:03d}{north % 100000 // 100:03d}"

    columns = [
        Column("INC_NUM", [], lambda c: serial_no(c, "7#######"), identifier=True),
        Column("T0_CALL_CONNECT", [], lambda c: on_the_way(c, 0.3).strftime("%Y%m%d%H%M")),
        Column("T5_AT_HOSPITAL", ["arrived_at"], arrival("%Y%m%d%H%M")),
        Column("INJ_OCCURRED", WHEN, both_text("%Y%m%d{}")),
        Column("EPCR_IMPRESSION", ["(filter)"], not_assault(assault="TRAUMA - ASSAULT|ASSAULT", fall="TRAUMA - FALL", self_harm="SELF HARM", accident="TRAUMA - OTHER")),
        Column("EPCR_MECH", ["assault_method"], coded("assault_method", {c: [(t.upper(), a) for t, a in o] for c, o in METHODS.items()})),
        Column("LOC_TYPE_DESC", ["location_type"], coded("location_type", {c: [(t.upper(), a) for t, a in o] for c, o in PLACES.items()})),
        Column("LOC_ADDR", ["location_text"], place_words),
        Column("LOC_GRIDREF", ["easting", "northing"], grid),
        Column("PT_ETOH", ["alcohol"], coded("alcohol", labelled(yes="T", no="F", unknown=""))),
        Column("POLICE_ON_SCENE", ["reported_to_police"], coded("reported_to_police", labelled(yes="T", no="F ~ unknown", unknown=""))),
        Column("CREW_PIN", [], lambda c: serial_no(c, "P#####"), identifier=True),
    ]  # fmt: skip
    as_csv(
        Layout(
            "a09_crew.csv",
            "vale_ambulance",
            columns,
            rows,
            ["stamps of twelve digits", "T and F", "grid references", "crew and incident numbers"],
            about={"source": "ambulance"},
        ),
        folder,
    )


def register(folder: Path) -> None:
    """A walk-in register: days only, no arrival, one column of words for the place."""
    rows = cases("register", QUARRENDON, date(2025, 11, 1), 170, 36)
    seen: set[date] = set()
    rows = [c for c in rows if not (c.at.date() in seen or seen.add(c.at.date()))]  # type: ignore[func-returns-value]
    tell_all(rows, only_day, arrivals=False)
    where = labelled(
        licensed_premises="Saracens Head pub;night club",
        street="Temple Row;in street",
        own_home="pt's house;own flat",
        other_home="at a friend's;someone elses house",
        food_or_shop="chip shop;Tesco",
        public_transport="on bus",
        park_or_open_space="playing fields;Quarrendon Common",
        education="school yard",
        workplace="work",
        unknown="n/k;",
    )
    how = labelled(
        body_part="punched in face;kicked;h-butted;bitten",
        sharp_object="stab wnd;cut w blade",
        glass="bottled",
        blunt_object="hit w stick;bat",
        strangulation="strangled",
        unknown="assault nos ~ other;nk",
    )
    columns = [
        Column("Wk comm", [], lambda c: (c.at - c.at.weekday() * DAY).strftime("%d-%m-%Y")),
        Column("Inc dt", DAYS, day_text("%d-%m-%Y")),
        Column("How inj", ["assault_method"], coded("assault_method", how)),
        Column("Where inj", ["location_type", "location_text"], coded("location_type", where)),
        Column("Inf pol", ["reported_to_police"], coded("reported_to_police", labelled(yes="y", no="n", unknown="?;"))),
        Column("Dom", ["domestic_abuse"], coded("domestic_abuse", labelled(yes="y", no="n", unknown="?;"))),
    ]  # fmt: skip
    as_csv(
        Layout(
            "a10_register.csv",
            "quarrendon_walk_in",
            columns,
            rows,
            ["days only, no arrival", "week commencing beside the day", "shorthand"],
            key="assault_from",
            about={"source": "urgent_care"},
        ),
        folder,
        delimiter="\t",
        encoding="utf-16",
    )


def aside_long(folder: Path) -> None:
    """Months as digits; numbers under ten suppressed."""
    labels = {
        "body_part": "Hands / feet",
        "sharp_object": "Bladed article",
        "glass": "Broken glass",
        "blunt_object": "Blunt implement",
        "unknown": "Unspecified",
    }
    places = ["Vibe nightclub", "Fore Street", "Wharf Approach"]
    counts = make_counts("aside long", months_of(2026, 5, 4), places, list(labels))
    lines: list[list[object]] = [["yyyymm", "hotspot", "means", "att"]]
    lines += [
        [month.strftime("%Y%m"), place, labels[method], shown(n, 10, "-")]
        for (month, place, method), n in counts.items()
        if n
    ]
    write_counts(
        folder, "a11_tally.csv", provider="stourmead_counts", save=plain(lines, ";"), truths=truth_rows(counts, below=10, keep_zero=False),
        mapping={"yyyymm": ["period_from", "period_to"], "hotspot": ["place_name"], "means": ["assault_method"], "att": ["n"]},
        traps=["months as six digits", "a dash for one to nine"], about={"format": "csv", "encoding": "utf-8", "delimiter": ";", "header_row": 1},
    )  # fmt: skip


def aside_wide(folder: Path) -> None:
    """A wide table with the dates of the period in two columns."""
    labels = {
        "body_part": "Punch/kick",
        "sharp_object": "Stabbing",
        "glass": "Glassing",
        "strangulation": "Strangulation",
        "unknown": "Means not known",
    }
    places = ["Temple Row", "Sheep Street", "The Works nightclub", "Kingsbury"]
    counts = make_counts("aside wide", months_of(2025, 7, 3), places, list(labels))
    lines: list[list[object]] = [["Start", "End", "Street or venue", *labels.values(), "Total"]]
    for month in months_of(2025, 7, 3):
        last = month.replace(day=calendar.monthrange(month.year, month.month)[1])
        for place in places:
            cells = [counts[month, place, method] for method in labels]
            lines.append([month, last, place, *(shown(n, 5, "1-4") for n in cells), sum(cells)])
    write_counts(
        folder, "a12_tally_wide.xlsx", provider="quarrendon_counts", save=book(lines, "Table 1"), truths=truth_rows(counts, below=5, keep_zero=True),
        mapping={"Start": ["period_from"], "End": ["period_to"], "Street or venue": ["place_name"], **{label: ["assault_method", "n"] for label in labels.values()}, "Total": []},
        traps=["a column for each method", "1-4 is suppressed", "true dates"], about={"format": "xlsx", "sheet": "Table 1", "header_row": 1},
    )  # fmt: skip


ALL = (
    instants,
    reception,
    numbered,
    out_of_hours,
    old_book,
    attributes,
    stacked,
    cymraeg,
    crew,
    register,
    aside_long,
    aside_wide,
)
