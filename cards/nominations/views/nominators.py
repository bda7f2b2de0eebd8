"""What a nominator does: prepare a nomination, hand it in, take it back."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cards.issuance.models import Basis
from cards.nominations import operations, queries, rules
from cards.nominations.forms import (
    FIELD_NAMES,
    CaseForm,
    ContactForm,
    EvidenceForm,
    NominationForm,
    RepliesForm,
    initial_case,
    show_errors,
)
from cards.nominations.models import Nomination
from cards.nominations.operations.rounds import ReturnedAgain
from cards.nominations.views import presenting
from cards.nominations.views.access import editable_or_refused, evidence_or_404, signed_in, visible_or_404
from cards.nominations.views.cases import case_page
from talentcard.core.errors import DomainError, FieldError, InvalidInput, NotAllowed

PERSONAL = ("name", "identity_number", "birth_date", "email", "phone", "address")


@never_cache
@login_required
@sensitive_post_parameters(*PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_create(request: HttpRequest) -> HttpResponse:
    """Begin a nomination: the draft is kept from the first save, complete or not."""
    user = signed_in(request)
    if not rules.may_nominate(user):
        raise NotAllowed
    now = timezone.now()
    form = NominationForm(request.POST if request.method == "POST" else None, bases=queries.open_bases(now))
    if form.is_bound and form.is_valid():
        try:
            nomination = operations.create_draft(
                actor=user,
                nominee=form.nominee,
                basis=form.basis,
                tier=form.tier,
                district=form.cleaned_data["district"],
                statement=form.cleaned_data["statement"],
                at=now,
            )
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("The draft was saved. Add the evidence, then submit it."))
            return redirect(nomination)
    context = {
        "form": form,
        "documents": presenting.basis_documents(queries.open_bases(now).prefetch_related("required_documents")),
        "breadcrumbs": [presenting.crumb_list()],
    }
    return render(request, "nominations/nomination_create.html", context, status=_status(form))


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_update(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what a draft or a returned nomination states."""
    user = signed_in(request)
    nomination = editable_or_refused(user, pk)
    form = CaseForm(
        request.POST if request.method == "POST" else None,
        initial=initial_case(nomination),
        bases=_bases_for(nomination),
    )
    if form.is_bound and form.is_valid():
        try:
            operations.update_draft(
                actor=user,
                nomination=nomination,
                basis=form.basis,
                tier=form.tier,
                district=form.cleaned_data["district"],
                statement=form.cleaned_data["statement"],
                employer_name=form.cleaned_data["employer_name"],
                at=timezone.now(),
            )
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("The nomination was saved."))
            return redirect(nomination)
    return _edit_page(request, nomination, form, title=_("Edit the nomination"), bases=_bases_for(nomination))


@never_cache
@login_required
@sensitive_post_parameters(*PERSONAL)
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_contact(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct how the nominee is reached; what was entered is not shown, and stays where a field is empty."""
    user = signed_in(request)
    nomination = editable_or_refused(user, pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            operations.correct_nominee_contact(
                actor=user,
                nomination=nomination,
                phone=given["phone"] or nomination.phone,
                email=given["email"] or nomination.email,
                address=given["address"] or nomination.address,
                at=timezone.now(),
            )
        except DomainError as error:
            _refuse(form, error)
        else:
            messages.success(request, _("The contact details were saved."))
            return redirect(nomination)
    lead = _("What was entered is not shown here. A field left empty keeps it.")
    return _edit_page(request, nomination, form, title=_("Nominee's contact details"), lead=lead)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_submit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand a nomination in, after showing what is handed in; whatever is missing is said at once."""
    user = signed_in(request)
    nomination = editable_or_refused(user, pk)
    faults: list[dict[str, str]] = []
    form = _replies_form(nomination, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.submit(
                actor=user,
                nomination=nomination,
                replies=form.replies,
                to_round=form.cleaned_data["round"],
                at=timezone.now(),
            )
        except InvalidInput as error:
            faults = [_fault(nomination, fault) for fault in error.errors]
        except ReturnedAgain as error:
            # What was typed answers another list.
            faults, form = [{"message": str(error), "url": ""}], _replies_form(nomination)
        except DomainError as error:
            faults = [{"message": str(error), "url": ""}]
        else:
            messages.success(request, _("The nomination was submitted. The preliminary review begins."))
            return redirect(nomination)
    documents = [
        {"label": _("Evidence"), "value": str(nomination.evidence.count())},
        {"label": _("Why this person"), "value": nomination.statement or None},
    ]
    context = {
        "nomination": nomination,
        "breadcrumbs": [presenting.crumb_list(), presenting.crumb_case(nomination)],
        "facts": [*presenting.case_facts(nomination, with_document=True), *documents],
        "faults": faults,
        "form": form,
        "cancel_url": nomination.get_absolute_url(),
    }
    is_refused = bool(faults or form.errors)
    return render(request, "nominations/nomination_submit.html", context, status=400 if is_refused else 200)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a nomination back, after asking."""
    user = signed_in(request)
    nomination = visible_or_404(user, pk)
    if not rules.may_withdraw(user, nomination):
        raise NotAllowed
    if request.method == "POST":
        operations.withdraw(actor=user, nomination=nomination, at=timezone.now())
        messages.success(request, _("The nomination was withdrawn."))
        return redirect(nomination)
    context = {
        "nomination": nomination,
        "breadcrumbs": [presenting.crumb_list(), presenting.crumb_case(nomination)],
        "facts": presenting.case_facts(nomination, with_document=False),
        "cancel_url": nomination.get_absolute_url(),
    }
    return render(request, "nominations/nomination_withdraw.html", context)


@login_required
@require_POST
def evidence_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a document to a nomination."""
    user = signed_in(request)
    nomination = editable_or_refused(user, pk)
    form = EvidenceForm(request.POST, request.FILES)
    status = 400
    if form.is_valid():
        try:
            operations.attach_evidence(
                actor=user,
                nomination=nomination,
                upload=form.cleaned_data["file"],
                kind=form.cleaned_data["kind"],
                at=timezone.now(),
            )
        except DomainError as error:
            _refuse(form, error)
            status = error.http_status
        else:
            messages.success(request, _("The document was added."))
            return redirect(f"{nomination.get_absolute_url()}#evidence")
    return case_page(request, user, nomination, evidence_form=form, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a document out of a nomination, after asking."""
    user = signed_in(request)
    evidence = evidence_or_404(pk)
    nomination = editable_or_refused(user, evidence.nomination_id)
    if evidence.removed_at is not None:
        raise Http404
    if request.method == "POST":
        operations.remove_evidence(actor=user, evidence=evidence, at=timezone.now())
        messages.success(request, _("The document was removed."))
        return redirect(f"{nomination.get_absolute_url()}#evidence")
    context = {
        "nomination": nomination,
        "breadcrumbs": [presenting.crumb_list(), presenting.crumb_case(nomination)],
        "facts": [
            {"label": _("File"), "value": evidence.document.original_name},
            {"label": _("What it shows"), "value": evidence.get_kind_display()},
        ],
        "cancel_url": nomination.get_absolute_url(),
    }
    return render(request, "nominations/evidence_remove.html", context)


def _replies_form(nomination: Nomination, data: QueryDict | None = None) -> RepliesForm:
    review = queries.last_return(nomination)
    asked = queries.topic_lines(nomination, review.missing) if review is not None else []
    return RepliesForm(data, asked=asked, initial={"round": nomination.round})


def _edit_page(
    request: HttpRequest,
    nomination: Nomination,
    form: CaseForm | ContactForm,
    *,
    title: str,
    lead: str = "",
    bases: Iterable[Basis] = (),
) -> HttpResponse:
    _note_corrections(nomination, form)
    context = {
        "nomination": nomination,
        "form": form,
        "title": title,
        "lead": lead,
        "documents": presenting.basis_documents(bases),
        "breadcrumbs": [presenting.crumb_list(), presenting.crumb_case(nomination)],
    }
    return render(request, "nominations/nomination_edit.html", context, status=_status(form))


def _note_corrections(nomination: Nomination, form: CaseForm | ContactForm) -> None:
    """Say beside each field what the reviewer asks to correct of it."""
    for topic, notes in queries.notes_by_topic(nomination).items():
        name = FIELD_NAMES.get(topic, topic)
        if name in form.fields:
            asked = ((_("To correct: %(note)s") % {"note": note},) for note in notes)
            words = format_html_join("", "<strong>{}</strong><br>", asked)
            form.fields[name].help_text = format_html("{}{}", words, form.fields[name].help_text)


def _bases_for(nomination: Nomination) -> Iterable[Basis]:
    if nomination.submitted_at is None:
        return queries.open_bases(timezone.now())
    # After a return the case keeps the version it was first filed under.
    same = Basis.objects.filter(policy=nomination.policy, route__in=queries.NOMINATION_ROUTES)
    return same.prefetch_related("tiers", "required_documents")


def _fault(nomination: Nomination, fault: FieldError) -> dict[str, Any]:
    pages = {"email": "nomination-contact", "evidence": "nomination-detail", "experts": "nomination-detail"}
    page = pages.get(fault.field, "nomination-update")
    anchor = {"evidence": "evidence", "experts": "asked", "tier": "id_basis_and_tier", "basis": "id_basis_and_tier"}
    url = reverse(f"nominations:{page}", args=[nomination.pk])
    return {"message": fault.message, "url": f"{url}#{anchor.get(fault.field, f'id_{fault.field}')}"}


def _refuse(form: Any, error: DomainError) -> None:
    if isinstance(error, NotAllowed):
        raise error
    show_errors(form, error)


def _status(form: Any) -> int:
    return 400 if form.is_bound else 200
