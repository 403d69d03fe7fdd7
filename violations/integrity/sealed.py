"""What holds of what is sealed: a source for each report that a person filed, and corrections that wait for their turn.

It is ciphertext, hidden, and nowhere else.
"""

from __future__ import annotations

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from monitoring.integrity import Invariant
from violations import sealing
from violations.models import SealedSource, WaitingCorrection

# Of a chain every revision is filed by one person; what was imported has no filer.
ONE_EACH = """
select 'report ' || report.public_id as what
from (select report.*, sealed.id as sealed_id, sealed.recorded_at as sealed_at, sealed.filer_tag,
             min(sealed.filer_tag) over (partition by report.chain) as one_filer
      from violations_incidentreport report
      left join violations_sealedsource sealed on sealed.report_id = report.id) report
where (report.source = '') <> (report.sealed_id is not null) or report.sealed_at <> report.recorded_at
   or report.filer_tag <> report.one_filer
"""

# A token of Fernet: version, time, vector, blocks and HMAC in base64; what is in it fills whole blocks of ours.
_NO_TOKEN = f"""(token !~ '^gAAAA[A-Za-z0-9_-]+={{0,2}}$'
   or (length(token) / 4 * 3 - (length(token) - length(rtrim(token, '='))) - 73) % {sealing.BLOCK} <> 0)"""

CIPHERTEXT = f"""
select 'report ' || report.public_id as what
from (select report_id, encode(sealed, 'escape') as token from violations_sealedsource) sealed
join violations_incidentreport report on report.id = sealed.report_id
where {_NO_TOKEN}
"""

WAITING_CIPHERTEXT = f"""
select 'waiting ' || receipt as what
from (select receipt, encode(sealed, 'escape') as token from violations_waitingcorrection) sealed
where {_NO_TOKEN}
"""

# What took its place is a revision of that receipt, written then; what waits is none.
WAITING = """
select 'waiting ' || kept.receipt as what
from violations_waitingcorrection kept
left join violations_incidentreport report on report.receipt = kept.receipt
left join violations_sealedsource sealed on sealed.report_id = report.id
where (kept.superseded_at is null) <> (report.id is null)
   or (report.agreement_id, sealed.filer_tag, sealed.client_id)
      is distinct from (kept.agreement_id, kept.filer_tag, kept.client_id) and report.id is not null
   or report.recorded_at > kept.superseded_at
"""

# Asked without a context, in which no row is shown.
HIDDEN = """
select 'report ' || report.public_id as what
from violations_sealedsource sealed join violations_incidentreport report on report.id = sealed.report_id
union all
select 'waiting ' || receipt from violations_waitingcorrection
union all
select relname || ': row-level security' from pg_class
where oid in ('violations_sealedsource'::regclass, 'violations_waitingcorrection'::regclass)
  and not (relrowsecurity and relforcerowsecurity)
union all
select policyname || ': policy' from pg_policies
where tablename = 'violations_sealedsource' and policyname not in ('sealed_insert', 'sealed_select', 'sealed_anew')
   or tablename = 'violations_waitingcorrection'
      and policyname not in ('sealed_insert', 'sealed_select', 'sealed_close', 'sealed_anew')
"""


TAG_LENGTH = 64  # characters


def nowhere_else() -> str:
    """SQL: rows of other tables with something that is like what is sealed, or with the tag of a filer.

    Of every room's tables: it is asked where every row is seen, sealed or not released.
    """
    statements = []
    for model in apps.get_models(include_auto_created=True):
        table, key = model._meta.db_table, model._meta.pk.column
        asked = [_holding(column) for column in model._meta.local_concrete_fields]
        told = " or ".join(filter(None, asked))
        if told and model not in (SealedSource, WaitingCorrection):
            statements.append(f"select '{table} ' || here.{key} as what from {table} here where {told}")
    tags = (
        "with tags as materialized (select filer_tag from violations_sealedsource "
        "union select filer_tag from violations_waitingcorrection)"
    )
    return f"{tags} {' union all '.join(statements)}"


def _holding(column: models.Field) -> str:
    """SQL: whether a column holds a filer's tag, where it is long enough for that, or, where any text fits, a token."""
    inner = column.base_field if isinstance(column, ArrayField) else column
    if not isinstance(inner, models.CharField | models.TextField | models.JSONField) or inner.choices:
        return ""
    if inner.max_length is None:
        text = f"here.{column.column}::text"
        return f"(strpos({text}, 'gAAAA') > 0 and {text} ~ 'gAAAA[A-Za-z0-9_-]{{80}}')"
    if inner.max_length < TAG_LENGTH or inner is not column:
        return ""
    return f"here.{column.column} in (select filer_tag from tags)"


INVARIANTS = (
    Invariant(
        "sealed_one_each",
        _("Each report that a person filed has its sealed source, by one filer a chain; an imported one has none"),
        ONE_EACH,
        within=sealing.counting,
    ),
    Invariant(
        "sealed_as_ciphertext",
        _("What is sealed is ciphertext"),
        f"{CIPHERTEXT} union all {WAITING_CIPHERTEXT}",
        within=sealing.counting,
    ),
    Invariant(
        "waiting_or_placed",
        _("A correction that came too early waits, or is the revision that bears its receipt"),
        WAITING,
        within=sealing.counting,
    ),
    Invariant("sealed_hidden", _("No sealed source is shown to whoever does not say for whom"), HIDDEN),
)
