"""Words that take a side, or say of a party what nobody found: no sentence, code list or name of ours holds one.

Names in a mechanism file are the operator's and may be official: of these a loaded word is told with its place, and
not refused. What sources write (aliases) and what instruments and holders say (texts, sources) is theirs, and quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from pydantic import BaseModel

from monitoring.faults import Fault
from monitoring.mechanism_shape import SINGLE, TABLES

if TYPE_CHECKING:
    from monitoring.mechanism_file import MechanismFile

# By language; whoever translates adds to theirs. Those of VOCABULARY first. A word counts in each form that is given.
LOADED = {
    "en": """
        accused sponsor sponsors sponsored militia militias police refuted provocation provocations
        terrorist terrorists terrorism rebel rebels regime regimes aggressor aggressors aggression occupier occupiers
        occupied occupation invader invaders enemy enemies puppet puppets proxy proxies martyr martyrs martyred
        liberated liberation cleansed massacre massacres atrocity atrocities butcher butchers brutal barbaric heroic
        gang gangs bandit bandits mercenary mercenaries separatist separatists junta guilty culprit culprits
        """,
    "ru": """
        террорист террористы террористов боевик боевики боевиков сепаратист сепаратисты сепаратистов бандит бандиты
        бандитов оккупант оккупанты оккупантов агрессор агрессоры наёмник наёмники наемники режим каратель каратели
        марионетка марионетки мученик мученики провокация провокации
        """,
    "tr": """
        terörist teröristler terör isyancı isyancılar rejim işgalci işgalciler saldırgan saldırganlar ayrılıkçı
        ayrılıkçılar paralı şehit şehitler çete çeteler provokasyon kukla
        """,
    "fa": """
        تروریست تروریست‌ها تروریستی شورشی شورشیان رژیم اشغالگر
        اشغالگران مزدور مزدوران شهید شهدا تکفیری متجاوز
        """,
    "ar": """
        إرهابي إرهابيون إرهابيين الإرهابيين متمرد متمردون المتمردين
        محتل الاحتلال مرتزقة شهيد شهداء ميليشيا ميليشيات العدو
        """,
}
# Where such a word stands in the name of a thing that is called so by all.
CALLED_SO = re.compile(r"\bregime (?:of|for) \w+|\bceasefire regime\b|режим\w* прекращения", re.IGNORECASE)
_WORDS = sorted({word for words in LOADED.values() for word in words.split()}, key=len, reverse=True)
_FOUND = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _WORDS))})(?!\w)", re.IGNORECASE)
# Keys of a mechanism file under which names of ours stand; those of other keys are codes, or somebody's own words.
NAMED = {"names", "level_names", "note", "determining_body", "handling_marking"}


def loaded_in(text: str) -> list[str]:
    """Return the loaded words of `text`, as they stand there, in its order."""
    return _FOUND.findall(CALLED_SO.sub("", text))


def of_mechanism(truce: MechanismFile) -> list[Fault]:
    """Return where a name in a mechanism file holds a loaded word, place by place; it is loaded all the same."""
    return [
        Fault(place, _("“%(word)s” takes a side; name it as United Nations documents do, if they do otherwise") % found)
        for place, name in _names(truce)
        for found in ({"word": word} for word in loaded_in(name))
    ]


def _names(truce: MechanismFile) -> Iterator[tuple[str, str]]:
    """Every name of the file with its place, as `parties[4] (river-company).names.en`."""
    for table in SINGLE:
        yield from _within(table, getattr(truce, table))
    for table in TABLES:
        yield from _listed(table, getattr(truce, table))


def _listed(place: str, entries: list[Any]) -> Iterator[tuple[str, str]]:
    for number, entry in enumerate(entries, start=1):
        code = getattr(entry, "code", "")
        yield from _within(f"{place}[{number}]" + (f" ({code})" if code else ""), entry)


def _within(place: str, entry: BaseModel) -> Iterator[tuple[str, str]]:
    for key in type(entry).model_fields:
        value = getattr(entry, key)
        if key in NAMED:
            yield from _said(f"{place}.{key}", value)
        elif isinstance(value, BaseModel):
            yield from _within(f"{place}.{key}", value)
        elif isinstance(value, list) and value and isinstance(value[0], BaseModel):
            yield from _listed(f"{place}.{key}", value)


def _said(place: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _said(f"{place}.{key}", inner)
