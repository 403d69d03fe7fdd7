"""The door for guarantors' statements: file, correct, read, tell to the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from monitoring import accreditation, audit
from monitoring.api.fields import Text, Whole, one_of
from monitoring.api.views import ListQuery
from monitoring.errors import Forbidden, NotFound
from monitoring.pagination import NewestFirst
from reports import statement_targets
from reports.figures.annex import reference
from violations import replies_seen, statements, taking_down
from violations.api.case_lists import SpeaksForGuarantor
from violations.api.monitors import REPLAYED, headers_of
from violations.api.replies import RepliesView, ReplyInput, WordTold
from violations.models import GuarantorStatement
from violations.reply_codes import Statement

EXAMPLE = OpenApiExample(
    "On an incident",
    request_only=True,
    value={
        "agreement": "exercise",
        "client_id": "7a1d2a0e-52a1-4a0e-8f6c-0a7b6f1e9c11",
        "incident": "4f2a91c07b",
        "statement": "does_not_confirm",
        "words": "Our log of that hour has no fire.",
        "language": "en",
    },
)


class StatementInput(ReplyInput):
    """A statement on an incident, or on a period, or with `closing_number` on an edition of that period."""

    agreement = Text(max_length=80, help_text=gettext_lazy("Code of the truce."))
    incident = Text(
        max_length=36, required=False, help_text=gettext_lazy("Its reference, as a report or a request prints it.")
    )
    period = Text(
        max_length=10, required=False, help_text=gettext_lazy("2025-03, a week as 2025-W11, or a day as 2025-03-12.")
    )
    closing_number = Whole(
        min_value=1, max_value=10_000, required=False, help_text=gettext_lazy("That of the edition that it is on.")
    )
    statement = one_of(Statement.choices)
    words = Text(max_length=taking_down.LONGEST, required=False, allow_blank=True)
    language = Text(
        max_length=8, required=False, allow_blank=True, help_text=gettext_lazy("Of the words, as en or ar.")
    )


class StatementTold(WordTold):
    """A guarantor's own word, and on what."""

    agreement = serializers.CharField(source="agreement.code")
    guarantor = serializers.CharField(source="guarantor.code")
    incident = serializers.SerializerMethodField(help_text=gettext_lazy("Its reference, as reports print it; or null."))
    period = serializers.CharField()
    closing_number = serializers.IntegerField(allow_null=True)
    statement = serializers.ChoiceField(Statement.choices, source="code")
    told = serializers.SerializerMethodField(help_text=gettext_lazy("Whether the other guarantors read it."))

    def get_incident(self, row: GuarantorStatement) -> str | None:
        """The first signs of its public id."""
        return reference(row.incident.public_id) if row.incident else None

    def get_told(self, row: GuarantorStatement) -> bool:
        """Whether it was told."""
        return getattr(row, "telling", None) is not None


class StatementsView(RepliesView):
    """Statements: guarantors' alone."""

    permission_classes = [IsAuthenticated, SpeaksForGuarantor]

    def answer(self, public_id: UUID, code: int = status.HTTP_200_OK, *, look: bool = False) -> Response:
        """Tell of one statement."""
        voices = self.voices
        with replies_seen.reading_as(voices):
            row = statements.readable_by(voices).filter(public_id=public_id).first()
            if row is None:
                raise NotFound(_("There is no such statement among those that you may read."), code="not_found")
            if look:
                audit.looked("guarantorstatement", by=self.reader, on=row)
            where = reverse("api-statement", kwargs={"id": row.public_id}, request=self.request)
            return Response(StatementTold(row).data, status=code, headers={"Location": where})


class Statements(StatementsView):
    """File a statement; list those that one may read."""

    pagination_class = NewestFirst
    query = ListQuery

    @extend_schema(operation_id="statements_list", parameters=[ListQuery], responses=StatementTold(many=True))
    def get(self, request: Request) -> Response:
        """Your guarantor's statements, and those that others told; newest first, corrected ones among them."""
        pages, voices = NewestFirst(), self.voices
        audit.looked("guarantorstatement", by=self.reader, agreement=accreditation.the_one_agreement(self.reader))
        with replies_seen.reading_as(voices):
            rows = statements.readable_by(voices)
            told = StatementTold(pages.paginate_queryset(rows, request, view=self), many=True)
            return pages.get_paginated_response(told.data)

    @extend_schema(
        operation_id="statements_file",
        parameters=headers_of(201),
        request=StatementInput,
        responses={
            201: StatementTold,
            404: OpenApiResponse(description="What it corrects is no statement of yours on the same thing."),
            409: OpenApiResponse(description="One stands and `replaces` does not name it; the period is not over."),
        },
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """State something for your guarantor. It stands beside what was found and changes no figure."""
        document = StatementInput(data=request.data)
        document.is_valid(raise_exception=True)
        given: dict[str, Any] = document.validated_data
        held = {voice.agreement.code: voice for voice in self.voices if voice.guarantor}
        voice = held.get(given["agreement"])
        if voice is None or voice.guarantor is None:
            raise Forbidden(_("Your account speaks for no guarantor of such a truce."), code="not_accredited")
        with transaction.atomic():  # it is told before another can take its place
            said = statement_targets.said_on(
                voice.agreement,
                voice.guarantor,
                given["statement"],
                incident=given.get("incident", ""),
                period=given.get("period", ""),
                closing_number=given.get("closing_number"),
                words=given.get("words", ""),
                language=given.get("language", ""),
            )
            filed = statements.file_statement(
                voice.agreement,
                said,
                by=self.reader,
                client_id=given["client_id"],
                replaces=given.get("replaces"),
                told=given["tell"],
            )
            response = self.answer(filed.statement.public_id, status.HTTP_201_CREATED)
        if not filed.created:
            response[REPLAYED] = "true"
        return response


class OneStatement(StatementsView):
    """One statement."""

    @extend_schema(operation_id="statements_read", responses=StatementTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One statement that you may read."""
        return self.answer(id, look=True)


class StatementTellings(StatementsView):
    """Telling a statement to the others."""

    @extend_schema(operation_id="statements_tell", request=None, responses=StatementTold)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Tell your statement to the other guarantors. It cannot be untold; what corrects it is told with it."""
        with transaction.atomic():
            return self.answer(statements.tell(id, by=self.reader).public_id)
