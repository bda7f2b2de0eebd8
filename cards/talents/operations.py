"""Enter people into the registry, and give them accounts."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cards.talents import identity as identities
from cards.talents.choices import Gender, IdentityKind, Relation
from cards.talents.models import Employment, FamilyMember, IdentityDocument, Talent
from cards.talents.names import are_same_name
from cards.talents.queries import birth_digits, identity_index, likeness_index, records_of
from talentcard.accounts.models import Organisation, User
from talentcard.accounts.operations import UsernameTaken, change_phone, invite_user
from talentcard.audit.operations import record
from talentcard.core.errors import DomainError, InvalidInput
from talentcard.core.transactions import atomic_operation

# Without 0, 1, i, l and o: a user name is read from paper and told over the phone.
USERNAME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
# People who came with one of these read the English messages until they choose otherwise.
FOREIGN_DOCUMENTS = (IdentityKind.PASSPORT, IdentityKind.FOREIGN_PR_CARD)

EMPTY = ("", None, Gender.UNSTATED)


class IdentityMismatch(DomainError):
    """The document belongs to somebody registered under another name or date of birth."""

    code = "identity_mismatch"
    message = _("The name or the date of birth is not the one registered for this identity document.")


@dataclass(frozen=True, kw_only=True)
class IdentityInput:
    """An identity document as somebody entered it."""

    kind: str
    number: str
    issuing_region: str = ""


@atomic_operation
def register_talent(
    *,
    actor: User | None,
    name: str,
    identity: IdentityInput,
    at: dt.datetime,
    gender: str = Gender.UNSTATED,
    birth_date: dt.date | None = None,
    nationality: str = "",
    district: str = "",
    employer: Organisation | None = None,
    employer_name: str = "",
) -> Talent:
    """Enter a person into the registry; somebody who is there already is found by the document.

    What is registered is never overwritten: only what was left empty is filled. How to reach them is another matter,
    see `replace_contact`.

    :raises InvalidInput: naming `identity_number` or `birth_date`, if the document's number cannot be
    :raises IdentityMismatch: if the document is registered for another name or date of birth
    """
    number, born = validate_identity(identity, birth_date=birth_date, on=timezone.localdate(at))
    index = identity_index(identity.kind, number, identity.issuing_region)
    details: dict[str, Any] = {
        "gender": gender if gender != Gender.UNSTATED else identities.gender_of(identity.kind, number) or gender,
        "nationality": nationality,
        "birth_date": born.isoformat() if born else "",
        "birth_year": born.year if born else None,
        "district": district,
    }
    digits = birth_digits(details["birth_date"]) or identities.birth_digits_of(identity.kind, number)
    talent = _find(index)
    if talent is None:
        try:
            # A savepoint: on a conflict the transaction goes on with the person somebody else has just entered.
            with transaction.atomic():
                talent = _create(
                    actor, name, identity, number, index, {**details, "likeness_index": likeness_index(name, digits)}
                )
        except IntegrityError:
            talent = _find(index)
            if talent is None:
                raise
    ensure_same_person(talent, name=name, birth_date=details["birth_date"])
    _fill_empty(talent, details)
    _index_likeness(talent, digits)
    _note_employment(talent, employer, employer_name)
    return talent


@atomic_operation
def replace_contact(*, actor: User | None, talent: Talent, phone: str, email: str, address: str) -> None:
    """Replace how a person is reached, all of it; who has an account keeps their own."""
    # Lock: held until the account is made, so that its link goes to the address written here.
    talent = Talent.objects.select_for_update().get(pk=talent.pk)
    if talent.user_id is not None:
        return
    talent.phone, talent.email, talent.address = phone, email, address
    talent.save(update_fields=["phone", "email", "address", "updated_at"])
    record(actor=actor, action="talent.contact_replaced", target=talent)


@atomic_operation
def ensure_account(*, actor: User | None, talent: Talent, at: dt.datetime) -> User:
    """Return a person's account; make one, and send its link, if there is none.

    Nobody under secrecy gets text messages: their numbers are not for a provider to know.
    """
    # Lock: two cases may end at the same moment, and each must find the same account.
    talent = Talent.objects.select_for_update(of=("self",)).select_related("user").get(pk=talent.pk)
    if talent.user is not None:
        return talent.user
    is_foreign = talent.identity_documents.filter(kind__in=FOREIGN_DOCUMENTS).exists()
    talent.user = _invite(actor, talent, at=at, language="en" if is_foreign else "zh-hans")
    talent.save(update_fields=["user", "updated_at"])
    record(actor=actor, action="talent.account_made", target=talent)
    return talent.user


@atomic_operation
def lock_person(*, talent: Talent) -> list[Talent]:
    """Return all records of a person, locked until the transaction ends: what is given once is given to one of them."""
    return list(records_of(talent).select_for_update(of=("self",)).order_by("pk"))


@atomic_operation
def mark_one_person(*, actor: User | None, one: Talent, other: Talent) -> None:
    """Note that two records are of one person; the older one stands for the person. Marked again, nothing changes.

    A person of whom one record is under secrecy is under secrecy.
    """
    # Lock: each may be found to be a third one's at this moment.
    ids = [one.pk, other.pk]
    keys = {each.person_id for each in Talent.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    if len(keys) == 1:
        return
    root, *rest = Talent.objects.select_for_update().filter(pk__in=keys).order_by("created_at", "pk")
    for each in rest:
        Talent.objects.filter(Q(pk=each.pk) | Q(same_as=each)).update(same_as=root)
        record(actor=actor, action="talent.same_person", target=each, data={"as": str(root.pk)})
    if records_of(root).filter(is_secret=True).exists():
        set_secrecy(actor=actor, talent=root, is_secret=True)


@atomic_operation
def set_secrecy(*, actor: User | None, talent: Talent, is_secret: bool) -> None:
    """Put a person under secrecy, or end it, in all their records; their text messages end and begin with it."""
    # Lock: the account that is made at this moment must not keep the number.
    for each in records_of(talent).select_for_update(of=("self",)).select_related("user").order_by("pk"):
        if each.is_secret == is_secret:
            continue
        Talent.objects.filter(pk=each.pk).update(is_secret=is_secret)
        if each.user is not None:
            change_phone(actor=actor, user=each.user, phone="" if is_secret else each.phone)
        record(actor=actor, action="talent.secrecy_changed", target=each, data={"is_secret": is_secret})


@atomic_operation
def add_family_member(
    *,
    actor: User | None,
    talent: Talent,
    relation: Relation,
    name: str,
    birth_date: dt.date,
    identity: IdentityInput | None,
    at: dt.datetime,
) -> FamilyMember:
    """Enter a member of a person's household; the same document again returns the same member.

    :raises InvalidInput: naming `identity_number` or `birth_date`, if the document's number cannot be
    :raises IdentityMismatch: if the document is there under another name or date of birth
    """
    # Lock: the same form sent twice must not make two children.
    Talent.objects.select_for_update().get(pk=talent.pk)
    number, index = "", ""
    if identity is not None:
        number, _born = validate_identity(identity, birth_date=birth_date, on=timezone.localdate(at))
        index = identity_index(identity.kind, number, identity.issuing_region)
        known = FamilyMember.objects.filter(talent=talent, identity_index=index).first()
        if known is not None:
            ensure_same_person(known, name=name, birth_date=birth_date.isoformat())
            return known
    member = FamilyMember.objects.create(
        talent=talent,
        relation=relation,
        name=name,
        birth_date=birth_date.isoformat(),
        identity_kind=identity.kind if identity else "",
        identity_number=number,
        identity_index=index,
    )
    record(actor=actor, action="talent.family_member_added", target=member, data={"relation": relation})
    return member


def validate_identity(
    identity: IdentityInput, *, birth_date: dt.date | None, on: dt.date
) -> tuple[str, dt.date | None]:
    """Return a document's number in its one spelling, and the birth date that it or the person states.

    :raises InvalidInput: naming `identity_kind`, `identity_number` or `birth_date`, if they cannot be
    """
    number = _validate(identity, on=on)
    return number, _birth_date(identity.kind, number, stated=birth_date)


def ensure_same_person(known: Talent | FamilyMember, *, name: str, birth_date: str) -> None:
    """Check that somebody found by a document is who was meant; `birth_date` is an ISO date or empty.

    :raises IdentityMismatch: if the name or the date of birth is another
    """
    is_born_otherwise = bool(known.birth_date and birth_date and known.birth_date != birth_date)
    if is_born_otherwise or not are_same_name(known.name, name):
        raise IdentityMismatch(field="name")


def _find(index: str) -> Talent | None:
    return Talent.objects.select_for_update(of=("self",)).filter(identity_documents__number_index=index).first()


def _create(
    actor: User | None,
    name: str,
    identity: IdentityInput,
    number: str,
    index: str,
    details: dict[str, Any],
) -> Talent:
    talent = Talent.objects.create(name=name, **details)
    IdentityDocument.objects.create(
        talent=talent,
        kind=identity.kind,
        issuing_region=identity.issuing_region,
        number=number,
        number_index=index,
    )
    record(actor=actor, action="talent.registered", target=talent, data={"document": identity.kind})
    return talent


def _fill_empty(talent: Talent, details: dict[str, Any]) -> None:
    changed = [
        name for name, value in details.items() if value and getattr(talent, name) in EMPTY and value not in EMPTY
    ]
    for name in changed:
        setattr(talent, name, details[name])
    if changed:
        talent.save(update_fields=[*changed, "updated_at"])


def _index_likeness(talent: Talent, digits_in_number: str) -> None:
    # A person known without a date of birth may have got one just now.
    index = likeness_index(talent.name, birth_digits(talent.birth_date) or digits_in_number)
    if index and index != talent.likeness_index:
        talent.likeness_index = index
        talent.save(update_fields=["likeness_index", "updated_at"])


def _validate(identity: IdentityInput, *, on: dt.date) -> str:
    if identity.kind not in identities.KINDS:
        raise InvalidInput.of("identity_kind", "unknown_identity_kind", _("There is no such type of document."))
    number = identities.normalise(identity.kind, identity.number)
    try:
        identities.validate(identity.kind, number, on=on)
    except identities.IdentityNumberInvalid as error:
        raise InvalidInput.of("identity_number", error.code, error.message) from None
    return number


def _birth_date(kind: str, number: str, *, stated: dt.date | None) -> dt.date | None:
    in_number = identities.birth_date_of(kind, number)
    if stated and in_number and stated != in_number:
        raise InvalidInput.of(
            "birth_date", "birth_date_mismatch", _("The date of birth is not the one in the document number.")
        )
    return stated or in_number


def _note_employment(talent: Talent, employer: Organisation | None, employer_name: str) -> None:
    name = employer.name_zh if employer else employer_name
    if name and not Employment.objects.filter(talent=talent, until=None).exists():
        Employment.objects.create(talent=talent, employer=employer, employer_name=name)


def _invite(actor: User | None, talent: Talent, *, at: dt.datetime, language: str) -> User:
    while True:
        username = "t" + "".join(secrets.choice(USERNAME_ALPHABET) for _ in range(8))
        try:
            # A savepoint: the transaction goes on with another name.
            with transaction.atomic():
                return invite_user(
                    actor=actor,
                    username=username,
                    display_name=talent.name[:120],
                    email=talent.email,
                    phone="" if talent.is_secret else talent.phone,
                    at=at,
                    language=language,
                )
        except UsernameTaken:
            continue
