"""The door for guarantors' own lists of cases: hand in, read, tell to the others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from monitoring import accreditation, audit
from monitoring.api.fields import Day, Instant, Minute, StrictSerializer, Text, one_of
from monitoring.api.views import ApiView
from monitoring.errors import Forbidden
from monitoring.models import User
from violations import case_lists, codebook
from violations.api.monitors import REPLAYED, headers_of
from violations.api.report_input import named_by_client
from violations.case_list_order import told_by_others
from violations.case_sources import told_of
from violations.models import CaseList

LONGEST_TEXT = 240_000
EXAMPLE = OpenApiExample(
    "Two cases as CSV",
    request_only=True,
    value={
        "agreement": "exercise",
        "from": "2025-03-01",
        "until": "2025-04-01",
        "form": "csv",
        "text": "reference,date,time,area,act,alleged,killed\nA-1,2025-03-05,14:20,VA01,indirect_fire,south-guard,0\n"
        "A-2,2025-03-06,,Old Harbour,direct_fire,,\n",
    },
)


class ListInput(StrictSerializer):
    """A list of the cases of the days [from, until), as the text of a file. Without a case it says: there were none."""

    set_by_service = frozenset({"id", "owner", "told", "told_at", "stands", "recorded_at", "content_sha256"})

    client_id = named_by_client(
        required=False,
        help_text=gettext_lazy(
            "Your own name of this handing in, a random UUID at best. Left out, the same days and text are the same."
        ),
    )
    agreement = Text(max_length=80, help_text=gettext_lazy("Code of the truce."))
    until = Day(help_text=gettext_lazy("The first day that the list no longer covers."))
    form = one_of(CaseList.Form.choices)
    text = Text(
        max_length=LONGEST_TEXT,
        trim_whitespace=False,
        help_text=gettext_lazy(
            "CSV with a head, or JSON: a list of objects. Columns: reference, their_reference, date, time, place, area,"
            " longitude, latitude, precision, act, alleged, killed, injured; date and act are required."
        ),
    )

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {**super().get_fields(), "from": Day()}


class ListTold(serializers.Serializer):
    """A list of cases: whose, of which days, and whether it is told to the others."""

    id = serializers.UUIDField(source="public_id")
    agreement = serializers.CharField(source="agreement.code")
    owner = serializers.CharField(source="owner.code")
    until = serializers.DateField(source="until_date")
    told = serializers.SerializerMethodField(
        help_text=gettext_lazy("Otherwise it is a draft that its owner alone reads.")
    )
    told_at = Minute(source="telling.recorded_at", allow_null=True, default=None)
    stands = serializers.SerializerMethodField(help_text=gettext_lazy("Whether no other of yours took its place."))
    form = serializers.ChoiceField(CaseList.Form.choices)
    recorded_at = Minute()
    content_sha256 = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": serializers.DateField(source="from_date"), **super().get_fields()}

    def get_stands(self, case_list: CaseList) -> bool:
        """Whether it is open."""
        return case_list.superseded_at is None

    def get_told(self, case_list: CaseList) -> bool:
        """Whether the others may read it."""
        return case_lists.is_told(case_list)


class CaseTold(serializers.Serializer):
    """One case of a list, as its owner lists it."""

    number = serializers.IntegerField(allow_null=True)
    reference = serializers.CharField()
    occurred_from = Instant()
    occurred_until = Instant()
    area = serializers.CharField(allow_null=True)
    place = serializers.CharField()
    act = serializers.ChoiceField(codebook.Act.choices)
    alleged = serializers.CharField()
    killed = serializers.IntegerField(allow_null=True)
    injured = serializers.IntegerField(allow_null=True)


class OneListTold(ListTold):
    """A list with its cases."""

    cases = CaseTold(many=True)


class ToldByOther(serializers.Serializer):
    """That another guarantor told a list: of which days, and when. Its rows are read once both have told theirs."""

    agreement = serializers.CharField(source="agreement.code")
    owner = serializers.CharField(source="owner.code")
    until = serializers.DateField(source="until_date")
    told_at = Minute(source="telling.recorded_at")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Add `from`, which is a word of Python's."""
        return {"from": serializers.DateField(source="from_date"), **super().get_fields()}


class ListsTold(serializers.Serializer):
    """The lists that you may read, the newest days first, and what others told, whether you may read it yet or not."""

    results = ListTold(many=True)
    told_by_others = ToldByOther(many=True)


class SpeaksForGuarantor(BasePermission):
    """Whether the person speaks for a guarantor of some truce now."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Refuse those who do not, not yet or no longer."""
        if not isinstance(request.user, User) or not case_lists.speaking(request.user):
            raise Forbidden(_("This is for those accredited for a guarantor state."), code="not_accredited")
        return True


class ListsView(ApiView):
    """What is common: those who speak for a guarantor, and nobody else."""

    permission_classes = [IsAuthenticated, SpeaksForGuarantor]

    @property
    def reader(self) -> User:
        """The person who asks; the permissions have seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101
        return self.request.user

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache keep what was told."""
        response["Cache-Control"] = "no-store"
        return super().finalize_response(request, response, *args, **kwargs)

    def answer(self, public_id: UUID, code: int = status.HTTP_200_OK) -> Response:
        """Tell of one list, with its cases."""
        found, reader = case_lists.read(public_id, by=self.reader)
        with case_lists.reading_own(reader):
            cases = [told_of(row) for row in case_lists.cases_of(found)]
        where = reverse("api-case-list", kwargs={"id": found.public_id}, request=self.request)
        told = {**ListTold(found).data, "cases": cases}
        return Response(told, status=code, headers={"Location": where})

    def first_answer(self, handed_in: case_lists.HandedIn) -> Response:
        """Tell of a list as it was when it was handed in: a draft that stands."""
        answer = self.answer(handed_in.case_list.public_id, status.HTTP_201_CREATED)
        answer.data |= {"told": False, "told_at": None, "stands": True}
        if not handed_in.created:
            answer[REPLAYED] = "true"
        return answer


class CaseLists(ListsView):
    """Hand in a list; list those that one may read."""

    @extend_schema(operation_id="case_lists_list", responses=ListsTold)
    def get(self, request: Request) -> Response:
        """Your own lists that stand, and those that another told you: each is shown once both have told theirs.

        That another told a list is shown at once, in `told_by_others`.
        """
        found: list[CaseList] = []
        others: list[CaseList] = []
        audit.looked("caselist", by=self.reader, agreement=accreditation.the_one_agreement(self.reader))
        for agreement, reader in case_lists.speaking(self.reader):
            with case_lists.reading_own(reader):
                found += case_lists.readable(agreement, reader)
            others += told_by_others(agreement, reader)
        told = {"results": ListTold(found, many=True).data, "told_by_others": ToldByOther(others, many=True).data}
        return Response(told)

    @extend_schema(
        operation_id="case_lists_hand_in",
        parameters=headers_of(201),
        request=ListInput,
        responses={
            201: OneListTold,
            409: OpenApiResponse(
                description="Another list covers a part of these days, they are not over, or the client id is taken."
            ),
        },
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Hand in a list as a draft, in place of the draft of the same days.

        The same again is answered as the first time, whatever took its place since, and nothing is recorded.
        """
        document = ListInput(data=request.data)
        document.is_valid(raise_exception=True)
        given = document.validated_data
        held = {agreement.code: agreement for agreement, _reader in case_lists.speaking(self.reader)}
        if given["agreement"] not in held:
            raise Forbidden(_("Your account speaks for no guarantor of such a truce."), code="not_accredited")
        with transaction.atomic():  # it is told before another can take its place
            handed_in = case_lists.hand_in_once(
                held[given["agreement"]],
                given["text"],
                given["form"],
                from_date=given["from"],
                until_date=given["until"],
                by=self.reader,
                client_id=given.get("client_id", ""),
            )
            return self.first_answer(handed_in)


class OneCaseList(ListsView):
    """One list."""

    @extend_schema(operation_id="case_lists_read", responses=OneListTold)
    def get(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """One list that stands and that you may read, with its cases."""
        audit.looked("caselist", by=self.reader, on=case_lists.read(id, by=self.reader)[0])
        return self.answer(id)


class Telling(ListsView):
    """Telling a list to the others."""

    @extend_schema(operation_id="case_lists_tell", request=None, responses=OneListTold)
    def post(self, request: Request, id: UUID) -> Response:  # noqa: A002
        """Tell your list to the other guarantors, row by row as you filed it. It cannot be untold, only told anew."""
        with transaction.atomic():
            return self.answer(case_lists.tell(id, by=self.reader).public_id)
