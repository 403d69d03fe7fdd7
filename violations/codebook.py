"""Codebook 1: the code lists of what is filed and found. Codes are data with a version; a closing records it.

The definitions (one sentence each, with origin) stand in `codebook_definitions`; here are the codes and their labels.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

VERSION = 1


class Act(models.TextChoices):
    """What was done."""

    DIRECT_FIRE = "direct_fire", _("direct fire")
    INDIRECT_FIRE = "indirect_fire", _("indirect fire")
    AIR_STRIKE = "air_strike", _("air strike")
    UAV_ATTACK = "uav_attack", _("attack by an unmanned aircraft")
    DEVICE = "device", _("explosive device or mine")
    EXPLOSION_UNDETERMINED = "explosion_undetermined", _("explosion of undetermined kind")
    FORCE_UNDETERMINED = "force_undetermined", _("use of armed force of undetermined kind")
    CHEMICAL_ALLEGATION = "chemical_allegation", _("allegation of a chemical weapon")
    RAID_OR_ADVANCE = "raid_or_advance", _("raid or advance")
    TERRITORY_TAKEN = "territory_taken", _("territory taken")
    REINFORCEMENT = "reinforcement", _("reinforcement")
    FORTIFICATION = "fortification", _("fortification")
    WEAPONS_BEHIND_LINE = "weapons_behind_line", _("weapons behind a withdrawal line")
    WEAPON_MISSING = "weapon_missing_from_storage", _("weapon missing from storage")
    MINE_LAYING = "mine_laying", _("laying of mines")
    OVERFLIGHT = "overflight", _("overflight")
    UAV_OVERFLIGHT = "uav_overflight", _("overflight by an unmanned aircraft")
    FLARE = "flare", _("flare")
    LIVE_FIRE_EXERCISE = "live_fire_exercise", _("live-fire exercise")
    CONTROLLED_DETONATION = "controlled_detonation", _("controlled detonation")
    ABDUCTION = "abduction", _("abduction")
    DETENTION = "detention", _("detention")
    DETAINEE_NOT_RELEASED = "detainee_not_released", _("detainee not released")
    LOOTING = "looting", _("looting")
    SEXUAL_VIOLENCE = "sexual_violence", _("sexual violence")
    CHILD_RECRUITMENT = "child_recruitment", _("recruitment of children")
    FORCED_DISPLACEMENT = "forced_displacement", _("forced displacement")
    AID_OBSTRUCTED = "aid_obstructed", _("aid obstructed")
    REPAIR_OBSTRUCTED = "repair_obstructed", _("repair obstructed")
    ATTACK_ON_CROSSING = "attack_on_crossing_or_post", _("attack on a crossing or post")
    MONITORS_OBSTRUCTED = "monitors_obstructed", _("monitors obstructed")
    MONITORS_THREATENED = "monitors_threatened", _("monitors threatened")
    UAV_JAMMED = "uav_jammed", _("unmanned aircraft jammed")


class ObjectHit(models.TextChoices):
    """What was hit."""

    RESIDENTIAL = "residential", _("residential")
    MEDICAL = "medical", _("medical")
    SCHOOL = "school", _("school")
    RELIGIOUS = "religious", _("religious")
    MARKET = "market", _("market")
    DISPLACED_PERSONS_SITE = "displaced_persons_site", _("displaced persons' site")
    RELIEF = "relief", _("relief")
    WATER_OR_POWER = "water_or_power", _("water or power")
    CROSSING = "crossing", _("crossing")
    CHECKPOINT = "checkpoint", _("checkpoint")
    MILITARY_POSITION = "military_position", _("military position")
    MONITORS = "monitors", _("monitors")
    OPEN_GROUND = "open_ground", _("open ground")
    UNKNOWN = "unknown", _("unknown")


class WeaponFamily(models.TextChoices):
    """With what."""

    SMALL_ARMS = "small_arms", _("small arms")
    HEAVY_MACHINE_GUN = "heavy_machine_gun", _("heavy machine gun")
    AUTOMATIC_GRENADE_LAUNCHER = "automatic_grenade_launcher", _("automatic grenade launcher")
    ANTI_AIRCRAFT_GUN = "anti_aircraft_gun", _("anti-aircraft gun")
    INFANTRY_FIGHTING_VEHICLE = "infantry_fighting_vehicle", _("infantry fighting vehicle")
    MORTAR = "mortar", _("mortar")
    ARTILLERY = "artillery", _("artillery")
    MLRS = "mlrs", _("multiple-launch rocket system")
    TANK = "tank", _("tank")
    ANTI_TANK_GUIDED_MISSILE = "anti_tank_guided_missile", _("anti-tank guided missile")
    RECOILLESS_GUN = "recoilless_gun", _("recoilless gun")
    MISSILE = "missile", _("missile")
    AIRCRAFT = "aircraft", _("aircraft")
    HELICOPTER = "helicopter", _("helicopter")
    UAV = "uav", _("unmanned aircraft")
    CLUSTER_MUNITION = "cluster_munition", _("cluster munition")
    INCENDIARY = "incendiary", _("incendiary")
    BARREL_BOMB = "barrel_bomb", _("barrel bomb")
    MINE = "mine", _("mine")
    IED = "ied", _("improvised explosive device")
    CHEMICAL = "chemical", _("chemical")
    OTHER = "other", _("other")
    UNDETERMINED = "undetermined", _("undetermined")


class Means(models.TextChoices):
    """How it was observed."""

    HEARD = "heard", _("heard")
    SAW = "saw", _("saw")
    SAW_AND_HEARD = "saw_and_heard", _("saw and heard")
    UAV = "uav", _("unmanned aircraft")
    CAMERA = "camera", _("camera")
    ACOUSTIC_SENSOR = "acoustic_sensor", _("acoustic sensor")
    RADAR = "radar", _("radar")
    IMAGERY = "imagery", _("imagery")
    CRATER_ANALYSIS = "crater_analysis", _("crater analysis")
    WITNESS_INTERVIEW = "witness_interview", _("witness interview")
    PARTY_NOTIFICATION = "party_notification", _("notification by a party")
    OPEN_SOURCE = "open_source", _("open source")
    MEDICAL_RECORD = "medical_record", _("medical record")


class Observed(models.TextChoices):
    """What the observer heard or saw of it."""

    EXPLOSION = "explosion", _("explosion")
    BURST = "burst", _("burst")
    SHOT = "shot", _("shot")
    PROJECTILE_IN_FLIGHT = "projectile_in_flight", _("projectile in flight")
    MUZZLE_FLASH = "muzzle_flash", _("muzzle flash")
    ILLUMINATION_FLARE = "illumination_flare", _("illumination flare")
    IMPACT = "impact", _("impact")
    AIRBURST = "airburst", _("airburst")


class Phase(models.TextChoices):
    """At which end of its way a projectile was heard or seen."""

    OUTGOING = "outgoing", _("outgoing")
    INCOMING = "incoming", _("incoming")
    IN_FLIGHT = "in_flight", _("in flight")
    UNDETERMINED = "undetermined", _("undetermined")


class BearingUnit(models.TextChoices):
    """How a direction was read."""

    COMPASS = "compass", _("point of the compass")
    DEGREES = "degrees", _("degrees")
    MILS_6400 = "mils_6400", _("mils, 6400 to the circle")
    MILS_6000 = "mils_6000", _("mils, 6000 to the circle")


class North(models.TextChoices):
    """From which north a direction was read."""

    TRUE = "true", _("true north")
    MAGNETIC = "magnetic", _("magnetic north")


class CountQualifier(models.TextChoices):
    """How sure a count is."""

    EXACT = "exact", _("exact")
    ABOUT = "about", _("about")
    AT_LEAST = "at_least", _("at least")
    UP_TO = "up_to", _("up to")
    UNCOUNTABLE = "uncountable", _("uncountable")


class CountUnit(models.TextChoices):
    """What is counted; units are never mixed."""

    EXPLOSION = "explosion", _("explosion")
    BURST = "burst", _("burst")
    SHOT = "shot", _("shot")
    CASE_OF_FIRE = "case_of_fire", _("case of opening fire")
    INCIDENT = "incident", _("incident")


class Consent(models.TextChoices):
    """What the person who told a monitor agreed to; blank where nobody told."""

    GIVEN = "given", _("may be used and shared")
    ANONYMOUS = "anonymous", _("may be shared where nothing points to the source")
    INTERNAL = "internal", _("for the moderators only")
    NOT_ASKED = "not_asked", _("not asked")


class PlacePrecision(models.TextChoices):
    """How finely a place is known."""

    EXACT = "exact", _("exact (10 m)")
    VICINITY = "vicinity", _("vicinity (100 m)")
    LOCALITY = "locality", _("locality (1 km)")
    SURROUNDINGS = "surroundings", _("surroundings (25 km)")
    DISTRICT = "district", _("district")
    GOVERNORATE = "governorate", _("governorate")
    COUNTRY = "country", _("country")
    LINE = "line", _("line")
    SECTOR = "sector", _("sector")
    OUTSIDE = "outside", _("outside")


class TimePrecision(models.TextChoices):
    """How finely a time is known."""

    MINUTE = "minute", _("minute")
    HOUR = "hour", _("hour")
    DAY = "day", _("day")
    DAYS_2_6 = "days_2_6", _("two to six days")
    WEEK = "week", _("week")
    MONTH = "month", _("month")
    LONGER = "longer", _("longer")


class Role(models.TextChoices):
    """In what role a report names a party."""

    ALLEGED = "alleged", _("alleged to have acted")
    TARGET = "target", _("acted against")
    INVOLVED = "involved", _("involved, no direction known")


class Noticed(models.TextChoices):
    """What is odd about an imported report though it may be true: kept, told, and counted by the rules of precision."""

    BOUNDS_OUT_OF_ORDER = "bounds_out_of_order", _("the bounds of a count are out of order")
    PARTS_DIFFER = "parts_differ", _("the parts of a count do not add up to it")
    WIDER_THAN_STATED = "wider_than_stated", _("the dates are wider apart than the precision stated")
    LONGER_THAN_A_MONTH = "longer_than_a_month", _("the dates span more than a month")
    ON_NO_SHAPE = "on_no_shape", _("the point lies in no area whose shape is known")
    PLACE_DIFFERS = "place_differs", _("the area as written is not where the point lies")
    SAME_KEYS = "same_keys", _("another of its source has the same days, point, parties and count")


class LinkKind(models.TextChoices):
    """How a report belongs to an incident; 'related' does not make it a member."""

    SAME_EVENT = "same_event", _("same event")
    DUPLICATE = "duplicate", _("duplicate")
    PART_OF_SERIES = "part_of_series", _("part of a series")
    RELATED = "related", _("related")


class ReviewState(models.TextChoices):
    """Where the review of a report stands."""

    SUBMITTED = "submitted", _("submitted")
    UNDER_REVIEW = "under_review", _("under review")
    RETURNED = "returned", _("returned with a question")
    AWAITING_REPLY = "awaiting_reply", _("awaiting a reply")
    LINKED = "linked", _("linked")
    DUPLICATE = "duplicate", _("duplicate")
    WITHDRAWN = "withdrawn", _("withdrawn")
    SUPERSEDED = "superseded", _("superseded by a correction")


class Scope(models.TextChoices):
    """Whether the truce applies there, then, to those named; in order of precedence."""

    OUTSIDE_PERIOD = "outside_period", _("outside the period of the truce")
    OUTSIDE_AREA = "outside_area", _("outside the area of the truce")
    EXCLUDED_DESIGNATED = "excluded_designated", _("a designated group is concerned")
    EXCLUDED_NON_SIGNATORY = "excluded_non_signatory", _("a party that did not sign is concerned")
    DISPUTED = "disputed", _("scope is disputed")
    NOT_ASSESSED = "not_assessed", _("scope is not assessed")
    IN_SCOPE = "in_scope", _("in scope")


OUT_OF_SCOPE = (
    Scope.OUTSIDE_PERIOD,
    Scope.OUTSIDE_AREA,
    Scope.EXCLUDED_DESIGNATED,
    Scope.EXCLUDED_NON_SIGNATORY,
)


class Verification(models.TextChoices):
    """Whether an incident stands."""

    NOT_CHECKED = "not_checked", _("not checked")
    VERIFIED = "verified", _("verified")
    PROBABLE = "probable", _("probable")
    INCONCLUSIVE = "inconclusive", _("checked, cannot be established")
    DISCOUNTED = "discounted", _("checked, did not happen so")


class Conduct(models.TextChoices):
    """Whether what happened was a breach."""

    BREACH = "breach", _("breach")
    NO_BREACH = "no_breach", _("no breach")
    UNDETERMINED = "undetermined", _("undetermined")


class Attribution(models.TextChoices):
    """Whether a party could be named."""

    ATTRIBUTED = "attributed", _("attributed")
    TO_SEVERAL_PARTIES = "to_several_parties", _("to several parties")
    NOT_ATTRIBUTABLE = "not_attributable", _("not attributable")
    CONTESTED = "contested", _("contested")
    NOT_ASSESSED = "not_assessed", _("not assessed")


class Confidence(models.TextChoices):
    """How sure the attribution is."""

    HIGH = "high", _("high")
    MODERATE = "moderate", _("moderate")
    LOW = "low", _("low")


class Basis(models.TextChoices):
    """On what the attribution rests."""

    OBSERVED = "observed", _("observed")
    SENSOR = "sensor", _("sensor")
    COUNTER_BATTERY_RADAR = "counter_battery_radar", _("counter-battery radar")
    DIRECTION_OF_FIRE = "direction_of_fire", _("direction of fire")
    AREA_OF_CONTROL = "area_of_control", _("area of control")
    CRATER_OR_MUNITION_ANALYSIS = "crater_or_munition_analysis", _("crater or munition analysis")
    ADMISSION = "admission", _("admission")
    PARTY_NOTIFICATION = "party_notification", _("notification by a party")
    WITNESS = "witness", _("witness")
    OPEN_SOURCE = "open_source", _("open source")


class Standing(models.TextChoices):
    """How far a finding has come. 'One-sided' is how one proposed reads after its second_by; never written."""

    PROPOSED = "proposed", _("proposed")
    PRELIMINARY = "preliminary", _("preliminary")
    DETERMINED = "determined", _("determined")
    DATA_SET = "data_set", _("data set")


AGREED = (Standing.PRELIMINARY, Standing.DETERMINED, Standing.DATA_SET)


class Channel(models.TextChoices):
    """How a filing came to a duty officer who handed it in; blank where its filer handed it in."""

    CALLER = "caller", _("told by a caller")
    PAPER = "paper", _("from paper")


class DutyOutcome(models.TextChoices):
    """What a duty officer said of an entry of a team's log."""

    CHECKED = "checked", _("checked")
    ASKED = "asked", _("asked of its filer")
    UNDONE = "undone", _("check taken back")


class PatrolKind(models.TextChoices):
    """How a team observed."""

    PATROL = "patrol", _("patrol")
    POST = "post", _("fixed post")
    WATCH = "watch", _("watch with a log")


class RestrictionKind(models.TextChoices):
    """How a team's movement was restricted."""

    DENIED = "denied", _("denied")
    DELAYED = "delayed", _("delayed")
    CONDITIONAL = "conditional", _("allowed on conditions")


class LedgerDay(models.TextChoices):
    """What a guarantor's ledger holds for a day."""

    RETURNED = "returned", _("returned")
    NIL = "nil", _("nil return")
    MISSING = "missing", _("missing: due and not received")
    NOT_HELD = "not_held", _("not held: published, but we lack it")
    NONE_KNOWN = "none_known", _("none known: no publication is known")
    NOT_DUE = "not_due", _("not due")


class Counted(models.TextChoices):
    """What a third party's figure is a number of."""

    BREACHES = "breaches", _("breaches, as the publisher understands them")
    KILLED = "killed", _("persons killed, as the publisher counts them")


# What a mechanism file is checked against, by the lists that it names codes of.
FOR_MECHANISMS = {
    "acts": Act.values,
    "units": CountUnit.values,
    "objects": ObjectHit.values,
    "weapons": WeaponFamily.values,
    "means": Means.values,
}
