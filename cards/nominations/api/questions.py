"""Questions about a case: an officer asks, the nominator's side answers."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cards.nominations import operations, queries, rules
from cards.nominations.api import serializers as shapes
from cards.nominations.api.views import KEY, REFUSALS, NominationView, read
from cards.nominations.models import Nomination, Question
from talentcard.core.api.idempotency import idempotent
from talentcard.core.errors import NotAllowed


class QuestionView(NominationView):
    """What the views of a case's questions share."""

    def question(self, nomination_id: UUID, question_id: UUID) -> Question:
        """Return a question the user may read."""
        return get_object_or_404(queries.questions_of(self.actor(), self.find(nomination_id)), pk=question_id)

    def answer(self, question: Question, *, code: int = 200) -> Response:
        """Answer with a question as it is now."""
        nomination = self.find(question.nomination_id)
        fresh = queries.questions_of(self.actor(), nomination).get(pk=question.pk)
        return Response(shapes.CaseQuestionOutput(fresh, context=self.told(nomination)).data, status=code)

    def told(self, nomination: Nomination) -> dict[str, bool]:
        """Return what the serializer needs to know of the case, once for all of its questions."""
        is_stopped = nomination.item is not None and nomination.item.is_stopped
        return {"is_own": rules.files(self.actor(), nomination), "is_stopped": is_stopped}


class QuestionListView(QuestionView):
    """What was asked and answered."""

    @extend_schema(
        operation_id="nominations_questions_list",
        responses={200: shapes.CaseQuestionOutput(many=True), 403: REFUSALS[403], 404: REFUSALS[404]},
    )
    def get(self, request: Request, nomination_id: UUID) -> Response:
        """List the questions, in order, for the nominator's side and for officers."""
        nomination = self.find(nomination_id)
        if not rules.may_read_exchange(request.user, nomination):
            raise NotAllowed
        questions = queries.questions_of(request.user, nomination)
        return Response(shapes.CaseQuestionOutput(questions, many=True, context=self.told(nomination)).data)

    @extend_schema(
        operation_id="nominations_questions_create",
        parameters=[KEY],
        request=shapes.CaseQuestionInput,
        responses={201: shapes.CaseQuestionOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID) -> Response:
        """Ask the nominator, as the officer who may decide the review; its clock stands still until the answer."""
        nomination = self.find(nomination_id)
        data = read(shapes.CaseQuestionInput, request)
        question = operations.ask_question(actor=self.actor(), nomination=nomination, at=timezone.now(), **data)
        return self.answer(question, code=201)


class QuestionAnswerView(QuestionView):
    """The nominator's answer."""

    @extend_schema(
        operation_id="nominations_questions_answer",
        parameters=[KEY],
        request=shapes.CaseQuestionAnswerInput,
        responses={200: shapes.CaseQuestionOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID, question_id: UUID) -> Response:
        """Answer a question, on the nominator's side; the clock goes on after the last one."""
        question = self.question(nomination_id, question_id)
        data = read(shapes.CaseQuestionAnswerInput, request)
        question = operations.answer_question(actor=self.actor(), question=question, at=timezone.now(), **data)
        return self.answer(question)


class QuestionTakeBackView(QuestionView):
    """The end of a question."""

    @extend_schema(
        operation_id="nominations_questions_take_back",
        parameters=[KEY],
        request=None,
        responses={200: shapes.CaseQuestionOutput, **REFUSALS},
    )
    @idempotent
    def post(self, request: Request, nomination_id: UUID, question_id: UUID) -> Response:
        """Ask no more, as who may decide the review."""
        question = self.question(nomination_id, question_id)
        question = operations.take_question_back(actor=self.actor(), question=question, at=timezone.now())
        return self.answer(question)
