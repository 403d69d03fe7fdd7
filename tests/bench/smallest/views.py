"""The smallest views: no serializer, no transaction, one INSERT."""

from __future__ import annotations

from typing import Any

from rest_framework import status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tests.bench.smallest.models import Note


class Entered(APIView):
    """For a device with a token, counted among the account's requests: by the settings, as every door is."""

    def post(self, request: Request) -> Response:
        """Keep the document."""
        return Response({"id": Note.objects.create(document=request.data).pk}, status=status.HTTP_201_CREATED)


class Open(Entered):
    """For anybody: nobody is asked who they are, and nothing is counted. No door of this service is like it."""

    authentication_classes: list[Any] = []
    permission_classes = [AllowAny]
    throttle_classes: list[Any] = []
