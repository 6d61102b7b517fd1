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

# The extracts below were written after the mapping had been tuned on those above.

VIEWS = Extract(
    "views.csv",
    "RowNumber|CrimeNumber|CrimedDate|HomeOfficeCode|HomeOfficeDescription|CommittedDateFrom|"
    "CommittedTimeFrom|CommittedDateTo|CommittedTimeTo|LocationName|LocationTypeDescription|"
    "GridRefEast|GridRefNorth|AlcoholRelatedFlag|DomesticFlag|NTEFlag|KnifeFlag|ReportingPerson\n"
    "1|CR/2025/0101|2025-05-04|00806|Assault occasioning actual bodily harm|2025-05-03|23:30:00|"
    "2025-05-03|23:45:00|Quay Parade|Public house|319100|176200|1|0|1|0|Zebedee Quill\n"
    "2|CR/2025/0102|2025-05-04|10501|Common assault and battery|2025-05-04|02:15:00|||Mill Lane|"
    "Footway|318600|176400|0|0|0|0|Edna Moss\n"
    "3|CR/2025/0103|2025-05-05|03401|Robbery|2025-05-04|21:00:00|2025-05-04|22:30:00|High Street|"
    "Bus stop|318500|176500|||||Ivor Pell\n",
    {
        "crime_reference": "CrimeNumber", "offence_code": "HomeOfficeCode",
        "offence": "HomeOfficeDescription", "committed_from_date": "CommittedDateFrom",
        "committed_from_time": "CommittedTimeFrom", "committed_to_date": "CommittedDateTo",
        "committed_to_time": "CommittedTimeTo", "place_name": "LocationName",
        "premises_type": "LocationTypeDescription", "easting": "GridRefEast",
        "northing": "GridRefNorth", "alcohol": "AlcoholRelatedFlag",
        "domestic_abuse": "DomesticFlag", "night_time_economy": "NTEFlag", "knife": "KnifeFlag",
    },
    [
        {"offence_group": "violence_with_injury", "committed_from": "2025-05-03 23:30",
         "alcohol": "yes", "domestic_abuse": "no", "easting": 319100.0},
        {"offence_group": "violence_without_injury", "location_type": "not_home",
         "time_precision": "minute"},
        {"offence_group": "robbery", "time_precision": "interval", "alcohol": "unknown"},
    ],
)  # fmt: skip

ANALYST = Extract(
    "analyst.csv",
    "Ref,Offence,Earliest Date & Time,Latest Date & Time,Street,Premise,Lat,Lng,DV?,Drink?,Weapon,"
    "IP Name,IP Age,OIC Name,Brief MO\n"
    "A1,GBH s20,Sat 05/07/2025 01:20,Sat 05/07/2025 01:25,High Street,Nightclub,51.4800,-3.1760,No,"
    "Yes,Glass,Zebedee Quill,23,PC Pell,hit over the head in the queue outside as he waited there\n"
    "A2,Assault by beating,Sat 05/07/2025 03:00,Sat 05/07/2025 08:00,Mill Lane,Flat,51.4795,"
    "-3.1755,Yes,Not known,Hands,Edna Moss,31,PC Pell,slapped by her partner when he came home\n"
    "A3,Poss of knife,Sun 06/07/2025 16:40,Sun 06/07/2025 16:40,Quay Parade,Park,51.4779,-3.1690,"
    "No,No,Lock knife,,,PC Moss,found on search near the bandstand by the officers on patrol\n",
    {
        "crime_reference": "Ref", "offence": "Offence", "committed_from": "Earliest Date & Time",
        "committed_to": "Latest Date & Time", "place_name": "Street", "premises_type": "Premise",
        "latitude": "Lat", "longitude": "Lng", "domestic_abuse": "DV?", "alcohol": "Drink?",
        "knife": "Weapon",
    },
    [
        {"offence_group": "violence_with_injury", "committed_from": "2025-07-05 01:20",
         "alcohol": "yes", "knife": "no", "domestic_abuse": "no"},
        {"offence_group": "violence_without_injury", "location_type": "home",
         "alcohol": "unknown", "time_precision": "interval"},
        {"offence_group": "weapons", "knife": "yes", "location_level": "coordinates"},
    ],
)  # fmt: skip

WAREHOUSE = Extract(
    "warehouse.csv",
    "OCC_ID,OCC_HO_CLASS_CD,OCC_STATS_CLASS_DESC,OCC_START_TS,OCC_END_TS,OCC_RPT_TS,LOC_X_COORD,"
    "LOC_Y_COORD,LOC_PREMISES_TYP_DESC,LOC_FULL_ADDR,LOC_STREET_NM,QUALIFIER_LIST,VIC_DOB,"
    "LSOA21CD\n"
    "900001,105A,Assault without injury,2025-08-01 18:00:00.000,2025-08-01 18:10:00.000,"
    "2025-08-01 19:00:00.000,\"318,700.00\",\"176,300.00\",SHOP,\"4 High Street, Marford\","
    "High Street,\"ALCOHOL RELATED,NIGHT TIME ECONOMY\",1990-01-01,W01000001\n"
    "900002,5D,Wounding/GBH with intent,2025-08-02 23:50:00.000,2025-08-03 00:20:00.000,"
    "2025-08-03 01:00:00.000,\"319,300.00\",\"176,100.00\",STREET,\"Quay Parade, Marford\","
    "Quay Parade,\"KNIFE ENABLED\",1991-01-01,W01000002\n"
    "900003,8L,Harassment,2025-08-01 00:00:00.000,2025-08-31 00:00:00.000,2025-09-01 01:00:00.000,"
    ",,DWELLING,\"9 Mill Lane, Marford\",Mill Lane,\"DOMESTIC ABUSE\",1992-01-01,W01000001\n",
    {
        "crime_reference": "OCC_ID", "offence_code": "OCC_HO_CLASS_CD",
        "offence": "OCC_STATS_CLASS_DESC", "committed_from": "OCC_START_TS",
        "committed_to": "OCC_END_TS", "easting": "LOC_X_COORD", "northing": "LOC_Y_COORD",
        "premises_type": "LOC_PREMISES_TYP_DESC", "place_name": "LOC_STREET_NM",
        "lsoa": "LSOA21CD", "alcohol": "QUALIFIER_LIST", "domestic_abuse": "QUALIFIER_LIST",
        "knife": "QUALIFIER_LIST", "night_time_economy": "QUALIFIER_LIST",
    },
    [
        {"offence_group": "violence_without_injury", "alcohol": "yes",
         "night_time_economy": "yes", "domestic_abuse": "unknown", "easting": 318700.0},
        {"offence_group": "violence_with_injury", "committed_to": "2025-08-03 00:20",
         "knife": "yes", "lsoa": "W01000002"},
        {"offence_group": "violence_without_injury", "location_level": "withheld",
         "time_precision": "interval", "domestic_abuse": "yes"},
    ],
)  # fmt: skip

SHORT = Extract(
    "short.csv",
    "Crime Ref No,Crime,Date Committed,Time Committed,OS Grid Ref,Venue,Victim,Aggrieved Age\n"
    "1/25,ABH,12/09/2025,0115,ST18507650,Rail Taproom,Zebedee Quill,44\n"
    "2/25,Affray,13/09/2025,2330,ST19107620,Quay Parade,Edna Moss,20\n"
    "3/25,Rape,14/09/2025,,ST19107620,Quay Parade,Ivor Pell,19\n",
    {
        "crime_reference": "Crime Ref No", "offence": "Crime",
        "committed_from_date": "Date Committed", "committed_from_time": "Time Committed",
        "grid_reference": "OS Grid Ref", "place_name": "Venue",
    },
    [
        {"offence_group": "violence_with_injury", "committed_from": "2025-09-12 01:15",
         "easting": 318505.0},
        {"offence_group": "public_order", "time_precision": "minute"},
        {"offence_group": "sexual", "time_precision": "date", "alcohol": "unknown"},
    ],
)  # fmt: skip

# Written last of all, after what the four above had shown was mended.
DOTS = Extract(
    "dots.csv",
    "Crime_Ref;Class_Code;Class_Desc;First_Date;First_Time;Last_Date;Last_Time;Rec_Date;East;North;"
    "Scene;Scene_Type;Tags;Suspect_Name;Summary\n"
    "B/1001/25;8N;Assault with injury;11.10.2025;22.05;11.10.2025;22.20;12.10.2025;318520;176480;"
    "The Anchor;Licensed premises;ALC/NTE;Zebedee Quill;short fight at the bar of two men known to "
    "each other before police came\n"
    "B/1002/25;105A;Assault without injury;12.10.2025;01.40;;;12.10.2025;318620;176380;High Street;"
    "Taxi rank;;Ivor Pell;push in the queue with no injury seen and the driver called at once\n"
    "B/1003/25;19C;Rape of female 16+;12.10.2025;;13.10.2025;;14.10.2025;;;Mill Lane;"
    "Private dwelling;DA;Edna Moss;enquiry by specialist officers so nothing more is written\n",
    {
        "crime_reference": "Crime_Ref", "offence_code": "Class_Code", "offence": "Class_Desc",
        "committed_from_date": "First_Date", "committed_from_time": "First_Time",
        "committed_to_date": "Last_Date", "committed_to_time": "Last_Time", "easting": "East",
        "northing": "North", "place_name": "Scene", "premises_type": "Scene_Type",
        "alcohol": "Tags", "domestic_abuse": "Tags", "knife": "Tags", "night_time_economy": "Tags",
    },
    [
        {"offence_group": "violence_with_injury", "committed_from": "2025-10-11 22:05",
         "alcohol": "yes", "night_time_economy": "yes"},
        {"offence_group": "violence_without_injury", "location_type": "not_home",
         "time_precision": "minute"},
        {"offence_group": "sexual", "location_type": "home", "domestic_abuse": "yes"},
    ],
)  # fmt: skip

PLAIN = Extract(
    "plain.csv",
    "id,what,when from,when to,lat,lon,place,kind of place,weapon?,alcohol?,DA?\n"
    "77-1,common assault,3/11/25 18:30,3/11/25 18:45,51.4800,-3.1760,High Street,street,none,n,n\n"
    "77-2,GBH,4/11/25 00:30,,51.4790,-3.1700,Quay Parade,nightclub,machete,y,n\n",
    {
        "crime_reference": "id", "offence": "what", "committed_from": "when from",
        "committed_to": "when to", "latitude": "lat", "longitude": "lon", "place_name": "place",
        "premises_type": "kind of place", "knife": "weapon?", "alcohol": "alcohol?",
        "domestic_abuse": "DA?",
    },
    [
        {"offence_group": "violence_without_injury", "committed_from": "2025-11-03 18:30",
         "knife": "no"},
        {"offence_group": "violence_with_injury", "knife": "yes", "alcohol": "yes"},
    ],
)  # fmt: skip

HELD_OUT = (VIEWS, ANALYST, WAREHOUSE, SHORT, DOTS, PLAIN)
