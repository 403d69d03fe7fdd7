"""What each code of codebook 1 means, in one sentence, and where each list comes from.

The codes themselves stand in `codebook`; those of moderation are told by `moderation_definitions`. A meaning that
changes is a new version of the codebook.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from violations import codebook
from violations.code_list import OURS, CodeList
from violations.moderation_definitions import OF_MODERATION

OSCE = "After the tables of daily reports of the OSCE Special Monitoring Mission to Ukraine."
TRUCES = "Acts that truce agreements forbid and that monitoring missions report, gathered by this project."

_ACTS = {
    "direct_fire": _("Fire at a target that the firer sees: rifles, machine guns, tank guns, guided missiles."),
    "indirect_fire": _("Fire over a distance at a target out of sight: mortars, artillery, rockets."),
    "air_strike": _("A weapon released from an aircraft with a crew."),
    "uav_attack": _("A weapon released from, or carried by, an aircraft without a crew."),
    "device": _("An explosive device or a mine that was placed and went off."),
    "explosion_undetermined": _("An explosion whose kind nobody could tell."),
    "force_undetermined": _("Armed force was used; the source does not say of which kind."),
    "chemical_allegation": _("Somebody alleges that a toxic chemical was used as a weapon."),
    "raid_or_advance": _("Armed persons entered ground that others held, whether or not they stayed."),
    "territory_taken": _("Ground changed hands by force."),
    "reinforcement": _("Persons, weapons or supplies were brought up where the truce forbids it."),
    "fortification": _("Positions were built or strengthened where the truce forbids it."),
    "weapons_behind_line": _("Weapons stood nearer than a withdrawal line allows."),
    "weapon_missing_from_storage": _("A weapon that was to be kept in storage was not there."),
    "mine_laying": _("Mines were laid."),
    "overflight": _("An aircraft with a crew flew where the truce forbids it."),
    "uav_overflight": _("An aircraft without a crew flew where the truce forbids it."),
    "flare": _("A light was fired to illuminate or to signal."),
    "live_fire_exercise": _("Weapons were fired in training."),
    "controlled_detonation": _("Explosives were set off on purpose and under control, as in demining."),
    "abduction": _("A person was taken away unlawfully."),
    "detention": _("A person was held by those who claim the right to hold them."),
    "detainee_not_released": _("A person who was to be released under the truce was not."),
    "looting": _("Property was taken by force or under the cover of fighting."),
    "sexual_violence": _("An act of a sexual nature was forced on a person."),
    "child_recruitment": _("A person under eighteen was enlisted or used by an armed party."),
    "forced_displacement": _("People were made to leave where they live."),
    "aid_obstructed": _("Relief was stopped, delayed or attacked."),
    "repair_obstructed": _("The repair of infrastructure was stopped, delayed or attacked."),
    "attack_on_crossing_or_post": _("A crossing point, checkpoint or observation post under the truce was attacked."),
    "monitors_obstructed": _("Monitors were kept from going or looking where they may."),
    "monitors_threatened": _("Monitors were threatened or attacked."),
    "uav_jammed": _("The signal of the monitors' aircraft was interfered with."),
}

_OBJECTS = {
    "residential": _("Where people live."),
    "medical": _("A hospital, clinic, ambulance or other place or means of care."),
    "school": _("A place of teaching."),
    "religious": _("A place of worship."),
    "market": _("Where people buy and sell."),
    "displaced_persons_site": _("Where displaced people live together."),
    "relief": _("Relief goods, vehicles or stores."),
    "water_or_power": _("What brings water or electricity."),
    "crossing": _("A point where people may cross a line."),
    "checkpoint": _("A post that controls passage."),
    "military_position": _("Where an armed party has its people or weapons."),
    "monitors": _("Monitors, their vehicles, aircraft or posts."),
    "open_ground": _("Nothing that anybody uses."),
    "unknown": _("It is not known what was hit."),
}

_WEAPONS = {
    "small_arms": _("Pistols, rifles and light machine guns."),
    "heavy_machine_gun": _("Machine guns of about 12.7 mm and more."),
    "automatic_grenade_launcher": _("Launchers that fire grenades in bursts."),
    "anti_aircraft_gun": _("Cannon made against aircraft, whatever they are fired at."),
    "infantry_fighting_vehicle": _("The guns of an armoured vehicle that carries infantry."),
    "mortar": _("Smooth-bored high-angle weapons."),
    "artillery": _("Guns and howitzers."),
    "mlrs": _("Rockets launched in salvoes."),
    "tank": _("The main gun of a tank."),
    "anti_tank_guided_missile": _("Missiles guided to a vehicle or position on the ground."),
    "recoilless_gun": _("Recoilless guns, and grenade launchers fired from the shoulder."),
    "missile": _("Larger missiles from the ground or the sea."),
    "aircraft": _("Weapons of an aeroplane with a crew."),
    "helicopter": _("Weapons of a helicopter."),
    "uav": _("Weapons of an aircraft without a crew."),
    "cluster_munition": _("A munition that scatters smaller ones."),
    "incendiary": _("A munition made to burn."),
    "barrel_bomb": _("An improvised container of explosives dropped from the air."),
    "mine": _("A mine set off by whom or what comes near it."),
    "ied": _("An explosive device that was improvised."),
    "chemical": _("A toxic chemical, as alleged or found."),
    "other": _("A weapon that is known and is none of these."),
    "undetermined": _("It is not known with what."),
}

_MEANS = {
    "heard": _("The observer heard it and saw nothing."),
    "saw": _("The observer saw it and heard nothing."),
    "saw_and_heard": _("The observer saw and heard it."),
    "uav": _("The monitors' own aircraft recorded it."),
    "camera": _("A fixed camera recorded it."),
    "acoustic_sensor": _("A sensor recorded its sound."),
    "radar": _("A radar recorded it."),
    "imagery": _("It shows on images from satellites or aircraft."),
    "crater_analysis": _("Monitors examined the place where it fell."),
    "witness_interview": _("A person who was there told monitors."),
    "party_notification": _("A party told the mechanism."),
    "open_source": _("It was published."),
    "medical_record": _("Records of care show it."),
}

_OBSERVED = {
    "explosion": _("A detonation, heard or seen."),
    "burst": _("Several shots of one weapon in quick succession."),
    "shot": _("A single shot of small arms or of a gun."),
    "projectile_in_flight": _("Something fired was heard or seen on its way."),
    "muzzle_flash": _("The flash of a weapon as it fired."),
    "illumination_flare": _("A light that was fired to light up ground."),
    "impact": _("Something fired struck the ground or what stands on it."),
    "airburst": _("Something fired went off in the air."),
}

_PHASES = {
    "outgoing": _("It was observed where it was fired."),
    "incoming": _("It was observed where it struck."),
    "in_flight": _("It was observed on its way."),
    "undetermined": _("Which of these it was could not be told."),
}

_BEARING_UNITS = {
    "compass": _("One of sixteen points, each taken with half the angle to the next on either side."),
    "degrees": _("360 to the circle, taken with 5 degrees on either side."),
    "mils_6400": _("6400 to the circle, as armies of NATO count, taken with 5 degrees on either side."),
    "mils_6000": _("6000 to the circle, as instruments of Soviet make count, taken with 5 degrees on either side."),
}

_NORTHS = {
    "true": _("The direction to the pole, or a reading that the instrument corrected to it."),
    "magnetic": _("The direction in which a needle points, which differs from true north by the declination."),
}

_PLACES = {
    "exact": _("Known to about 10 metres."),
    "vicinity": _("Known to about 100 metres."),
    "locality": _("Known to about a kilometre: the village or quarter."),
    "surroundings": _("Known to about 25 kilometres of a point."),
    "district": _("Known to lie in a district."),
    "governorate": _("Known to lie in a governorate."),
    "country": _("Known to lie in the country, and no finer."),
    "line": _("Known to lie along a road, river or front."),
    "sector": _("Known to lie in a polygon, such as a bearing with a range of distance."),
    "outside": _("In international waters or air space, or otherwise in no country."),
}

_TIMES = {
    "minute": _("Known to the minute."),
    "hour": _("Known to the hour."),
    "day": _("Known to the day."),
    "days_2_6": _("Known to two to six days."),
    "week": _("Known to the week."),
    "month": _("Known to the month."),
    "longer": _("Known to more than a month."),
}

LISTS: dict[str, CodeList] = {
    "act": CodeList(codebook.Act, TRUCES, _ACTS),
    "object_hit": CodeList(codebook.ObjectHit, TRUCES, _OBJECTS),
    "weapon_family": CodeList(codebook.WeaponFamily, OSCE, _WEAPONS),
    "means": CodeList(codebook.Means, OSCE, _MEANS),
    "observed": CodeList(codebook.Observed, OSCE, _OBSERVED),
    "phase": CodeList(codebook.Phase, OSCE, _PHASES),
    "bearing_unit": CodeList(codebook.BearingUnit, OURS, _BEARING_UNITS),
    "north": CodeList(codebook.North, OURS, _NORTHS),
    "place_precision": CodeList(
        codebook.PlacePrecision, "This project; it holds the steps of UCDP GED's where_prec.", _PLACES
    ),
    "time_precision": CodeList(
        codebook.TimePrecision, "This project; it holds the steps of UCDP GED's date_prec.", _TIMES
    ),
    "count_qualifier": CodeList(
        codebook.CountQualifier,
        OSCE,
        {
            "exact": _("Each was counted."),
            "about": _("Counted or estimated to about this number."),
            "at_least": _("This many or more."),
            "up_to": _("This many or fewer."),
            "uncountable": _("Too many, or too close together, to count."),
        },
    ),
    "patrol_kind": CodeList(
        codebook.PatrolKind,
        OURS,
        {
            "patrol": _("The team moved through one or several areas."),
            "post": _("The team stayed at one place."),
            "watch": _("The team stayed at one place and logged all that it saw and heard there."),
        },
    ),
    "restriction_kind": CodeList(
        codebook.RestrictionKind,
        OSCE,
        {
            "denied": _("The team was not let through or in."),
            "delayed": _("The team was let through or in after waiting."),
            "conditional": _("The team was let through or in on conditions, such as an escort or a route."),
        },
    ),
    "count_unit": CodeList(
        codebook.CountUnit,
        OSCE,
        {
            "explosion": _("One explosion."),
            "burst": _("One burst of automatic fire."),
            "shot": _("One shot."),
            "case_of_fire": _("One case of opening fire, as the joint commission of 2017 counted."),
            "incident": _("One event, however many shots it had."),
        },
    ),
    "channel": CodeList(
        codebook.Channel,
        OURS,
        {
            "caller": _("A duty officer wrote down what somebody told over the telephone or the radio."),
            "paper": _("A duty officer copied what somebody had written down."),
        },
    ),
    "consent": CodeList(
        codebook.Consent,
        OURS,
        {
            "given": _("What was told may be used and shared."),
            "anonymous": _("It may be shared where nothing points to who told it."),
            "internal": _("It is for the moderators and leaves to nobody."),
            "not_asked": _("The person was not asked."),
        },
    ),
    "role": CodeList(
        codebook.Role,
        OURS,
        {
            "alleged": _("Those who are said to have done it."),
            "target": _("Those at whom or which the act was aimed."),
            "involved": _("Took part; the source does not say who acted against whom."),
        },
    ),
    "noticed": CodeList(
        codebook.Noticed,
        OURS,
        {
            "bounds_out_of_order": _("The source gives a lowest, best and highest count that are not in this order."),
            "parts_differ": _("The source gives parts of a count that do not add up to the count."),
            "wider_than_stated": _("The dates of the source are farther apart than the precision it states."),
            "longer_than_a_month": _("The source tells of more than a month as one event."),
            "on_no_shape": _("The point lies in none of the areas whose shapes are loaded: abroad, or in the sea."),
            "place_differs": _("The source names an area in which its own point does not lie."),
            "same_keys": _("The source has another event of the same days, point, parties and count."),
        },
    ),
    "scope": CodeList(
        codebook.Scope,
        OURS,
        {
            "outside_period": _("It happened before the truce came into force or after it ended."),
            "outside_area": _("It happened where the truce does not apply."),
            "excluded_designated": _("A party concerned is one that the truce leaves out as designated."),
            "excluded_non_signatory": _("A party concerned did not adhere to the truce."),
            "disputed": _("Texts, lines or readings differ on whether the truce applied."),
            "not_assessed": _("Nobody is named, or nothing is known of how the truce binds those who are."),
            "in_scope": _("The truce applied there and then to all who are named."),
        },
    ),
    "verification": CodeList(
        codebook.Verification,
        OURS,
        {
            "not_checked": _("Nobody has checked it."),
            "verified": _("It was checked and stands."),
            "probable": _("It was checked and more speaks for it than against."),
            "inconclusive": _("It was checked and cannot be established."),
            "discounted": _("It was checked and did not happen so."),
        },
    ),
    "conduct": CodeList(
        codebook.Conduct,
        OURS,
        {
            "breach": _("It was done against what the truce asks."),
            "no_breach": _("It was not against the truce: demining, an accident, a permitted exercise."),
            "undetermined": _("It cannot be said whether it was."),
        },
    ),
    "attribution": CodeList(
        codebook.Attribution,
        OURS,
        {
            "attributed": _("To one party."),
            "to_several_parties": _("To several parties together."),
            "not_attributable": _("It was examined, and no party can be named."),
            "contested": _("Those who examined it name different parties."),
            "not_assessed": _("It was not examined."),
        },
    ),
    "confidence": CodeList(
        codebook.Confidence,
        OURS,
        {
            "high": _("Several independent grounds agree."),
            "moderate": _("The grounds are good and leave room for doubt."),
            "low": _("The grounds are thin."),
        },
    ),
    "basis": CodeList(
        codebook.Basis,
        OURS,
        {
            "observed": _("Monitors saw who acted."),
            "sensor": _("A sensor of the monitors recorded it."),
            "counter_battery_radar": _("A radar traced a projectile to where it was fired."),
            "direction_of_fire": _("The direction is known from which it came."),
            "area_of_control": _("It came from ground that one party held."),
            "crater_or_munition_analysis": _("The crater or what was left of the munition was examined."),
            "admission": _("A party said that it had acted."),
            "party_notification": _("A party told the mechanism that another had acted."),
            "witness": _("Somebody who was there said so."),
            "open_source": _("It was published."),
        },
    ),
    "counted": CodeList(
        codebook.Counted,
        OURS,
        {
            "breaches": _("What a third party calls a breach of the truce, by its own definition and sources."),
            "killed": _("Persons whom a third party counts as killed since the first day of its span."),
        },
    ),
    **OF_MODERATION,
}
