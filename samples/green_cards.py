"""Thirty legacy Green Cards 绿卡 of people who do not exist."""

from collections.abc import Iterator
from datetime import date, timedelta

from cards.talents import identity
from samples import city, names
from samples.nominations import Chance, resident_number

SEED = 2017
COUNT = 30
# Every sixth holder came from abroad.
ABROAD_EVERY = 6
# Not the district of the nominations' sample: nobody stands in both.
PLACE = "120103"
LAST_DAYS = (date(2031, 6, 30), 360)
Row = dict[str, object]


def make_green_cards() -> Iterator[Row]:
    """Yield the rows in the order of the sheet: the same ones each time."""
    chance = Chance(SEED)
    for rank in range(COUNT):
        gender = chance.pick(["female", "male"])
        born = chance.birth_date()
        name = chance.pick(names.SURNAMES) + chance.pick(names.GIVEN_NAMES[gender])
        person: Row = {
            "name": name,
            "identity_kind": identity.RESIDENT_ID,
            "identity_number": resident_number(born, gender, rank, PLACE),
            "nationality": names.CHINA,
        }
        if rank % ABROAD_EVERY == ABROAD_EVERY - 1:
            name, gender, region = names.OVERSEAS[rank]
            number = f"XY000{rank:04}"
            person = {
                "name": name,
                "identity_kind": identity.PASSPORT,
                "identity_number": number,
                "nationality": region,
            }
        employer = chance.pick(city.EMPLOYERS[chance.pick(sorted(city.EMPLOYERS))])
        yield {
            **person,
            "green_card": f"LK-{2018 + rank % 5}-{rank + 1:05}",
            "gender": gender,
            "birth_date": born,
            "phone": f"162{rank:08}",
            "email": f"green-{rank + 1:02}@example.com",
            "employer": employer.name,
            "employer_code": employer.code,
            "district": employer.district,
            "tier": chance.pick("BCC"),
            "valid_until": LAST_DAYS[0] + timedelta(days=chance.below(LAST_DAYS[1])),
        }
