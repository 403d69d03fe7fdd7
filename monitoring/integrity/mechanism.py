"""What holds of the mechanism's history: versions and boundary sets follow one another, shapes can be placed by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from monitoring.integrity.invariants import Invariant

VERSIONS = """
select 'agreement ' || agreement.code || ', version ' || version.number as what
from (select version.*, lead(recorded_at) over follows as next_at, row_number() over follows as place
      from monitoring_mechanismversion version
      window follows as (partition by agreement_id order by recorded_at, id)) version
join monitoring_agreement agreement on agreement.id = version.agreement_id
where version.superseded_at is distinct from version.next_at or version.number <> version.place
union all
select 'agreement ' || code from monitoring_agreement agreement
where not exists (select from monitoring_mechanismversion version where version.agreement_id = agreement.id)
"""

BOUNDARY_SETS = """
select 'boundary set ' || id || ', ' || level as what
from (select drawn.*, lead(recorded_at) over (partition by agreement_id, level order by recorded_at, id) as next_at
      from monitoring_boundaryset drawn) drawn
where superseded_at is distinct from next_at
"""

PIECES = """
select 'boundary set ' || shape.boundary_set_id || ', area ' || area.code as what
from monitoring_areashape shape join monitoring_area area on area.id = shape.area_id
where not exists (select from monitoring_areapiece piece
                  where piece.boundary_set_id = shape.boundary_set_id and piece.area_id = shape.area_id)
union all
select 'boundary set ' || piece.boundary_set_id || ', piece ' || piece.id from monitoring_areapiece piece
where not exists (select from monitoring_areashape shape
                  where piece.boundary_set_id = shape.boundary_set_id and piece.area_id = shape.area_id)
"""

# A person is ever sent by the same one within an agreement.
SENDERS = """
select 'agreement ' || agreement.code || ', user ' || held.user_id as what
from monitoring_accreditation held join monitoring_agreement agreement on agreement.id = held.agreement_id
group by agreement.code, held.user_id
having count(distinct coalesce(held.sent_by_guarantor_id, 0)) > 1
    or count(distinct coalesce(held.sent_by_party_id, 0)) > 1
    or bool_or(held.sent_by_guarantor_id is not null and held.sent_by_party_id is not null)
"""

INVARIANTS = (
    Invariant(
        "versions_follow",
        _("Of each agreement one mechanism version stands, numbered from 1, each closed as the next was recorded"),
        VERSIONS,
    ),
    Invariant(
        "boundary_sets_follow",
        _("Of each level one boundary set stands, each before it closed as the next was recorded"),
        BOUNDARY_SETS,
    ),
    Invariant("shapes_in_pieces", _("Every shape has its pieces, and every piece its shape"), PIECES),
    Invariant("one_sender", _("Nobody was sent to an agreement by two"), SENDERS),
)
