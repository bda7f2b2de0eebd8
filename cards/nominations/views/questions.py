"""Questions about a case: an officer asks, the nominator's side answers."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from cards.nominations import operations, queries
from cards.nominations.forms import QuestionAnswerForm, QuestionForm, show_errors
from cards.nominations.models import Nomination, Question
from cards.nominations.views.access import signed_in, visible_or_404
from cards.nominations.views.cases import case_page
from talentcard.accounts.models import User
from talentcard.core.errors import DomainError, NotAllowed


@never_cache
@login_required
@sensitive_post_parameters()
@require_POST
def question_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the nominator of a case; refused, the question comes back with what was typed."""
    user = signed_in(request)
    nomination = visible_or_404(user, pk)
    form = QuestionForm(request.POST, documents=queries.document_topics(nomination))
    status = 400
    if form.is_valid():
        try:
            question = operations.ask_question(
                actor=user, nomination=nomination, at=timezone.now(), **form.cleaned_data
            )
        except NotAllowed:
            raise
        except DomainError as error:
            show_errors(form, error)
            status = error.http_status
        else:
            messages.success(request, _asked(question))
            return redirect(nomination)
    return case_page(request, user, visible_or_404(user, pk), question_form=form, status=status)


@never_cache
@login_required
@sensitive_post_parameters()
@require_POST
def question_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a question, on the nominator's side."""
    user = signed_in(request)
    nomination, question = _question_or_404(user, pk)
    form = QuestionAnswerForm(request.POST, prefix=f"question-{question.pk}")
    status = 400
    if form.is_valid():
        try:
            operations.answer_question(actor=user, question=question, at=timezone.now(), **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            show_errors(form, error)
            status = error.http_status
        else:
            messages.success(request, _("Your answer was sent to the reviewer."))
            return redirect(nomination)
    return case_page(
        request, user, visible_or_404(user, nomination.pk), answer_forms={question.pk: form}, status=status
    )


@never_cache
@login_required
@require_POST
def question_take_back(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask no more."""
    user = signed_in(request)
    nomination, question = _question_or_404(user, pk)
    try:
        operations.take_question_back(actor=user, question=question, at=timezone.now())
    except NotAllowed:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The question is not asked any more."))
    return redirect(nomination)


def _asked(question: Question) -> str:
    item = question.nomination.item
    if item is not None and item.is_stopped:
        return _("The nominator is asked; the clock stands still until the answer.")
    return _("The nominator is asked.")


def _question_or_404(user: User, pk: UUID) -> tuple[Nomination, Question]:
    question = Question.objects.filter(pk=pk).first()
    if question is None:
        raise Http404
    nomination = visible_or_404(user, question.nomination_id)
    if not queries.questions_of(user, nomination).filter(pk=pk).exists():
        raise Http404
    return nomination, question
