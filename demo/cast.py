"""Who plays in the demonstration. All of them, and all their data, are made up."""

from dataclasses import dataclass

PASSWORD = "haihe-demo-2026"
PARTNER_CLIENT_ID = "demo-airport"
PARTNER_CLIENT_SECRET = "demo-airport-secret"


@dataclass(frozen=True)
class Player:
    """A person who signs in."""

    username: str
    name: str
    plays: str


NOMINATOR = Player("nominator", "周岚", "nominator at Haihe Laboratory 举荐单位")
CLERK = Player("clerk", "何窗", "window clerk, Binhai: files for nominators 窗口代办")
PRELIMINARY = Player("preliminary", "吴江", "preliminary reviewer, all districts 初审")
SECOND = Player("second", "郑海", "second reviewer, municipal bureau 复核")
ISSUER = Player("issuer", "孙卡", "issuer, municipal bureau 发卡")
SECOND_ISSUER = Player("issuer2", "李验", "second issuer: confirms direct issues 发卡复核")
HEAD = Player("head", "蒋首", "head of the bureau's office 负责人")
SCHOOLING = Player("schooling", "钱学", "perk officer, schooling 子女入学经办")
AIRPORT = Player("airport", "冯港", "desk clerk, Binhai Airport 机场核验")
SCHOOL = Player("school", "陈校", "desk clerk, Haihe Primary School 学校核验")
AUDITOR = Player("auditor", "褚查", "auditor 审计")
ADMINISTRATOR = Player("administrator", "卫管", "administrator 管理员 (/admin/)")

STAFF = (
    NOMINATOR,
    CLERK,
    PRELIMINARY,
    SECOND,
    HEAD,
    ISSUER,
    SECOND_ISSUER,
    SCHOOLING,
    AIRPORT,
    SCHOOL,
    AUDITOR,
    ADMINISTRATOR,
)
