"""What each code means by which moderators decide on many, and which guarantors and parties answer by."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from violations import moderation_codes, reply_codes
from violations.code_list import OURS, CodeList

OF_MODERATION: dict[str, CodeList] = {
    "bulk_grounds": CodeList(
        moderation_codes.BulkGrounds,
        OURS,
        {
            "each_examined": _("Whoever decides looked at every one of them, and they call for the same."),
            "sample_examined": _("Whoever decides looked at some of them, and takes the rest to be like these."),
            "routine": _("They are of the routine lane, heard and without harm, and call for no decision each."),
            "one_series": _("They are entries of one watch log or of one exchange of fire."),
            "same_fault": _("The same is missing or wrong in each, by one form, one team or one data set."),
            "taken_in_turn": _(
                "They are taken up so that somebody answers for them, and nothing is said of what is in them."
            ),
            "other": _("None of these, and the words beside it say what."),
        },
    ),
    "casualty_source": CodeList(
        moderation_codes.CasualtySourceKind,
        OURS,
        {
            "report": _("A monitor told of it in a report that belongs to the incident."),
            "medical": _("Those who treated the wounded or received the dead told or recorded it."),
            "rescue": _("Those who went to the place to rescue told or recorded it."),
            "authority": _("An office that keeps the register of deaths, or answers for the place, told it."),
            "united_nations": _("An office, agency or mission of the United Nations told or published it."),
            "humanitarian": _("An organisation that gives aid at the place told or published it."),
            "recorder": _("It was published by those who keep lists of casualties by a method of their own."),
            "party": _("One of those concerned told it of its own people, or of others."),
            "media": _("It was published by those who report for the public."),
            "other": _("None of these, and the name beside it says which organisation."),
        },
    ),
    "statement": CodeList(
        reply_codes.Statement,
        "After the words of the bulletins of 2017 and of replies to monitoring missions, gathered by this project.",
        {
            "concurs": _("The guarantor agrees that it happened as it is told."),
            "does_not_confirm": _("The guarantor looked into it and does not say that it happened."),
            "cannot_confirm": _("The guarantor has no means to say whether it happened."),
            "contests_facts": _("The guarantor says that it did not happen so."),
            "contests_attribution": _("The guarantor says that another fired, or that nobody can be named."),
            "disputes_scope": _(
                "The guarantor says that those concerned, the place or the time are outside the truce."
            ),
            "claims_response_to_fire": _("The guarantor says that it answered fire that came first."),
            "accepts_responsibility": _("The guarantor answers for what was done."),
            "takes_note": _("The guarantor has read it and says no more."),
            "reserves_position": _("The guarantor may say something later and is bound by nothing until then."),
            "under_examination": _("The guarantor looks into it and will say what it found."),
        },
    ),
    "reply_channel": CodeList(
        reply_codes.ReplyChannel,
        OURS,
        {
            "by_hand": _("Somebody brought it, written, to the mechanism."),
            "by_post": _("It came written, carried by others."),
            "by_fax": _("It came as a picture of a paper."),
            "spoken": _("It was said, in a meeting or over a line, and somebody wrote it down."),
        },
    ),
    "measure_state": CodeList(
        reply_codes.MeasureState,
        OURS,
        {
            "under_way": _("It was begun, or is still to be."),
            "done": _("It was seen to be done as agreed."),
            "not_done": _("The day passed and it was not seen to be done."),
            "dropped": _("Those who agreed on it let it be."),
        },
    ),
    "sitting_said": CodeList(
        moderation_codes.SittingSaid,
        OURS,
        {
            "agreed": _("The body agreed on the finding before it, which is determined by that."),
            "not_agreed": _("The body came to no agreement on the finding before it, which stands as it did."),
            "referred_back": _("The body asks moderators to look again, and says at what, before it takes it up."),
        },
    ),
    "flag": CodeList(
        moderation_codes.Flag,
        OURS,
        {
            "before_truce": _("Its latest instant is not after the first of the truce."),
            "after_truce": _("Its earliest instant is not before the end of the truce."),
            "ahead_of_filing": _(
                "Its earliest instant is after the report was recorded: a clock or an offset may differ."
            ),
            "filed_late": _(
                "More time passed between the event and the first filing than the truce gives for filing after a "
                "period ends; where it gives none, more than three days."
            ),
            "on_no_shape": _("No area whose shape the service has is as near to the point as the place is known."),
            "off_named_area": _(
                "The area that the report names has a shape, and the place is farther from it than it is known."
            ),
            "off_its_bearing": _(
                "Seen from where the observer stood, the point lies outside the directions as read, with what each "
                "leaves open and as finely as the point is known."
            ),
            "off_its_range": _("From where the observer stood, the point lies nearer or farther than the report says."),
            "bearings_apart": _(
                "Two posts told of this incident, and what the direction of the one leaves open meets nothing of the "
                "other's."
            ),
            "crossing_elsewhere": _(
                "What the directions of two reports of this incident both leave open does not hold the place as filed."
            ),
            "casualty_order": _("A lowest number is above a best or a highest one, as filed."),
            "party_unknown": _("The file lists no party or alias of that name, so its scope is not assessed."),
            "same_keys": _(
                "A report of another incident says the same of time, point, area, act and parties: it may be the same "
                "event, or another."
            ),
            "erased": _(
                "Two persons of different sides agreed to erase words of it, and what happened stays as filed."
            ),
        },
    ),
}
