"""The outside sources that imports read, by the code that their reports bear: what they are and on what terms.

Kept here and not in the record: name and terms are said of a source as a whole, and a closing freezes what it printed.
Which release of a data set a file is of is not recorded; `read_by` names the codebook whose codes the import knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class OutsideSource:
    """A source as its publisher names it, and what it tells. No licence: none is known."""

    code: str
    told: Literal["incidents", "third_party_figures"]
    name: str
    publisher: str
    read_by: str = ""
    licence: str = ""
    citation: str = ""


UCDP_GED = OutsideSource(
    code="ucdp-ged",
    told="incidents",
    name="UCDP Georeferenced Event Dataset (UCDP GED)",
    publisher="Uppsala Conflict Data Program",
    read_by="UCDP GED Codebook 19.1",
    licence="CC BY 4.0, by UCDP's terms for its later releases",
    citation="Sundberg and Melander 2013, Journal of Peace Research 50(4); Högbladh 2019, UCDP GED Codebook 19.1",
)
SNHR = OutsideSource(
    code="snhr",
    told="third_party_figures",
    name="Cumulative counts of breaches of the ceasefire",
    publisher="Syrian Network for Human Rights",
)
SOURCES = {source.code: source for source in (UCDP_GED, SNHR)}
