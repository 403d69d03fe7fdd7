"""The code lists, with what each code means, by language: what a client offers to choose from without a line."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from monitoring.api.reference import answers
from monitoring.api.told import Names
from monitoring.api.views import KeptView
from monitoring.errors import Forbidden
from violations import codebook
from violations.codebook_definitions import LISTS


class CodeTold(serializers.Serializer):
    """A code, its name and what it means."""

    code = serializers.CharField()
    names = Names()
    definitions = Names()


class CodeListTold(serializers.Serializer):
    """A list of codes and where it comes from."""

    name = serializers.CharField()
    origin = serializers.CharField()
    codes = CodeTold(many=True)


class CodebookTold(serializers.Serializer):
    """All code lists. A meaning that changes is a new version."""

    version = serializers.IntegerField()
    results = CodeListTold(many=True)


class CodeLists(KeptView):
    """The code lists."""

    @extend_schema(operation_id="code_lists", responses=answers(CodebookTold))
    def get(self, request: Request) -> HttpResponseBase:
        """Every code list with names and definitions, in all languages that this service speaks."""
        if not self.held.exists():
            raise Forbidden(_("Only those who are accredited read the code lists."), code="not_accredited")
        return self.kept(CodebookTold(_codebook()).data)


@cache
def _codebook() -> dict[str, Any]:
    return {
        "version": codebook.VERSION,
        "results": [
            {
                "name": name,
                "origin": found.origin,
                "codes": [
                    {"code": code, "names": _said(label), "definitions": _said(found.definitions[code])}
                    for code, label in found.codes.choices
                ],
            }
            for name, found in LISTS.items()
        ],
    }


def _said(words: Any) -> dict[str, str]:
    """The words in each language."""
    told = {}
    for language in languages():
        with translation.override(language):
            told[language] = str(words)
    return told


@cache
def languages() -> list[str]:
    """English, and each language for which this service has a catalogue of its own."""
    rooms = [Path(apps.get_app_config(name).path) for name in ("monitoring", "violations")]
    spoken = [
        code
        for code, _name in settings.LANGUAGES
        if any((room / "locale" / translation.to_locale(code)).is_dir() for room in rooms)
    ]
    return list(dict.fromkeys(["en", *spoken]))
