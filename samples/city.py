"""The sample city: districts, bases, tiers and employers. None of it is policy, and no employer here exists."""

import string
from dataclasses import dataclass

DISTRICTS = {
    "heping": ("和平区", "Heping"),
    "hexi": ("河西区", "Hexi"),
    "nankai": ("南开区", "Nankai"),
    "binhai": ("滨海新区", "Binhai New Area"),
    "tiankai": ("天开高教科创园", "Tiankai park"),
}
BASES = {
    "laboratory": ("海河实验室", "Haihe laboratory"),
    "craftsman": ("海河工匠", "Haihe craftsman"),
    "postdoc": ("博士后项目", "Postdoctoral programme"),
    "tiankai": ("天开园创业", "Founder in the Tiankai park"),
    "overseas": ("海外引进", "Recruited from overseas"),
}
TIERS = {
    "A": ("顶尖人才", "Top"),
    "B": ("领军人才", "Leading"),
    "C": ("青年拔尖人才", "Outstanding young"),
}
# The tiers that the rows ask for on each basis.
TIERS_BY_BASIS = {
    "laboratory": "AB",
    "craftsman": "BC",
    "postdoc": "C",
    "tiankai": "BC",
    "overseas": "ABC",
}
PLACE_CODES = {"heping": "120101", "hexi": "120103", "nankai": "120104", "binhai": "120116", "tiankai": "120104"}

_BODY_ALPHABET = string.digits + string.ascii_uppercase
# GB 32100 leaves out letters that look like digits.
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def body_check_character(subject: str) -> str:
    """Return the check character of an organisation code's eight characters (GB 11714)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * _BODY_ALPHABET.index(char) for weight, char in zip(weights, subject, strict=True))
    return "0123456789X"[-total % 11]


def credit_check_character(body: str) -> str:
    """Return the last character of a unified social credit code from its first seventeen (GB 32100-2015)."""
    total = sum(pow(3, position, 31) * _CREDIT_ALPHABET.index(char) for position, char in enumerate(body))
    return _CREDIT_ALPHABET[-total % 31]


def credit_code(*, nature: str, district: str, serial: int) -> str:
    """Return a well-formed credit code meant to be nobody's: its organisation code begins with YY."""
    subject = f"YY{serial:06}"
    body = f"{nature}{PLACE_CODES[district]}{subject}{body_check_character(subject)}"
    return body + credit_check_character(body)


@dataclass(frozen=True)
class Employer:
    """An employer that does not exist (示例: for example)."""

    name: str
    district: str
    code: str


ENTERPRISE = "91"
INSTITUTION = "12"
_EMPLOYERS = {
    "laboratory": [
        ("海河示例实验室合成生物中心", "binhai", INSTITUTION),
        ("海河示例实验室物质绿色创造中心", "nankai", INSTITUTION),
        ("海河示例实验室先进计算中心", "binhai", INSTITUTION),
        ("海河示例实验室细胞生态中心", "heping", INSTITUTION),
        ("海河示例实验室现代中医药中心", "hexi", INSTITUTION),
    ],
    "craftsman": [
        ("天津海棠湾示例重型装备有限公司", "binhai", ENTERPRISE),
        ("天津津沽示例精密焊接有限公司", "binhai", ENTERPRISE),
        ("天津五大道示例古建修缮有限公司", "heping", ENTERPRISE),
        ("天津三岔口示例钟表制造有限公司", "hexi", ENTERPRISE),
    ],
    "postdoc": [
        ("示例大学博士后科研流动站", "nankai", INSTITUTION),
        ("示例肿瘤医院博士后科研工作站", "hexi", INSTITUTION),
        ("天津示例新药研发有限公司博士后科研工作站", "binhai", ENTERPRISE),
    ],
    "tiankai": [
        ("天开示例机器人（天津）有限公司", "tiankai", ENTERPRISE),
        ("天开示例脑机接口科技有限公司", "tiankai", ENTERPRISE),
        ("天开示例微纳光学有限公司", "tiankai", ENTERPRISE),
        ("天开示例种业生物科技有限公司", "tiankai", ENTERPRISE),
    ],
    "overseas": [
        ("天津东疆示例航空租赁有限公司", "binhai", ENTERPRISE),
        ("示例大学国际联合研究院", "nankai", INSTITUTION),
        ("天津示例国际医院", "hexi", INSTITUTION),
        ("天津滨海示例集成电路设计有限公司", "binhai", ENTERPRISE),
    ],
}


def _found_employers() -> dict[str, list[Employer]]:
    founded: dict[str, list[Employer]] = {}
    serial = 0
    for basis, rows in _EMPLOYERS.items():
        founded[basis] = []
        for name, district, nature in rows:
            serial += 1
            code = credit_code(nature=nature, district=district, serial=serial)
            founded[basis].append(Employer(name, district, code))
    return founded


EMPLOYERS = _found_employers()
