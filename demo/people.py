"""Made-up people of the journey. Their numbers are valid in form, and such as no office has given out.

Their district codes were not in use when these people were born: 120116 came in 2009, when 120107 was given up.
"""

import datetime as dt
from typing import Any

from cards.talents.identity import check_character


def _resident_number(district: str, born: dt.date, sequence: int) -> str:
    body = f"{district}{born:%Y%m%d}{sequence:03d}"
    return body + check_character(body)


_BORN = dt.date(1992, 5, 17)
_NEXT_BORN = dt.date(1988, 9, 3)
_THIS_YEAR = dt.datetime.now(dt.UTC).year
_CHILD_BORN = dt.date(_THIS_YEAR - 6, 10, 1)

NOMINEE: dict[str, Any] = {
    "name": "林晓海",
    "identity_kind": "resident_id",
    "identity_number": _resident_number("120116", _BORN, 992),
    "birth_date": _BORN.isoformat(),
    "nationality": "中国 China",
    "phone": "16100000001",
    "email": "lin.xiaohai@example.com",
    "address": "滨海新区示例路1号",
    "employer_name": "海河实验室（示例）",
}
NEXT_NOMINEE: dict[str, Any] = {
    **NOMINEE,
    "name": "欧阳行舟",
    "identity_number": _resident_number("120116", _NEXT_BORN, 996),
    "birth_date": _NEXT_BORN.isoformat(),
    "phone": "16100000002",
    "email": "ouyang.xingzhou@example.com",
    "address": "滨海新区示例路2号",
}
# On the sample list of academicians.
ACADEMICIANS: list[dict[str, str]] = [
    {"name": "沈怀远", "identity_number": _resident_number("120116", dt.date(1951, 4, 8), 990)},
    {"name": "顾明川", "identity_number": _resident_number("120116", dt.date(1956, 11, 2), 991)},
    {"name": "贺若琳", "identity_number": _resident_number("120116", dt.date(1960, 6, 21), 992)},
]
CHILD: dict[str, Any] = {
    "name": "林小满",
    "birth_date": _CHILD_BORN.isoformat(),
    "identity_kind": "resident_id",
    "identity_number": _resident_number("120107", _CHILD_BORN, 994),
}
