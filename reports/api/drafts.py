"""The door for drafts of months that two people release: one's own, its files, and one's comment on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from monitoring import accreditation, audit
from monitoring.api.fields import StrictSerializer, Text, YesNo
from monitoring.api.views import ListQuery
from monitoring.errors import Malformed
from monitoring.pagination import NewestFirst
from reports import comments, downloads, drafts_seen, renderers
from reports.api.editions import ReadersView
from reports.attachments import attachment
from reports.models import DraftComment, Edition, PeriodKind, Rendition

LONGEST = 5000 * comments.CHARACTERS_A_WORD
EXAMPLE = OpenApiExample(
    "A comment", request_only=True, value={"words": "The log of our post at the ford has no fire in that hour."}
)


class DraftFileTold(serializers.ModelSerializer):
    """A file of a draft, and where to fetch it."""

    id = serializers.UUIDField(source="public_id")
    href = serializers.SerializerMethodField(help_text="Where it is fetched; authorised then, and logged.")

    class Meta:
        model = Rendition
        fields = ("id", "format", "language", "file_name", "size", "sha256", "href")

    @extend_schema_field(OpenApiTypes.URI)
    def get_href(self, rendition: Rendition) -> str:
        """The address of the file."""
        return reverse("api-draft-file", kwargs={"id": rendition.public_id}, request=self.context["request"])


class CommentTold(serializers.Serializer):
    """What one's guarantor said on the draft."""

    words = serializers.CharField(help_text="Empty: it has no comment.")
    has_none = serializers.BooleanField()
    recorded_at = serializers.DateTimeField()


class DraftTold(serializers.ModelSerializer):
    """A draft: of which truce and period, until when it can be commented on, at what length, and what was said."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.CharField(source="agreement.code")
    simulated = serializers.BooleanField(source="agreement.simulated")
    guarantor = serializers.CharField(source="guarantor.code")
    period_kind = serializers.ChoiceField(PeriodKind.choices, source="closing.kind")
    period = serializers.CharField(source="closing.period")
    number = serializers.IntegerField(source="closing.number")
    cutoff_at = serializers.DateTimeField(source="closing.cutoff_at")
    content_sha256 = serializers.CharField(source="closing.content_sha256", help_text="The same for all guarantors.")
    comments_until = serializers.DateTimeField(
        source="closing.comments_until", help_text="The first instant at which no comment is taken any more."
    )
    comment_length = serializers.IntegerField(
        source="closing.version.comment_length", help_text="Words that any guarantor's comment may have."
    )
    comment = serializers.SerializerMethodField(help_text="Your guarantor's; null where it has said nothing yet.")
    files = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = (
            "id",
            "agreement",
            "simulated",
            "guarantor",
            "period_kind",
            "period",
            "number",
            "cutoff_at",
            "drafted_at",
            "comments_until",
            "comment_length",
            "content_sha256",
            "comment",
            "files",
        )

    @extend_schema_field(CommentTold(allow_null=True))
    def get_comment(self, draft: Edition) -> Any:
        """What stands of what was said."""
        row = comments.standing(draft)
        return row and _told(row)

    @extend_schema_field(DraftFileTold(many=True))
    def get_files(self, draft: Edition) -> Any:
        """The files of the draft."""
        rows = [row for row in draft.renditions.all() if row.stage == "draft"]
        return DraftFileTold(sorted(rows, key=lambda row: row.format), many=True, context=self.context).data


class CommentInput(StrictSerializer):
    """A comment, or that there is none: one of the two."""

    words = Text(max_length=LONGEST, required=False, help_text=gettext_lazy("Printed as they are."))
    has_none = YesNo(required=False, help_text=gettext_lazy("True: we have no comment."))


class NewestDraft(NewestFirst):
    """Newest draft first."""

    ordering = ("-drafted_at", "public_id")


class Drafts(ReadersView):
    """The drafts of one's guarantor."""

    pagination_class = NewestDraft
    query = ListQuery

    @extend_schema(operation_id="drafts_list", parameters=[ListQuery], responses=DraftTold(many=True))
    def get(self, request: Request) -> Response:
        """The drafts of your guarantor that are not released yet, newest first."""
        audit.looked("draft", by=self.reader, agreement=accreditation.the_one_agreement(self.reader))
        pages = NewestDraft()
        with drafts_seen.reading_as(self.reader):
            rows = Edition.objects.drafts_for(self.reader).select_related("agreement", "guarantor", "closing__version")
            rows = rows.defer("content").prefetch_related("renditions")
            drafts: Any = pages.paginate_queryset(rows, request, view=self)
            told = DraftTold(drafts, many=True, context={"request": request}).data
            return pages.get_paginated_response(told)


class OneDraft(ReadersView):
    """One draft."""

    @extend_schema(operation_id="drafts_read", responses=DraftTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One draft of your guarantor's, with its files and your comment."""
        with comments.draft_of(id, by=self.reader) as draft:
            audit.looked("draft", by=self.reader, on=draft, agreement=draft.agreement)
            return Response(DraftTold(draft, context={"request": request}).data)


class CommentOnDraft(ReadersView):
    """The comment on a draft."""

    @extend_schema(
        operation_id="drafts_comment",
        request=CommentInput,
        responses={200: CommentTold, 409: OpenApiResponse(description="The time for comments has ended.")},
        examples=[EXAMPLE],
    )
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Say something on your draft, or say it anew, until the time ends; the same again changes nothing."""
        document = CommentInput(data=request.data)
        document.is_valid(raise_exception=True)
        given: dict[str, Any] = document.validated_data
        if given.get("has_none", False) == ("words" in given):
            fault = _("Give `words`, or `has_none` as true: one of the two.")
            raise Malformed(_("Nothing was recorded: see each error."), fields={"/words": [fault]})
        if "words" in given:
            row = comments.say(id, by=self.reader, words=given["words"])
        else:
            row = comments.say_none(id, by=self.reader)
        return Response(_told(row))


class DraftFile(ReadersView):
    """A file of a draft."""

    @extend_schema(
        operation_id="drafts_download",
        responses={
            (200, media_type): OpenApiResponse(
                OpenApiTypes.OBJECT if form == "json" else OpenApiTypes.BINARY,
                description="The file, as an attachment.",
            )
            for form, media_type in renderers.MEDIA_TYPES.items()
        },
    )
    def get(self, request: Request, id: UUID) -> FileResponse:  # noqa: A002
        """The file of your draft. Whether you may have it is asked now, and that you took it is recorded."""
        return attachment(*downloads.take_draft(id, by=self.reader))


def _told(row: DraftComment) -> Any:
    return CommentTold({"words": row.words, "has_none": not row.words, "recorded_at": row.recorded_at}).data
