"""Made-up extracts of police forces, each with habits of its own, and what they should become.

Of each: column of the schema -> heading, and what its stored crimes must hold. References, names
and places are invented.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Extract(NamedTuple):
    """One file: its text, the mapping that it should get, and what its rows should become."""

    name: str
    text: str
    wanted: dict[str, str]
    crimes: list[dict[str, Any]]


NICHE = Extract(
    "niche.csv",
    "Occurrence Number,HO Code,HO Offence,Recorded Date,Committed From Date/Time,"
    "Committed To Date/Time,Location,Beat,Easting,Northing,Premises Type,Alcohol,Domestic Abuse,"
    "Knife Crime,NTE,Aggrieved Name,MO Text,OIC\n"
    "6225000001,8N,Assault with injury,02/03/2025 09:00,01/03/2025 23:10,01/03/2025 23:40,"
    "High Street,B1,318500,176500,Street,Y,N,N,Y,Zebedee Quill,punched outside the club by a man "
    "who then ran off towards the station,4411\n"
    "6225000002,105A,Common assault,02/03/2025 11:00,02/03/2025 02:00,02/03/2025 05:00,"
    "12 Mill Lane,B2,318600,176400,Dwelling,N,Y,,N,Edna Moss,argument in the kitchen over money "
    "and then he pushed her into the wall,4412\n"
    "6225000003,5D,Wounding with intent (S18),03/03/2025 10:00,01/03/2025 01:15,,Quay Parade,B1,"
    "319100,176200,Nightclub,Y,,Y,,Ivor Pell,glass smashed and used to his face in the smoking "
    "area after a row,4413\n",
    {
        "crime_reference": "Occurrence Number", "offence_code": "HO Code", "offence": "HO Offence",
        "committed_from": "Committed From Date/Time", "committed_to": "Committed To Date/Time",
        "place_name": "Location", "easting": "Easting", "northing": "Northing",
        "premises_type": "Premises Type", "alcohol": "Alcohol", "domestic_abuse": "Domestic Abuse",
        "knife": "Knife Crime", "night_time_economy": "NTE",
    },
    [
        {"offence_group": "violence_with_injury", "time_precision": "minute", "alcohol": "yes",
         "committed_from": "2025-03-01 23:10", "easting": 318500.0, "location_type": "not_home",
         "night_time_economy": "yes", "knife": "no"},
        {"offence_group": "violence_without_injury", "time_precision": "interval",
         "location_type": "home", "location_level": "withheld", "domestic_abuse": "yes",
         "knife": "unknown"},
        {"offence_group": "violence_with_injury", "time_precision": "minute", "knife": "yes",
         "committed_to": "2025-03-01 01:15"},
    ],
)  # fmt: skip

ATHENA = Extract(
    "athena.csv",
    "Investigation Ref;Crime Classification;Offence Start Date;Offence Start Time;Offence End Date;"
    "Offence End Time;Date Reported;Venue Name;Venue Type;Venue X;Venue Y;Qualifiers;Victim DOB;"
    "Circumstances\n"
    "42/00017/25;ASSAULT OCCASIONING ABH (S47);01-Mar-2025;22:45;01-Mar-2025;22:45;02-Mar-2025;"
    "The Anchor;Licensed Premises;318,500;176,500;Alcohol, NTE;"
    "01/02/1990;one punch\n"
    "42/00018/25;COMMON ASSAULT;02-Mar-2025;;03-Mar-2025;;04-Mar-2025;Mill Lane;Street;318,610;"
    "176,420;DA;03/04/1988;shoved\n"
    "42/00019/25;ROBBERY OF PERSONAL PROPERTY;03-Mar-2025;0130;03-Mar-2025;0145;04-Mar-2025;"
    "Quay Parade;Car Park;319,100;176,200;Knife, Alcohol;05/06/1977;phone taken\n",
    {
        "crime_reference": "Investigation Ref", "offence": "Crime Classification",
        "committed_from_date": "Offence Start Date", "committed_from_time": "Offence Start Time",
        "committed_to_date": "Offence End Date", "committed_to_time": "Offence End Time",
        "place_name": "Venue Name", "premises_type": "Venue Type", "easting": "Venue X",
        "northing": "Venue Y", "alcohol": "Qualifiers", "domestic_abuse": "Qualifiers",
        "knife": "Qualifiers", "night_time_economy": "Qualifiers",
    },
    [
        {"offence_group": "violence_with_injury", "committed_from": "2025-03-01 22:45",
         "alcohol": "yes", "night_time_economy": "yes", "knife": "unknown", "easting": 318500.0},
        {"offence_group": "violence_without_injury", "domestic_abuse": "yes", "alcohol": "unknown",
         "time_precision": "interval"},
        {"offence_group": "robbery", "knife": "yes", "committed_to": "2025-03-03 01:45"},
    ],
)  # fmt: skip

CONNECT = Extract(
    "connect.csv",
    "crime_no,ho_class,offence_title,committed_on_or_after,committed_on_or_before,reported_on,"
    "lat,long,location_type,street_name,weapon_used,da_flag,alcohol_related,victim_surname\n"
    "54/1/25,008/06,AOABH,2025-07-05T21:30:00Z,2025-07-05T21:50:00Z,2025-07-06T08:00:00Z,"
    "51.4801,-3.1770,On Street,High Street,Bottle,false,true,Quill\n"
    "54/2/25,010D,Article with blade or point,2025-07-06T00:10:00+01:00,,2025-07-06T08:00:00Z,"
    "51.4790,-3.1750,Railway Station,Station Road,Kitchen knife,false,unknown,Moss\n"
    "54/3/25,105/01,Common assault,2025-07-06T14:00:00Z,2025-07-06T14:00:00Z,2025-07-06T18:00:00Z,"
    "0,0,House,Mill Lane,None,true,,Pell\n",
    {
        "crime_reference": "crime_no", "offence_code": "ho_class", "offence": "offence_title",
        "committed_from": "committed_on_or_after", "committed_to": "committed_on_or_before",
        "latitude": "lat", "longitude": "long", "premises_type": "location_type",
        "place_name": "street_name", "knife": "weapon_used", "domestic_abuse": "da_flag",
        "alcohol": "alcohol_related",
    },
    [
        {"offence_group": "violence_with_injury", "committed_from": "2025-07-05 22:30",
         "knife": "no", "alcohol": "yes", "location_level": "coordinates"},
        {"offence_group": "weapons", "committed_from": "2025-07-06 00:10", "knife": "yes"},
        {"offence_group": "violence_without_injury", "location_type": "home", "knife": "no"},
    ],
)  # fmt: skip

GRID = Extract(
    "grid.csv",
    "CRN\tHOCR\tDate\tTime\tGrid Ref\tLocus\tLocus Type\tFlags\tIncident No\tNotes\n"
    "AB/25/1\t8N - Assault with injury\t05/04/2025\t23:55\tST 185 765\tHigh Street\tPub\t"
    "NTE; ALC\tLOG-88\tseen on camera\n"
    "AB/25/2\t34B - Robbery of personal property\t06/04/2025\t04:20\tST 191 762\tQuay Parade\t"
    "Footpath\t\tLOG-89\ttwo men\n"
    "AB/25/3\t1 - Murder\t06/04/2025\tunknown\t\tMill Lane\tFlat\tDOM\tLOG-90\tsee file\n",
    {
        "crime_reference": "CRN", "offence_code": "HOCR", "committed_from_date": "Date",
        "committed_from_time": "Time", "grid_reference": "Grid Ref", "place_name": "Locus",
        "premises_type": "Locus Type", "alcohol": "Flags", "domestic_abuse": "Flags",
        "knife": "Flags", "night_time_economy": "Flags",
    },
    [
        {"offence_group": "violence_with_injury", "committed_from": "2025-04-05 23:55",
         "easting": 318550.0, "northing": 176550.0, "alcohol": "yes", "knife": "unknown"},
        {"offence_group": "robbery", "alcohol": "unknown"},
        {"offence_group": "homicide", "time_precision": "date", "domestic_abuse": "yes",
         "location_level": "withheld"},
    ],
)  # fmt: skip

TUNED = (NICHE, ATHENA, CONNECT, GRID)
