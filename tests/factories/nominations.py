"""Numbers, policy and cases for the tests."""

import datetime as dt
import itertools
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cards.issuance.choices import Route
from cards.issuance.models import Basis, PolicyVersion, RecognisedList, Tier
from cards.nominations import operations
from cards.nominations.choices import EvidenceKind, LimitedStep, Outcome
from cards.nominations.models import CreditClass, Nomination, RequiredDocument, StepLimit
from cards.nominations.operations import NomineeInput
from cards.talents import identity
from cards.talents.choices import IdentityKind
from cards.talents.models import District
from cards.talents.operations import IdentityInput
from samples import city
from samples.evidence import pdf
from talentcard.accounts.models import User

PDF = pdf(["Evidence"])
ROUTES = {"postdoc": Route.RECOMMENDATION_WITHOUT_NOTICE, "overseas": Route.DIRECT}
LIMITS = {
    LimitedStep.PRELIMINARY: 5,
    LimitedStep.SECOND: 3,
    LimitedStep.RELEASE: 10,
    LimitedStep.OBJECTIONS: 10,
    LimitedStep.CORRECTION: 15,
    LimitedStep.APPEAL: 20,
    LimitedStep.DIRECT_ISSUE: 3,
}
_serial = itertools.count(1)


def resident_number(sequence: int, *, birth: str = "19900301", place: str = "120116") -> str:
    """Return a valid number that nobody has: its sequence is one the district does not assign."""
    body = f"{place}{birth}{900 + sequence:03d}"
    return body + identity.check_character(body)


def make_policy(*, number: int = 1, routes: dict[str, Route] | None = None, notice_days: int = 5) -> PolicyVersion:
    """Make the sample city's districts and a policy in force with its tiers, bases and time limits.

    Without `routes`, "postdoc" asks for no notice, "overseas" for no nomination, and the others for a notice.
    """
    District.objects.bulk_create(
        [District(code=code, name_zh=name_zh, name_en=name_en) for code, (name_zh, name_en) in city.DISTRICTS.items()],
        ignore_conflicts=True,
    )
    policy = PolicyVersion.objects.create(
        number=number,
        effective_from=timezone.now() - dt.timedelta(days=400 - number),
        legal_ground_zh="示例条例",
        legal_ground_en="Sample regulation",
        remedies_zh="可以申请行政复议或者提起行政诉讼。（示例）",
        remedies_en="Reconsideration or an action may be brought. (Sample)",
        is_sample=True,
    )
    tiers = Tier.objects.bulk_create(
        Tier(policy=policy, code=code, name_zh=zh, name_en=en, validity_months=36, renewal_days=90)
        for code, (zh, en) in city.TIERS.items()
    )
    by_code = ROUTES if routes is None else routes
    bases = [
        Basis(policy=policy, code=code, name_zh=zh, name_en=en, route=by_code.get(code, Route.RECOMMENDATION))
        for code, (zh, en) in city.BASES.items()
    ]
    for basis in bases:
        basis.notice_working_days = notice_days if basis.route == Route.RECOMMENDATION else 0
    Basis.objects.bulk_create(bases)
    Basis.tiers.through.objects.bulk_create(
        Basis.tiers.through(basis=basis, tier=tier)
        for basis in bases
        for tier in tiers
        if tier.code in city.TIERS_BY_BASIS[basis.code]
    )
    CreditClass.objects.bulk_create(
        CreditClass(policy=policy, code=code, name_zh=code, name_en=code, quota_percent=percent, may_nominate=may)
        for code, (percent, may) in {"A": (150, True), "B": (100, True), "C": (0, False)}.items()
    )
    StepLimit.objects.bulk_create(
        StepLimit(policy=policy, step=step, working_days=days) for step, days in LIMITS.items()
    )
    return policy


def complete(policy: PolicyVersion) -> PolicyVersion:
    """Add what a policy of `make_policy` lacks: remedies, letters, and lists for direct issue."""
    policy.remedies_zh, policy.remedies_en = "可以申请复议（示例）。", "You may ask for reconsideration (sample)."
    policy.save()
    for basis in policy.bases.all():
        require(basis, EvidenceKind.RECOMMENDATION)
        if basis.route == Route.DIRECT:
            basis.recognised_list, _created = RecognisedList.objects.get_or_create(
                code=basis.code, defaults={"name_zh": basis.name_zh, "name_en": basis.name_en}
            )
            basis.save()
    return policy


def require(basis: Basis, *kinds: EvidenceKind) -> None:
    """Let a basis ask for documents."""
    for kind in kinds:
        RequiredDocument.objects.create(basis=basis, kind=kind)


def nominee_input(*, sequence: int | None = None, **changes: Any) -> NomineeInput:
    """Return a nominee nobody else is, with an employer and an e-mail."""
    rank = next(_serial) if sequence is None else sequence
    born = dt.date(1950, 1, 1) + dt.timedelta(days=rank)
    fields: dict[str, Any] = {
        "name": f"示例{rank}",
        "identity": IdentityInput(kind=IdentityKind.RESIDENT_ID, number=resident_number(1, birth=f"{born:%Y%m%d}")),
        "email": f"nominee{rank}@example.com",
        "phone": f"161{rank:08}",
        "employer_name": "示例单位",
    }
    return NomineeInput(**fields | changes)


def upload(name: str = "evidence.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def make_draft(
    nominator: User,
    *,
    at: dt.datetime | None = None,
    basis: str = "laboratory",
    tier: str = "B",
    district: str = "binhai",
    nominee: NomineeInput | None = None,
    with_evidence: bool = True,
    statement: str = "长期从事示例研究。",
) -> Nomination:
    """Make a draft that is ready to be submitted."""
    at = at or timezone.now()
    policy = PolicyVersion.objects.first() or make_policy()
    nomination = operations.create_draft(
        actor=nominator,
        nominee=nominee or nominee_input(),
        basis=policy.bases.get(code=basis),
        tier=policy.tiers.get(code=tier),
        district=district,
        statement=statement,
        at=at,
    )
    if with_evidence:
        operations.attach_evidence(actor=nominator, nomination=nomination, upload=upload(), at=at)
    return nomination


def make_submitted(nominator: User, *, at: dt.datetime | None = None, **draft: Any) -> Nomination:
    """Make a nomination that waits for its preliminary review."""
    at = at or timezone.now()
    nomination = make_draft(nominator, at=at, **draft)
    return operations.submit(actor=nominator, nomination=nomination, at=at)


def make_second_review(
    nominator: User, preliminary_reviewer: User, *, at: dt.datetime | None = None, **draft: Any
) -> Nomination:
    """Make a nomination that waits for its second review."""
    at = at or timezone.now()
    nomination = make_submitted(nominator, at=at, **draft)
    return operations.review_preliminary(actor=preliminary_reviewer, nomination=nomination, outcome=Outcome.PASS, at=at)


def make_passed(
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    *,
    at: dt.datetime | None = None,
    **draft: Any,
) -> Nomination:
    """Make a nomination that passed both reviews: it waits for its public notice, unless its basis asks for none."""
    at = at or timezone.now()
    nomination = make_second_review(nominator, preliminary_reviewer, at=at, **draft)
    return operations.review_second(
        actor=second_reviewer, nomination=nomination, outcome=Outcome.PASS, agrees=True, at=at
    )


def make_under_notice(
    nominator: User,
    preliminary_reviewer: User,
    second_reviewer: User,
    *,
    at: dt.datetime | None = None,
    **draft: Any,
) -> Nomination:
    """Make a nomination under public notice, in a release of its own."""
    at = at or timezone.now()
    nomination = make_passed(nominator, preliminary_reviewer, second_reviewer, at=at, **draft)
    operations.release_notices(actor=second_reviewer, nomination_ids=[nomination.pk], at=at)
    return Nomination.objects.with_parties().get(pk=nomination.pk)
