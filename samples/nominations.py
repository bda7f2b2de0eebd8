"""The 266 nominations of the sample sheet.

The numbers are well formed and meant to be nobody's. A resident number keeps the code of the place where it was first
given, and 120116, the code of Binhai, has existed since 2009 only: none of the people here, all born before, can have
got it at birth. Their sequence numbers start at 900, as do those of the residence permits. Permanent residents come
from UTO, the state of ICAO's specimens, or from 999, a country code that ISO 3166 leaves to its users. Travel permits
are from the far end of their range, passports begin with XX000. Mobile numbers begin with 161, a series not known to
be in public use; the British ones are among those Ofcom keeps for drama.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from cards.talents import identity
from samples import city, evidence, names

T = TypeVar("T")

SEED = 266
FIRST_BIRTH = date(1951, 1, 1)
BIRTH_DAYS = (date(2003, 1, 1) - FIRST_BIRTH).days
MAINLAND_COUNT = 200
# 40 master craftsmen, as the city has.
MAINLAND_BASES = ["laboratory"] * 58 + ["craftsman"] * 40 + ["postdoc"] * 52 + ["tiankai"] * 50
COMPATRIOT_BASES = ["tiankai"] * 8 + ["overseas"] * 12
OVERSEAS_BASES = ["laboratory"] * 8 + ["overseas"] * 38
FOREIGN_KINDS = {identity.PASSPORT, identity.FOREIGN_PR_CARD}
LEGACY_RANKS = {40, 41, 42}
SPACED_RANK = 50
FULL_WIDTH_RANK = 60
RESIDENCE_PERMIT_RANKS = {0, 3, 6, 7, 10, 14}
RENEWED_PERMIT_RANK = 1
OLD_PERMIT_RANK = 11
REGION_CODES = {names.HONG_KONG: "810000", names.MACAO: "820000", names.TAIWAN: "830000"}
FIELDS = [
    "合成生物",
    "脑机接口",
    "集成电路",
    "高端装备",
    "新能源材料",
    "细胞治疗",
    "海洋工程",
    "自主计算",
    "现代中医药",
    "空天动力",
]
REASONS = {
    "laboratory": "长期从事{field}研究，主持海河实验室重点任务，成果已在本市转化。",
    "craftsman": "在{field}一线工作多年，技艺精湛，带徒传艺，获“海河工匠”称号（示例）。",
    "postdoc": "博士后在站期间围绕{field}开展研究，进展突出，拟留津工作。",
    "tiankai": "在天开园创办{field}企业，已带动就业，发展前景良好。",
    "overseas": "Recruited from overseas to lead work in this field: {field}。引进后全职在津工作。",
}


@dataclass(frozen=True)
class Nomination:
    """A row of the sheet; the fields are named as the importer names them."""

    name: str
    identity_kind: str
    identity_number: str
    nationality: str
    gender: str
    birth_date: date
    phone: str
    email: str
    address: str
    employer: str
    employer_code: str
    district: str
    basis: str
    tier: str
    reasons: str
    evidence: str


@dataclass(frozen=True)
class Person:
    """Who is nominated."""

    name: str
    kind: str
    number: str
    region: str
    gender: str
    born: date


class Chance:
    """Choices that are the same in every version of Python: only `random()` promises that."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def below(self, limit: int) -> int:
        return int(self._random.random() * limit)

    def pick(self, options: Sequence[T]) -> T:
        return options[self.below(len(options))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]

    def birth_date(self) -> date:
        return FIRST_BIRTH + timedelta(days=self.below(BIRTH_DAYS))


def make_nominations() -> list[Nomination]:
    """Return the nominations in the order of the sheet: the same ones each time."""
    chance = Chance(SEED)
    people = [*_with_bases(_mainland(chance), MAINLAND_BASES, chance)]
    people += _with_bases(_compatriots(chance), COMPATRIOT_BASES, chance)
    people += _with_bases(_overseas(chance), OVERSEAS_BASES, chance)
    rows = [nominate(person, basis, serial, chance) for serial, (person, basis) in enumerate(people, start=1)]
    return chance.shuffled(rows)


def nominate(person: Person, basis: str, serial: int, chance: Chance) -> Nomination:
    """Return a person's nomination on a basis, with an employer, a contact and evidence."""
    employer = chance.pick(city.EMPLOYERS[basis])
    tiers = city.TIERS_BY_BASIS[basis]
    tier = chance.pick(tiers + tiers[-1])
    return Nomination(
        name=person.name,
        identity_kind=person.kind,
        identity_number=person.number,
        nationality=person.region,
        gender=person.gender,
        birth_date=person.born,
        phone=_phone(person, serial),
        email=f"talent-{serial:03}@{'mail.example' if person.kind in FOREIGN_KINDS else 'example.com'}",
        address=_address(employer, serial, in_english=person.kind in FOREIGN_KINDS),
        employer=employer.name,
        employer_code=employer.code,
        district=employer.district,
        basis=basis,
        tier=tier,
        reasons=REASONS[basis].format(field=chance.pick(FIELDS)),
        evidence=evidence.JOINT if tier == "A" else evidence.BY_BASIS[basis],
    )


def resident_number(born: date, gender: str, rank: int, place: str = "120116") -> str:
    """Return a well-formed citizen number from the far end of the sequence numbers."""
    sequence = 900 + 2 * (rank % 50) + (gender == "male")
    body = f"{place}{born:%Y%m%d}{sequence}"
    return body + identity.check_character(body)


def _mainland(chance: Chance) -> Iterator[Person]:
    composed = []
    while len(names.UNUSUAL_MAINLAND) + len(composed) < MAINLAND_COUNT:
        gender = chance.pick(["female", "male"])
        composed.append((chance.pick(names.SURNAMES) + chance.pick(names.GIVEN_NAMES[gender]), gender))
    for rank, (name, gender) in enumerate([*names.UNUSUAL_MAINLAND, *composed]):
        born = chance.birth_date()
        number = _as_typed(resident_number(born, gender, rank), rank)
        yield Person(name, identity.RESIDENT_ID, number, names.CHINA, gender, born)


def _as_typed(number: str, rank: int) -> str:
    # People type numbers as they like: the sheet has one of each habit, and the registry one spelling.
    if rank in LEGACY_RANKS and number[6:8] == "19":
        return number[:6] + number[8:17]
    if rank == SPACED_RANK:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if rank == FULL_WIDTH_RANK:
        return "".join(chr(ord(char) + 0xFEE0) for char in number)
    return number.lower() if rank % 2 else number


def _compatriots(chance: Chance) -> Iterator[Person]:
    for rank, (name, gender, region) in enumerate(names.COMPATRIOTS):
        born = chance.birth_date()
        if rank in RESIDENCE_PERMIT_RANKS:
            number = resident_number(born, gender, rank, REGION_CODES[region])
            yield Person(name, identity.RESIDENCE_PERMIT, number, region, gender, born)
        elif region == names.TAIWAN:
            # The permits before 2008 went on with renewals and the issuing office.
            number = f"9999{rank:04}" + ("02(B)" if rank == OLD_PERMIT_RANK else "")
            yield Person(name, identity.TAIWAN_PERMIT, number, region, gender, born)
        else:
            letter = "M" if region == names.MACAO else "H"
            number = f"{letter}9999{rank:04}" + ("03" if rank == RENEWED_PERMIT_RANK else "")
            yield Person(name, identity.HK_MACAU_PERMIT, number, region, gender, born)


def _overseas(chance: Chance) -> Iterator[Person]:
    for rank, (name, gender, region) in enumerate(names.OVERSEAS):
        born = chance.birth_date()
        if rank % 3:
            yield Person(name, identity.PASSPORT, f"XX000{rank:04}", region, gender, born)
        elif rank % 2:
            number = f"UTO1201{born:%y%m%d}{rank:02}"
            yield Person(name, identity.FOREIGN_PR_CARD, number, region, gender, born)
        else:
            body = f"912999{born:%Y%m%d}{rank:03}"
            number = body + identity.check_character(body)
            yield Person(name, identity.FOREIGN_PR_CARD, number, region, gender, born)


def _with_bases(people: Iterator[Person], bases: list[str], chance: Chance) -> list[tuple[Person, str]]:
    return list(zip(people, chance.shuffled(bases), strict=True))


def _phone(person: Person, serial: int) -> str:
    if person.kind == identity.PASSPORT and serial % 3 == 0:
        return f"+44 7700 900{serial:03}"
    return f"161{serial:08}"


def _address(employer: city.Employer, serial: int, *, in_english: bool) -> str:
    house, room = serial % 60 + 1, 101 + serial % 20 * 100
    district_zh, district_en = city.DISTRICTS[employer.district]
    if in_english:
        return f"Room {room}, 示例路 {house} Shili Road, {district_en}, Tianjin"
    return f"天津市{district_zh}示例路{house}号海棠公寓{serial % 9 + 1}号楼{room}室"
