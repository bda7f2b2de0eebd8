"""What to say about a verdict, in Chinese and in English: the same words on every page, desk and device."""

from dataclasses import dataclass

from talentcard_verifier.statuslist import Grade
from talentcard_verifier.verdict import Outcome, Reason


@dataclass(frozen=True)
class Text:
    """One sentence in both languages."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the Chinese words for any `zh…` language code, else the English ones."""
        return self.zh if language.lower().startswith("zh") else self.en


@dataclass(frozen=True)
class Explanation:
    """What was found, and what the person at the desk does now."""

    finding: Text
    advice: Text


OUTCOMES = {
    Outcome.GREEN: Text("有效", "Valid"),
    Outcome.AMBER: Text("待确认", "Not confirmed"),
    Outcome.RED: Text("无效", "Not valid"),
}

GRADES = {
    Grade.LIVE: Text("联网核验", "checked online"),
    Grade.OFFLINE_FRESH: Text("离线核验，状态名单较新", "checked offline, list is fresh"),
    Grade.OFFLINE_STALE: Text("离线核验，状态名单较旧", "checked offline, list is old"),
}

REASONS = {
    Reason.VALID: Explanation(
        Text("该卡有效。", "The card is valid."),
        Text("请核对姓名与持卡人身份。", "Compare the name with the person in front of you."),
    ),
    Reason.UNREADABLE: Explanation(
        Text("无法识别此码。", "This is not a readable code."),
        Text(
            "请擦净屏幕或卡面后重新扫描；仍无法识别的，请勿受理。",
            "Clean the screen or card and scan again; if it stays so, do not accept it.",
        ),
    ),
    Reason.UNSUPPORTED_VERSION: Explanation(
        Text("此码的版本高于本设备所支持的版本。", "The code is of a version that this device cannot read."),
        Text("请更新核验程序，或改用联网核验。", "Update the checking program, or check online."),
    ),
    Reason.UNKNOWN_KEY: Explanation(
        Text("本设备没有签发此码的公钥。", "This device does not have the key that signed the code."),
        Text(
            "请更新公钥后重试；仍无法识别的，此码并非发卡机构签发。",
            "Update the keys and try again; if it stays so, the code is not the issuer's.",
        ),
    ),
    Reason.BAD_SIGNATURE: Explanation(
        Text("签名不符，此码系伪造或被篡改。", "The signature is wrong: the code is forged or was changed."),
        Text("请勿受理，并报告发卡机构。", "Do not accept it, and report it to the issuer."),
    ),
    Reason.KEY_NOT_ALLOWED: Explanation(
        Text("签名密钥在签发之日无权签发此码。", "The key was not entitled to sign this code on that day."),
        Text("请勿受理，并报告发卡机构。", "Do not accept it, and report it to the issuer."),
    ),
    Reason.NOT_YET_VALID: Explanation(
        Text("此码的签发时间晚于当前时间。", "The code was issued later than now."),
        Text("请检查本设备的时钟。", "Check this device's clock."),
    ),
    Reason.EXPIRED: Explanation(
        Text("该卡已过期。", "The card has expired."),
        Text("请持卡人办理续期。", "Ask the holder to renew it."),
    ),
    Reason.REVOKED: Explanation(
        Text("该卡已被撤销。", "The card was revoked."),
        Text("请勿受理。", "Do not accept it."),
    ),
    Reason.SUSPENDED: Explanation(
        Text("该卡已暂停使用或已挂失。", "The card is suspended or reported lost."),
        Text("请勿受理；持卡人可向发卡机构查询。", "Do not accept it; the holder may ask the issuer."),
    ),
    Reason.SUPERSEDED: Explanation(
        Text("该卡已换发，此码不再使用。", "The card was reissued; this code is no longer used."),
        Text("请持卡人出示新卡。", "Ask the holder for the new card."),
    ),
    Reason.STATUS_OUT_OF_RANGE: Explanation(
        Text("状态名单中没有此码。", "The status list has no place for this code."),
        Text("请勿受理，并报告发卡机构。", "Do not accept it, and report it to the issuer."),
    ),
    Reason.STATUS_UNKNOWN: Explanation(
        Text(
            "签名无误，但本设备没有可用的状态名单。",
            "The signature is good, but this device has no list that tells the status.",
        ),
        Text("请更新状态名单，或改用联网核验。", "Fetch the status list, or check online."),
    ),
    Reason.STATUS_STALE: Explanation(
        Text("签名无误，但状态名单已过旧。", "The signature is good, but the status list is too old."),
        Text("请更新状态名单，或改用联网核验。", "Fetch the status list again, or check online."),
    ),
    Reason.GRADE_TOO_LOW: Explanation(
        Text(
            "签名无误，但此用途要求更新的状态信息。",
            "The signature is good, but this purpose asks for fresher knowledge of the status.",
        ),
        Text("请联网核验。", "Check online."),
    ),
}
