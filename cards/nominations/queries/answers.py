"""Experts of the register, and what a case asks of people without an account."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cards.nominations import rules
from cards.nominations.choices import AnswerStatus, Asked, EvidenceKind
from cards.nominations.models import AnswerLink, AnswerRequest, Nomination, RecognisedExpert, email_index
from talentcard.accounts.rules import Actor

EXPERTS_SHOWN = 20


def find_experts(words: str, *, at: dt.datetime) -> QuerySet[RecognisedExpert]:
    """Return the first experts whom the bureau recognises now and whose name or field holds these words; none: nobody.

    The register is searched, never listed.
    """
    words = words.replace("\0", "").strip()
    if not words:
        return RecognisedExpert.objects.none()
    found = RecognisedExpert.objects.recognised(at).filter(Q(name__icontains=words) | Q(field__icontains=words))
    return found.select_related("organisation")[:EXPERTS_SHOWN]


def conflict_of(expert: RecognisedExpert, nomination: Nomination) -> str:
    """Return why an expert is too near to a case to speak for it, as a word, or nothing.

    `nominee`: they are the nominee: by the registry where it knows them, else by the e-mail or the name.
    `filer`: they filed it. `employer`: they work for the nominee's employer, stated or registered.
    """
    talent = nomination.talent
    is_nominee = expert.talent_id == talent.pk if expert.talent_id else _same(expert.name, talent.name)
    addresses = [nomination.email, talent.email, talent.user.email if talent.user else ""]
    if is_nominee or expert.email_index in [email_index(address) for address in addresses if address]:
        return "nominee"
    filer = nomination.filed_by
    is_filer = expert.talent is not None and expert.talent.user_id == filer.pk
    if is_filer or (filer.email and expert.email_index == email_index(filer.email)):
        return "filer"
    return "employer" if _works_for_employer(expert, nomination) else ""


def _works_for_employer(expert: RecognisedExpert, nomination: Nomination) -> bool:
    employments = list(nomination.talent.employments.filter(until=None).select_related("employer"))
    organisations = {nomination.employer, *[each.employer for each in employments]} - {None}
    if expert.organisation is not None and expert.organisation in organisations:
        return True
    names = {nomination.employer_name, *[each.employer_name for each in employments]}
    names |= {name for each in organisations if each for name in (each.name_zh, each.name_en)}
    own = {expert.organisation_name}
    own |= {expert.organisation.name_zh, expert.organisation.name_en} if expert.organisation else set()
    return any(_same(one, other) for one in own for other in names)


def _same(one: str, other: str) -> bool:
    one, other = "".join(one.split()).casefold(), "".join(other.split()).casefold()
    return bool(one) and one == other


def stated_to(asked: str, nomination: Nomination) -> str:
    """Return the SHA-256, in hex, of what somebody is asked about: when it changes, they are asked anew."""
    parts = [str(nomination.basis_id), str(nomination.tier_id)]
    if asked == Asked.EXPERT:
        parts += [nomination.employer_name, nomination.statement]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def usable_link(token: str, *, at: dt.datetime) -> AnswerLink | None:
    """Return the link that a token belongs to, if it still takes an answer."""
    recognised = Q(request__expert=None) | Q(request__expert__in=RecognisedExpert.objects.recognised(at))
    links = AnswerLink.objects.usable(at).filter(recognised, digest=AnswerLink.digest_of(token))
    return links.select_related(
        "request__expert",
        "request__nomination__talent__user",
        "request__nomination__basis__policy",
        "request__nomination__tier",
        "request__nomination__nominator",
        "request__nomination__employer",
    ).first()


def has_signed_consent(nomination: Nomination) -> bool:
    """Tell whether a case holds the nominee's consent as a document."""
    return nomination.evidence.filter(kind=EvidenceKind.CONSENT).exists()


@dataclass(frozen=True, kw_only=True)
class Lacking:
    """What a case still waits for: how many experts, and whether for the nominee's consent."""

    experts: int
    consent: bool

    def __bool__(self) -> bool:
        return self.experts > 0 or self.consent


def answers_lacking(nomination: Nomination) -> Lacking:
    """Return which confirmations and whether the consent that its basis asks for a case lacks."""
    basis = nomination.basis
    if not (basis.experts_needed or basis.needs_consent):
        return Lacking(experts=0, consent=False)
    confirmed = list(nomination.answer_requests.filter(status=AnswerStatus.CONFIRMED).values_list("asked", flat=True))
    return Lacking(
        experts=max(0, basis.experts_needed - confirmed.count(Asked.EXPERT)),
        consent=basis.needs_consent and Asked.NOMINEE not in confirmed and not has_signed_consent(nomination),
    )


@dataclass(frozen=True, kw_only=True)
class AnswerState:
    """What was asked of one person, as far as its reader may know: `words` are for officers."""

    request: AnswerRequest
    name: str
    words: str
    expires_at: dt.datetime | None


def answers_of(nomination: Nomination, user: Actor) -> list[AnswerState]:
    """Return what a case asks of whom, as a user may read it: a fixed number of queries.

    Officers read all, with the words unless they are too near to the case; who files it, who has answered; its nominee
    the own.
    """
    requests = nomination.answer_requests.current().select_related("expert__organisation").prefetch_related("links")
    if not _sees_experts(user, nomination):
        if not rules.is_nominee(user, nomination):
            return []
        requests = requests.filter(asked=Asked.NOMINEE)
    with_words = rules.may_read_answers(user, nomination)
    return [_state(request, nomination, with_words=with_words) for request in requests]


def _sees_experts(user: Actor, nomination: Nomination) -> bool:
    is_officer = rules.reads_as_officer(user, nomination) and not rules.is_nominee(user, nomination)
    return is_officer or rules.files(user, nomination)


def _state(request: AnswerRequest, nomination: Nomination, *, with_words: bool) -> AnswerState:
    live = [link.expires_at for link in request.links.all() if link.voided_at is None]
    return AnswerState(
        request=request,
        name=request.expert.name if request.expert else nomination.talent.name,
        words=request.words if with_words else "",
        expires_at=max(live) if live and request.status == AnswerStatus.ASKED else None,
    )


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer in a case's history: what it was, whose, and what they wrote, where the reader may know."""

    at: dt.datetime
    title: Any
    who: str
    words: str


TITLES = {
    (Asked.EXPERT, AnswerStatus.CONFIRMED): _("an expert confirmed"),
    (Asked.EXPERT, AnswerStatus.DECLINED): _("an expert declined"),
    (Asked.NOMINEE, AnswerStatus.CONFIRMED): _("the nominee consented"),
    (Asked.NOMINEE, AnswerStatus.DECLINED): _("the nominee refused"),
}


def answers_in_history(nomination: Nomination, user: Actor) -> Iterator[Answer]:
    """Yield what people answered, oldest first, those whose place another request has taken included."""
    reads_words = rules.may_read_answers(user, nomination)
    sees_experts = _sees_experts(user, nomination)
    answered = nomination.answer_requests.filter(answered_at__isnull=False).select_related("expert")
    for request in answered.order_by("answered_at"):
        if request.answered_at is None or (request.asked == Asked.EXPERT and not sees_experts):
            continue
        outcome = AnswerStatus.CONFIRMED if request.is_confirmed else AnswerStatus.DECLINED
        yield Answer(
            at=request.answered_at,
            title=TITLES[Asked(request.asked), outcome],
            who=request.expert.name if request.expert else "",
            words=request.words if reads_words else "",
        )
