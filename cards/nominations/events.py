"""Messages of this app: each step to the nominator, the nominee and the officers it concerns."""

from django.utils.translation import gettext_lazy as _

from talentcard.notifications.catalogue import Event, register

# To the nominator and the nominee alike, unless named otherwise.
register(
    Event(
        key="nomination.submitted",
        title=_("Nomination %(number)s was submitted"),
        body=_("The preliminary review has begun. You are told of each step and of the result."),
    )
)
register(
    Event(
        key="nomination.nominee_told",
        title=_("You were nominated for the Haihe Talent card"),
        body=_("Nomination %(number)s is under review. You are told of each step and of the result."),
    )
)
register(
    Event(
        key="nomination.batch_submitted",
        title=_("%(count)s nominations were submitted"),
        body=_("Their preliminary review has begun. The spreadsheet's page says which rows were left behind, and why."),
    )
)
register(
    Event(
        key="nomination.returned",
        title=_("Nomination %(number)s needs correction"),
        body=_("Everything that is missing is listed on its page. Correct it there and submit it again:"),
        sms=True,
    )
)
register(
    Event(
        key="nomination.returned_nominee",
        title=_("Your nomination %(number)s is being corrected"),
        body=_("The reviewer asked your nominator to complete it. You need not do anything."),
    )
)
register(
    Event(
        key="nomination.correction_due",
        title=_("Nomination %(number)s: the time to correct it ends"),
        body=_("Its page says by when. What is not corrected and submitted again by then may be closed as withdrawn."),
        sms=True,
    )
)
register(
    Event(
        key="nomination.correction_overdue",
        title=_("Nomination %(number)s: the time to correct it is over"),
        body=_("It still waits for your correction. Complete it and submit it again, or withdraw it:"),
    )
)
register(
    Event(
        key="nomination.lapsed",
        title=_("Nomination %(number)s was closed"),
        body=_("It was not corrected in time, so it counts as withdrawn. The person may be nominated anew."),
    )
)
register(
    Event(
        key="nomination.second_review",
        title=_("Nomination %(number)s passed the preliminary review"),
        body=_("The second review has begun."),
    )
)
register(
    Event(
        key="nomination.approved_in_principle",
        title=_("Nomination %(number)s passed the second review"),
        body=_("It is approved in principle and waits for its public notice, together with others."),
    )
)
register(
    Event(
        key="nomination.public_notice",
        title=_("Nomination %(number)s is under public notice"),
        body=_("Both reviews were passed. The public may object until the notice ends; then the card is given."),
    )
)
register(
    Event(
        key="nomination.notice_paused",
        title=_("The public notice of nomination %(number)s is paused"),
        body=_("Something has to be looked into before the case goes on. You are told when it does."),
    )
)
register(
    Event(
        key="nomination.notice_resumed",
        title=_("The public notice of nomination %(number)s goes on"),
        body=_("What was looked into does not stand in the way. The notice lasts as much longer as it was paused."),
    )
)
register(
    Event(
        key="nomination.approved",
        title=_("Nomination %(number)s was approved"),
        body=_("The Haihe Talent card is being produced."),
        sms=True,
    )
)
register(
    Event(
        key="nomination.rejected",
        title=_("Nomination %(number)s was rejected"),
        body=_("The reason is on its page:"),
        sms=True,
    )
)
register(
    Event(
        key="nomination.withdrawn",
        title=_("Nomination %(number)s was withdrawn"),
        body=_("The nominator withdrew it. Nothing further happens."),
    )
)

# To whoever filed it: what experts and the nominee answer by their links.
register(
    Event(
        key="nomination.expert_confirmed",
        title=_("An expert confirmed nomination %(number)s"),
        body=_("Its page shows who has answered."),
    )
)
register(
    Event(
        key="nomination.expert_declined",
        title=_("An expert declined to confirm nomination %(number)s"),
        body=_("Name another expert on its page: without the confirmation it cannot pass the preliminary review."),
    )
)
register(
    Event(
        key="nomination.nominee_confirmed",
        title=_("The nominee of %(number)s has consented"),
        body=_("Its page shows what else it waits for, if anything."),
    )
)
register(
    Event(
        key="nomination.nominee_refused",
        title=_("The nominee refused: nomination %(number)s is closed"),
        body=_("The nominee does not consent. The case is closed as withdrawn, and your quota has its place back."),
    )
)
register(
    Event(
        key="nomination.appealed",
        title=_("An appeal was lodged against the decision on nomination %(number)s"),
        body=_("People who have not handled the case decide it. You are told of the result."),
    )
)
register(
    Event(
        key="nomination.appeal_dismissed",
        title=_("The appeal for nomination %(number)s was dismissed"),
        body=_("The refusal stands. The decision with its reasons is on the nomination's page:"),
        sms=True,
    )
)
register(
    Event(
        key="nomination.appeal_upheld",
        title=_("The appeal for nomination %(number)s was upheld"),
        body=_("The refusal is annulled and the case is reviewed anew, by other people. The decision is on its page:"),
        sms=True,
    )
)

# To officers. In-app only: their inbox shows what waits, and nobody wants an e-mail a case.
register(
    Event(
        key="nomination.waits_preliminary",
        title=_("A nomination waits for its preliminary review"),
        body=_("Nomination %(number)s was submitted in your scope."),
        email=False,
    )
)
register(
    Event(
        key="nomination.waits_second",
        title=_("A nomination waits for its second review"),
        body=_("Nomination %(number)s passed the preliminary review."),
        email=False,
    )
)
register(
    Event(
        key="nomination.waits_release",
        title=_("A nomination waits to be put under public notice"),
        body=_("Nomination %(number)s passed both reviews. Cases are put under notice together."),
        email=False,
    )
)
register(
    Event(
        key="nomination.batch_waits",
        title=_("%(count)s nominations wait for their preliminary review"),
        body=_("A nominator submitted them together by spreadsheet; you can decide them together in your inbox."),
    )
)
register(
    Event(
        key="nomination.objection_lodged",
        title=_("An objection stopped a public notice"),
        body=_("Somebody objects to nomination %(number)s. The clock stands still until you resolve it."),
    )
)
register(
    Event(
        key="nomination.integrity_fact",
        title=_("Something is on record against a nominee"),
        body=_("An integrity check stops nomination %(number)s until an officer decides about it:"),
        email=False,
    )
)
register(
    Event(
        key="nomination.notice_stopped",
        title=_("Something stops a nomination under public notice"),
        body=_("The notice of nomination %(number)s does not end in a card until an officer decides about it:"),
    )
)
register(
    Event(
        key="nomination.answers_complete",
        title=_("Nomination %(number)s has what it waited for"),
        body=_("Its experts have confirmed it and its nominee has consented, as far as its basis asks for that."),
        email=False,
    )
)
register(
    Event(
        key="nomination.appeal_waits",
        title=_("An appeal waits for a decision"),
        body=_("Somebody appeals against the refusal of nomination %(number)s."),
    )
)
register(
    Event(
        key="nomination.waits_again",
        title=_("A nomination waits for its review again"),
        body=_("An appeal annulled the refusal of nomination %(number)s. Others than before review it."),
        email=False,
    )
)


# Questions: to the nominator, and to the officers of the review.
register(
    Event(
        key="nomination.question",
        title=_("A question about nomination %(number)s"),
        body=_("The reviewer asks you something. You find the question, and until when to answer it, on its page:"),
        sms=True,
    )
)
register(
    Event(
        key="nomination.question_due",
        title=_("The time to answer a question about nomination %(number)s ends"),
        body=_("Answer it in time, and the review goes on with your answer; you find the question on its page:"),
        sms=True,
    )
)
register(
    Event(
        key="nomination.question_answered",
        title=_("A question about nomination %(number)s was answered"),
        body=_("The answer is on its page."),
        email=False,
    )
)
register(
    Event(
        key="nomination.question_unanswered",
        title=_("A question about nomination %(number)s was not answered"),
        body=_("The time for the answer is over: the review waits for it no longer."),
        email=False,
    )
)


# Direct issues: to the second officers, the one who proposed, and the person.
register(
    Event(
        key="direct_issue.waits",
        title=_("A direct issue waits for a second officer"),
        body=_("Direct issue %(number)s was proposed in your scope."),
        email=False,
    )
)
register(
    Event(
        key="direct_issue.batch_waits",
        title=_("%(count)s direct issues wait for a second officer"),
        body=_("They were proposed together; you can decide them together."),
    )
)
register(
    Event(
        key="direct_issue.issued",
        title=_("Direct issue %(number)s was confirmed"),
        body=_("The Haihe Talent card is being produced."),
        email=False,
    )
)
register(
    Event(
        key="direct_issue.sheet_confirmed",
        title=_("%(confirmed)s of %(total)s direct issues of a sheet were confirmed"),
        body=_("The Haihe Talent cards are being produced; what could not be confirmed waits on."),
    )
)
register(
    Event(
        key="direct_issue.refused",
        title=_("Direct issue %(number)s was refused"),
        body=_("The reason is on its page:"),
    )
)
register(
    Event(
        key="direct_issue.card_given",
        title=_("You are given the Haihe Talent card"),
        body=_("The bureau gives it directly, because a recognised list names you. It is being produced:"),
        sms=True,
    )
)
register(
    Event(
        key="nomination.recused",
        title=_("Recusal recorded in case %(number)s"),
        body=_("The officer takes no part in this person's cases. What they had was put back for others to take on."),
    )
)
register(
    Event(
        key="nomination.recusal_withdrawn",
        title=_("Recusal withdrawn in case %(number)s"),
        body=_("The head of the office has withdrawn it: you may decide this person's cases again."),
    )
)
