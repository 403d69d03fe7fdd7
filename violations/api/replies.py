"""The door for what is asked of guarantors and parties: read it, answer it, tell it to the other guarantors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring import accreditation, audit
from monitoring.api.fields import Identifier, Minute, Pattern, StrictSerializer, Text, YesNo, one_of
from monitoring.api.views import ApiView, ListQuery
from monitoring.errors import Forbidden, NotFound
from monitoring.models import User
from monitoring.pagination import NewestFirst
from violations import answers, replies_seen, requests, taking_down
from violations.api.monitors import REPLAYED, headers_of
from violations.api.report_input import CLIENT_ID
from violations.models import RequestAnswer
from violations.replies_seen import Voice
from violations.reply_codes import Reminding, ReplyChannel
from violations.requests import Reply

EXAMPLE = OpenApiExample(
    "An answer",
    request_only=True,
    value={
        "client_id": "0f9f4c8e-6a52-4b0e-9a44-3c0d6f1e9c11",
        "words": "The battery stood at the quarry and did not fire.",
        "language": "en",
    },
)


class ReplyInput(StrictSerializer):
    """Words of a guarantor or a party; `replaces` names what they correct, `tell` tells them to the others at once."""

    set_by_service = frozenset({"id", "recorded_at", "stands", "told", "came_by", "content_sha256"})

    client_id = Pattern(
        CLIENT_ID,
        help_text=gettext_lazy("The client's own identifier of this filing: the same again is the first answer."),
    )
    replaces = Identifier(required=False, help_text=gettext_lazy("What this corrects."))
    tell = YesNo(
        required=False,
        default=False,
        help_text=gettext_lazy("Tell it to the other guarantors at once; it cannot be untold."),
    )


class RequestAnswerInput(ReplyInput):
    """The answer to a request, in words."""

    words = Text(max_length=taking_down.LONGEST)
    language = Text(max_length=8, help_text=gettext_lazy("ISO 639 code, as en or ar."))


class WordTold(serializers.Serializer):
    """What was said: by its owner, or, where `came_by` says how, as it was taken down from paper."""

    id = serializers.UUIDField(source="public_id")
    words = serializers.CharField()
    language = serializers.CharField()
    stands = serializers.SerializerMethodField(help_text=gettext_lazy("Otherwise another took its place."))
    came_by = serializers.ChoiceField(
        ReplyChannel.choices,
        source="channel",
        allow_blank=True,
        help_text=gettext_lazy("Empty: its owner filed it. Else it was taken down from paper, which came so."),
    )
    handed_in_by = serializers.CharField()
    dated_on = serializers.DateField(allow_null=True)
    received_on = serializers.DateField(allow_null=True)
    recorded_at = Minute()

    def get_stands(self, row: Any) -> bool:
        """Whether it does."""
        return row.superseded_at is None


class ReminderTold(serializers.Serializer):
    """That who was asked was reminded."""

    kind = serializers.ChoiceField(Reminding.choices)
    recorded_at = Minute()


class RequestTold(serializers.Serializer):
    """What is asked, of whom, by when, and how it stands at this moment."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.CharField(source="agreement.code")
    guarantor = serializers.CharField(source="guarantor.code", allow_null=True, default=None)
    party = serializers.CharField(source="party.code", allow_null=True, default=None)
    through = serializers.CharField(
        source="through.code", allow_null=True, default=None, help_text=gettext_lazy("Who answers for the party.")
    )
    incident = serializers.SerializerMethodField(help_text=gettext_lazy("Its reference, as reports print it; or null."))
    question = serializers.CharField()
    due_at = Minute()
    state = serializers.SerializerMethodField()
    told = serializers.BooleanField(help_text=gettext_lazy("Whether the other guarantors read it."))
    reminders = ReminderTold(many=True)
    answers = WordTold(many=True)
    recorded_at = Minute()

    def get_incident(self, row: Any) -> str | None:
        """The first signs of its public id."""
        return row.incident.public_id.hex[: answers.SHORTEST_REFERENCE] if row.incident else None

    @extend_schema_field(serializers.ChoiceField([reply.value for reply in Reply]))
    def get_state(self, row: Any) -> str:
        """Worked out from when it is due and when the first answer came."""
        return requests.reply_of(row, timezone.now())


class SpeaksForSomebody(BasePermission):
    """Whether the person speaks for a guarantor or a party of some truce now."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse those who do not, not yet or no longer."""
        if not isinstance(request.user, User) or not replies_seen.voices_of(request.user):
            raise Forbidden(
                _("This is for those accredited for a guarantor state or as the liaison of a party."),
                code="not_accredited",
            )
        return True


class RepliesView(ApiView):
    """What is common: those who speak for somebody, and what they may read."""

    permission_classes = [IsAuthenticated, SpeaksForSomebody]

    @property
    def reader(self) -> User:
        """The person who asks; the permissions have seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101
        return self.request.user

    @property
    def voices(self) -> list[Voice]:
        """For whom they speak."""
        return replies_seen.voices_of(self.reader)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache keep what was told."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)


class RequestsView(RepliesView):
    """Requests."""

    def rows(self, voices: list[Voice]) -> Any:
        """What they may read, with answers and reminders. Within `reading_as`."""
        given = Prefetch("answers", RequestAnswer.objects.order_by("pk"))
        return requests.visible_to(voices).prefetch_related(given, "reminders")

    def answer(self, public_id: UUID, code: int = status.HTTP_200_OK, *, look: bool = False) -> Response:
        """Tell of one request, as it stands."""
        voices = self.voices
        with replies_seen.reading_as(voices):
            row = self.rows(voices).filter(public_id=public_id).first()
            if row is None:
                raise NotFound(_("There is no such request to you."), code="not_found")
            if look:
                audit.looked("informationrequest", by=self.reader, on=row)
            return Response(RequestTold(row).data, status=code)


class RequestsQuery(ListQuery):
    """Which requests."""

    state = one_of([("waiting", gettext_lazy("not answered")), ("answered", gettext_lazy("answered"))], required=False)


class Requests(RequestsView):
    """What is asked of you, and what other guarantors told you."""

    pagination_class = NewestFirst
    query = RequestsQuery

    @extend_schema(
        operation_id="information_requests_list", parameters=[RequestsQuery], responses=RequestTold(many=True)
    )
    def get(self, request: Request) -> Response:
        """What is asked of you, and what other guarantors told of their own; newest first."""
        pages, voices = NewestFirst(), self.voices
        audit.looked(
            "informationrequest",
            by=self.reader,
            agreement=accreditation.the_one_agreement(self.reader),
            searched="state" in self.asked,
        )
        with replies_seen.reading_as(voices):
            rows = self.rows(voices)
            if self.asked.get("state") == "waiting":
                rows = rows.open().filter(answered_at__isnull=True)
            elif "state" in self.asked:
                rows = rows.filter(answered_at__isnull=False)
            told = RequestTold(pages.paginate_queryset(rows, request, view=self), many=True)
            return pages.get_paginated_response(told.data)


class OneRequest(RequestsView):
    """One request."""

    @extend_schema(operation_id="information_requests_read", responses=RequestTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One request, with how it stands now."""
        return self.answer(id, look=True)


class RequestAnswers(RequestsView):
    """The answers to a request."""

    @extend_schema(
        operation_id="information_requests_answer",
        parameters=headers_of(201)[1:],
        request=RequestAnswerInput,
        responses={
            201: RequestTold,
            409: OpenApiResponse(description="Answered before and `replaces` does not name that answer; withdrawn."),
        },
        examples=[EXAMPLE],
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Answer for whom you speak; a correction names in `replaces` the answer whose place it takes."""
        document = RequestAnswerInput(data=request.data)
        document.is_valid(raise_exception=True)
        given = document.validated_data
        with transaction.atomic():  # it is told before another can take its place
            answered = answers.answer(
                id,
                by=self.reader,
                words=given["words"],
                language=given["language"],
                client_id=given["client_id"],
                replaces=given.get("replaces"),
                told=given["tell"],
            )
            with replies_seen.reading_as(self.voices):
                public_id = answered.answer.request.public_id
            response = self.answer(public_id, status.HTTP_201_CREATED)
        if not answered.created:
            response[REPLAYED] = "true"
        return response


class RequestTellings(RequestsView):
    """Telling a request with its answers to the others."""

    @extend_schema(operation_id="information_requests_tell", request=None, responses=RequestTold)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Tell question and answers to the other guarantors, also those that come later. It cannot be untold."""
        with transaction.atomic():
            return self.answer(answers.tell(id, by=self.reader).public_id)
