"""What to say about a verdict: the words of `talentcard_verifier`, and our own where online is another case."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from talentcard_verifier import Reason as VerifierReason
from talentcard_verifier.texts import REASONS

from cards.verification.choices import Reason


@dataclass(frozen=True)
class Explanation:
    """What was found, and what the person at the desk does now."""

    finding: str | Promise
    advice: str | Promise

    def __str__(self) -> str:
        """Return both as one text; Chinese sentences stand without a space between them."""
        return f"{self.finding}{'' if _is_chinese() else ' '}{self.advice}"


def _is_chinese() -> bool:
    return (get_language() or "zh").startswith("zh")


ONLINE = {
    Reason.UNSUPPORTED_VERSION: Explanation(
        _("The code is of a version or kind that is not in use."),
        _("Ask the holder for the code on the card's own page."),
    ),
    Reason.UNKNOWN_KEY: Explanation(
        _("The code is signed with a key that is not the issuer's."),
        _("Do not accept it, and report it to the issuer."),
    ),
    Reason.NOT_YET_VALID: Explanation(
        _("The card has not been activated yet."), _("The holder's own page says when it becomes active.")
    ),
    Reason.REVOKED: Explanation(_("The card was revoked or returned."), _("Do not accept it.")),
    Reason.UNKNOWN_CODE: Explanation(
        _("The signature is good, but no card in the register has this code."),
        _("Do not accept it, and report it to the issuer."),
    ),
    Reason.PURPOSE_NOT_ALLOWED: Explanation(
        _("Cards may not be checked for this purpose here."),
        _("Choose one of your desk's purposes, or ask for this one to be opened to you."),
    ),
}


def explain(reason: Reason) -> Explanation:
    """Return the words for a reason, in the reader's language."""
    if reason in ONLINE:
        return Explanation(str(ONLINE[reason].finding), str(ONLINE[reason].advice))
    words, language = REASONS[VerifierReason(reason.value)], get_language() or "zh"
    return Explanation(words.finding.in_language(language), words.advice.in_language(language))
