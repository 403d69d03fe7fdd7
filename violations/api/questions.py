"""The door for what is asked of a filer, and for the answers."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from monitoring import accreditation
from monitoring.api.fields import one_of
from monitoring.api.views import ListQuery
from monitoring.pagination import NewestFirst
from violations import filers, questions, sealing
from violations.api.monitors import HEADERS, REPLAYED, MonitorsView
from violations.api.report_input import AnswerInput
from violations.api.report_output import Question


class QuestionTold(Question):
    """A question with the report that it is about."""

    report = serializers.UUIDField(source="report.public_id")
    receipt = serializers.CharField(source="report.receipt")


class QuestionsQuery(ListQuery):
    """Which questions."""

    state = one_of([("open", _("not answered")), ("answered", _("answered"))], required=False)


class Questions(MonitorsView):
    """What is asked of you."""

    pagination_class = NewestFirst
    query = QuestionsQuery

    @extend_schema(operation_id="questions_list", parameters=[QuestionsQuery], responses=QuestionTold(many=True))
    def get(self, request: Request) -> Response:
        """Questions about reports that you filed, the newest first, with what you answered."""
        pages = NewestFirst()
        held = accreditation.held_by(self.monitor, *filers.FILERS)
        with sealing.reading_own(self.monitor):
            asked = questions.asked_of(self.monitor).filter(report__agreement__in=held.values("agreement"))
            if "state" in self.asked:
                asked = asked.filter(answer__isnull=self.asked["state"] == "open")
            told = QuestionTold(pages.paginate_queryset(asked, request, view=self), many=True)
            return pages.get_paginated_response(told.data)


class Answer(MonitorsView):
    """The answer to a question."""

    @extend_schema(
        operation_id="questions_answer", request=AnswerInput, responses={201: QuestionTold}, parameters=HEADERS[1:]
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Answer in words. The review of the report is then taken up again; the same again has the same answer."""
        document = AnswerInput(data=request.data)
        document.is_valid(raise_exception=True)
        given = document.validated_data
        with sealing.reading_own(self.monitor):
            answered = questions.answer(id, by=self.monitor, words=given["answer"], language=given["language"])
            asked = questions.asked_of(self.monitor).get(pk=answered.answer.question_id)
            response = Response(QuestionTold(asked).data, status=status.HTTP_201_CREATED)
        if not answered.created:
            response[REPLAYED] = "true"
        return response
