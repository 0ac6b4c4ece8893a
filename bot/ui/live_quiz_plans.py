"""Weekly live quizzes as people read them: what is planned, the reminder, and the form that changes a plan."""

from collections.abc import Mapping, Sequence

from bot.domain.live_quiz_plans import Missed, QuizPlan
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.forms import Form
from bot.ui.kit.layouts import OPEN_ACCENT, Beside, Button, Page
from bot.ui.kit.words import Sentence, quoted, weekday

SHOWN = 5
"""So many buttons stand in a row."""
NOTHING = N_("Nothing is planned. Use `/quiz schedule day:fri time:6pm` to start a weekly quiz in this channel.")
REFUSALS: Mapping[str, Sentence] = {
    "live_quiz_plans.day_and_time": N_(
        "Tell me a day and a time, like `/quiz schedule day:fri time:6pm`. The quiz then comes every week."
    ),
    "live_quiz_plans.one_day": N_("A weekly quiz takes place on one day. Write it like fri."),
    "live_quiz_plans.no_zone": N_(
        "I don't know your time zone yet. Set up practice first: `/setup timezone:` and your city."
    ),
    "live_quiz_plans.wrong_kind": N_("A live quiz needs a text channel. Pick one with `channel:`."),
    "live_quiz_plans.gone": N_("This weekly quiz was stopped. Use `/quiz schedule` to plan a new one."),
    "live_quiz_plans.not_a_number": N_("“{text}” isn't a number of questions. Write a number from 1 to 20."),
}
WHY: Mapping[Missed, str] = {
    Missed.AWAY: N_("I was offline."),
    Missed.BUSY: N_("Another quiz was running in the channel."),
    Missed.NOTHING: N_("No questions fit: those on the topic are open right now, or there are none."),
    Missed.REFUSED: N_("I couldn't post in the channel."),
}


REMINDING = N_("I'll remind the channel ten minutes before.")


def _stamp(plan: QuizPlan, form: str) -> str:
    assert plan.due_utc is not None
    return f"<t:{int(plan.due_utc.timestamp())}:{form}>"


def _kind(plan: QuizPlan) -> str:
    """What is asked: `5 questions on Transformers`."""
    if plan.topic is None:
        return ngettext("{number} question, all topics", "{number} questions, all topics", plan.questions)
    one, topic = plan.questions, quoted(plan.topic)
    return ngettext("{number} question on {topic}", "{number} questions on {topic}", one, topic=topic)


def _every(plan: QuizPlan) -> str:
    """When it comes: `Every Friday at 18:00`."""
    return _("Every {day} at {time}", day=weekday(plan.day, whole=True), time=f"{plan.at:%H:%M}")


def reminder_page(plan: QuizPlan) -> Page:
    """Ten minutes before the lobby opens."""
    head = _("⏰ **Live quiz at {when}** right here: {kind}.", when=_stamp(plan, "t"), kind=_kind(plan))
    return Page(f"{head}\n-# {_('The lobby opens on time and the quiz starts a minute later. Just press Join.')}")


def missed_page(plan: QuizPlan) -> Page:
    """A quiz did not come."""
    if plan.due_utc is None:
        return Page(_missed(plan))
    return Page(f"{_missed(plan)} {_('The next one is {when}.', when=_stamp(plan, 'F'))}")


def _missed(plan: QuizPlan) -> str:
    assert plan.missed_utc is not None and plan.missed is not None
    when = f"<t:{int(plan.missed_utc.timestamp())}:f>"
    return _("The live quiz planned for {when} didn't happen. {why}", when=when, why=_(WHY[plan.missed]))


def event_title(plan: QuizPlan) -> str:
    """The name of Discord's event."""
    return _("Live quiz: {topic}", topic=plan.topic)[:100] if plan.topic else _("Live quiz")


def event_text(plan: QuizPlan) -> str:
    """What Discord's event says."""
    return _("{kind}, against the clock and each other. It's in <#{channel}>.", **_event(plan))[:1000]


def _event(plan: QuizPlan) -> dict[str, object]:
    return {"kind": _kind(plan), "channel": plan.channel_id}


def plans_page(plans: Sequence[QuizPlan], *, note: str = "") -> Page:
    """What is planned in a server, each with its buttons; an empty one says how to begin."""
    head = f"### {_('Weekly live quizzes')}"
    if not plans:
        return Page("\n".join(filter(None, (head, note, _(NOTHING)))))
    blocks: list[str | Beside] = [f"{head}\n{note}" if note else head]
    for plan in plans[:SHOWN]:
        missed = f"\n⚠️ {_missed(plan)}" if plan.missed_utc is not None else ""
        said = f"<#{plan.channel_id}> · **{_every(plan)}**\n{_kind(plan)}\n-# {_next(plan)}{missed}"
        blocks.append(Beside(said, Button(_("Change"), f"mb:quizplan:change:{plan.id}")))
    if len(plans) > SHOWN:
        rest = len(plans) - SHOWN
        blocks.append(ngettext("-# and {number} more", "-# and {number} more", rest))
    stops = [_stop(plan, alone=len(plans) == 1) for plan in plans[:SHOWN]]
    return Page(*blocks, buttons=stops, accent=OPEN_ACCENT)


def _stop(plan: QuizPlan, *, alone: bool) -> Button:
    when = {"day": weekday(plan.day), "time": f"{plan.at:%H:%M}"}
    label = _("Stop") if alone else _("Stop {day} {time}", **when)
    return Button(label, f"mb:quizplan:stop:{plan.id}", danger=True)


def _next(plan: QuizPlan) -> str:
    return _("{zone} time · next {when}", when=_stamp(plan, "F"), zone=plan.zone)


def planned_text(plan: QuizPlan) -> str:
    """What a manager reads once a quiz is planned or changed."""
    values = {"channel": plan.channel_id, "when": _stamp(plan, "F")}
    said = _("Done! <#{channel}> has a live quiz every week, starting {when}.", **values)
    return f"{said} {_(REMINDING)}"


def stopped_plan_text(plan: QuizPlan) -> str:
    """What a manager reads once one is stopped."""
    return _("The weekly quiz in <#{channel}> has been stopped.", channel=plan.channel_id)


def plan_form(plan: QuizPlan) -> Form:
    """Asks for everything of a plan; what stands there is filled in."""
    form = Form(_("Weekly live quiz"), f"mb:quizplan:form:{plan.id}")
    form.ask("day", _("Day"), hint=weekday(plan.day), value=weekday(plan.day), limit=20)
    form.ask("time", _("Time, in {zone}", zone=plan.zone)[:45], hint="6pm", value=f"{plan.at:%H:%M}", limit=20)
    form.ask("topic", _("Topic, empty for all"), value=plan.topic or "", required=False)
    form.ask("questions", _("Questions, 1 to 20"), value=str(plan.questions), limit=2)
    return form
