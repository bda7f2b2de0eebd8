"""Who asks, and whether the case exists for them."""

from uuid import UUID

from django.http import Http404, HttpRequest

from cards.nominations import queries, rules
from cards.nominations.models import Evidence, Nomination
from talentcard.accounts.models import User
from talentcard.core.errors import NotAllowed


def signed_in(request: HttpRequest) -> User:
    """Return who asks; the view's `login_required` let nobody else in."""
    assert isinstance(request.user, User)  # noqa: S101  # as promised above
    return request.user


def visible_or_404(user: User, pk: UUID) -> Nomination:
    """Return a case if the user may read it; for others it does not exist."""
    nomination = queries.visible_to(user).for_one().filter(pk=pk).first()
    if nomination is None:
        raise Http404
    return nomination


def editable_or_refused(user: User, pk: UUID) -> Nomination:
    """Return a case that the user may change now.

    :raises NotAllowed: if they only read it, or it has left their hands
    """
    nomination = visible_or_404(user, pk)
    if not rules.may_edit(user, nomination):
        raise NotAllowed
    return nomination


def evidence_or_404(pk: UUID) -> Evidence:
    """Return a document of a case, removed or not; the caller checks who may read it."""
    evidence = Evidence.with_removed.select_related("document", "nomination").filter(pk=pk).first()
    if evidence is None:
        raise Http404
    return evidence
