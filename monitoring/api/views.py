"""What every door of the API keeps to: a query it does not know is a fault; what a client holds is not sent again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from monitoring import accreditation
from monitoring.api.fields import StrictSerializer, Text
from monitoring.models import User
from monitoring.pagination import NewestFirst


class Query(StrictSerializer):
    """What a door may be asked after the question mark; here nothing."""

    def _refused(self, name: str) -> Any:
        return _("There is no such parameter here. Check its spelling.")


class ListQuery(Query):
    """Which page of a list."""

    limit = serializers.IntegerField(
        min_value=1, max_value=NewestFirst.max_page_size, required=False, help_text=gettext_lazy("Entries a page.")
    )
    cursor = Text(required=False, max_length=500, help_text=gettext_lazy("From `next` or `previous`; of no meaning."))


class ApiView(APIView):
    """Every door: it takes the parameters of `query` where it is read, and none where something is handed in."""

    query: type[Query] = Query
    asked: Mapping[str, Any] = {}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Ask who it is, then read the query: every fault is told, a parameter given twice too."""
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS" or request.method not in self.allowed_methods:
            return  # no door answers it, whatever it asks
        given = request.query_params
        twice = {name: [_("Give this once.")] for name, values in given.lists() if len(values) > 1}
        if twice:
            raise ValidationError(twice)
        reads = request.method in {"GET", "HEAD"}
        self.asked = (self.query if reads else Query).read(given.dict())


class AccreditedView(ApiView):
    """A door for whoever is accredited, as what they are."""

    @property
    def person(self) -> User:
        """The person who asks; the permissions have seen to it that there is one."""
        assert isinstance(self.request.user, User)  # noqa: S101
        return self.request.user

    @property
    def held(self) -> Any:
        """Every accreditation that they hold now."""
        return accreditation.held_by(self.person, *accreditation.Role.values)


class KeptView(AccreditedView):
    """Reference data: whole, with an ETag, so that a client that is offline for weeks asks for what changed alone."""

    def kept(self, content: Any) -> HttpResponseBase:
        """Answer with `content`, or 304 where the client has it. The tag is made of what is told and nothing else."""
        told = JSONRenderer().render(content)
        kind = self.request.accepted_renderer.media_type.encode()
        etag = quote_etag(hashlib.sha256(kind + b"\n" + told).hexdigest()[:32])
        response = Response(content, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        return get_conditional_response(self.request, etag=etag, response=response) or response
