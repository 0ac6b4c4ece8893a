"""A live quiz as its channel sees it: lobby, rounds, reveals, podium; and what each player reads in private."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import discord

from bot.domain.live_quizzes import LOBBY, LiveChoice, LivePlace, LiveState, Verdict, speed_score
from bot.domain.text import link_to, visible
from bot.services.live_quizzes import Joined, LiveQuestion, LiveQuizView, NewLiveQuiz, Pressed
from bot.ui.boards import MEDALS
from bot.ui.charts.live_quizzes import FILE_NAME, podium_words
from bot.ui.kit.catalog import N_, _, ngettext
from bot.ui.kit.layouts import CLOSED_ACCENT, OPEN_ACCENT, RIGHT_ACCENT, Button, Page, progress
from bot.ui.kit.words import Sentence, level, plain, quoted, shown
from bot.ui.mistakes import report_button
from bot.ui.quizzes import LETTERS

NAMES_SHOWN = 20
FASTEST_SHOWN = 3
LEADERS_SHOWN = 5
PLACES_SHOWN = 30
PODIUM_SHOWN = 3
THREAD_NAME_LIMIT = 100
NAME_SHOWN = 32
ENDED = N_("This quiz has ended. Use `/quiz live` to start a new one.")
EARLY = {
    LiveState.STOPPED: N_("It was stopped early."),
    LiveState.EMPTY: N_("Nobody answered for two rounds, so it ended."),
}
"""Why a quiz ended before its last round."""


def _running_here(guild_id: int, channel_id: int, message_id: int | None) -> str:
    link = link_to(guild_id, channel_id, message_id)
    return _("There's already a live quiz here: {link}. Jump in!", link=link)


def _lacking_permissions(permissions: Sequence[str]) -> str:
    names = ", ".join(map(_, permissions))
    return _("I can't run a quiz here. I need {permissions}. A manager can give me that.", permissions=names)


REFUSALS: Mapping[str, Sentence] = {
    "live_quizzes.running_here": _running_here,
    "live_quizzes.none_here": N_("There's no live quiz here. Use `/quiz live` to start one."),
    "live_quizzes.lacking_permissions": _lacking_permissions,
    "live_quizzes.not_posted": N_(
        "I couldn't post the lobby here. Check that I can post in this channel, then try again."
    ),
    "live_quizzes.not_yet_posted": N_(
        "Discord isn't taking the lobby right now. I'll keep trying for a minute; check back in a moment."
    ),
    "live_quizzes.ended": ENDED,
    "live_quizzes.not_host": N_("Only the host, or someone with the Manage Server permission, can do that."),
    "live_quizzes.begun": N_("The quiz has started. Press a letter to take part."),
    "live_quizzes.nobody_joined": N_("Nobody has joined yet. Press **Join** first."),
}


def lobby_key(live_id: int) -> str:
    """The custom_id by which the bot finds the lobby's card again."""
    return f"mb:live:join:{live_id}"


def round_key(live_id: int, position: int) -> str:
    """The beginning of the custom_ids by which the bot finds a round's card again."""
    return f"mb:live:pick:{live_id}:{position}:"


def result_key(live_id: int) -> str:
    """The custom_id by which the bot finds the podium again."""
    return f"mb:live:again:{live_id}"


def _name(view: LiveQuizView, member_id: int) -> str:
    return shown(view.names.get(member_id, ""), NAME_SHOWN)


def _kind(view: LiveQuizView) -> str:
    live = view.live
    seconds = [found.seconds for found in view.rounds]
    parts = [
        ngettext("{number} round", "{number} rounds", len(view.rounds)),
        _each(min(seconds), max(seconds)) if seconds else "",
        quoted(live.topic) if live.topic else _("all topics"),
        level(live.difficulty) if live.difficulty else "",
    ]
    return " · ".join(filter(None, parts))


def _each(shortest: int, longest: int) -> str:
    if shortest == longest:
        return ngettext("{number} second each", "{number} seconds each", longest)
    return _("{shortest} to {longest} seconds each", shortest=shortest, longest=longest)


def lobby_page(view: LiveQuizView) -> Page:
    """The card that invites: what comes, when, and who is in."""
    live = view.live
    starts = int((live.next_at or live.made_at + LOBBY).timestamp())
    starting = _("Starts <t:{when}:R>. You can join later, too: just press a letter.", when=starts)
    if view.players:
        names = ", ".join(_name(view, member) for member in view.players[:NAMES_SHOWN])
        if (rest := len(view.players) - NAMES_SHOWN) > 0:
            names = ngettext("{names} and {number} more", "{names} and {number} more", rest, names=names)
        joined = ngettext(
            "**{number} joined** {names}", "**{number} joined** {names}", len(view.players), names=names
        )
    else:
        joined = _("Nobody has joined yet. Press **Join** to take part.")
    buttons = [
        Button(_("Join"), lobby_key(live.id), main=True),
        Button(_("Start now"), f"mb:live:start:{live.id}"),
        Button(_("Cancel"), f"mb:live:cancel:{live.id}"),
    ]
    host = _("-# Host: {name}", name=_name(view, live.host_id))
    return Page(f"{_lobby_head(view)}\n{starting}", joined, host, buttons=buttons, accent=OPEN_ACCENT)


def _lobby_head(view: LiveQuizView) -> str:
    return _("### Live quiz\n{kind}", kind=_kind(view))


def thread_name(view: LiveQuizView) -> str:
    """The name of the thread in which a quiz runs: what it is, and on what."""
    topic = view.live.topic
    about = _("all topics") if topic is None else visible(topic)
    return _("Live quiz · {topic}", topic=about)[:THREAD_NAME_LIMIT]


def opened_text(view: LiveQuizView, wish: NewLiveQuiz) -> str:
    """What the host reads once the lobby stands in the channel."""
    said = _("The lobby's open. Press **Join** to play. It starts by itself, or when you press **Start now**.")
    if view.live.place != view.live.channel_id:
        there = _("The rounds come in <#{place}>.", place=view.live.place)
        said = f"{said} {there}"
    if len(view.rounds) >= wish.count:
        return said
    fewer = ngettext(
        "Only {number} question fits, so there's one round.",
        "Only {number} questions fit, so that's how many rounds there are.",
        len(view.rounds),
    )
    return f"{fewer} {said}"


def stopped_text() -> str:
    """What the host reads who has stopped the quiz."""
    return _("The live quiz has been stopped. Use `/quiz live` to start a new one.")


def lobby_over_page(view: LiveQuizView) -> Page:
    """The same card once nobody is invited any more."""
    begun = any(r.opened_at for r in view.rounds)
    elsewhere = view.live.lobby_place(view.delivery.lobby_id) != view.live.place
    if begun and not view.live.running:
        return Page(_lobby_head(view), _over(view, elsewhere=elsewhere), accent=CLOSED_ACCENT)
    if begun or view.live.state is LiveState.ASKING:
        said = ngettext(
            "The quiz is on with {number} player.", "The quiz is on with {number} players.", len(view.players)
        )
        if elsewhere:
            there = _("Play along in <#{place}>: it's never too late to press a letter.", place=view.live.place)
            said = f"{said} {there}"
    elif view.live.state is LiveState.EMPTY:
        said = _("Nobody joined, so there's no quiz. Use `/quiz live` to open a new lobby.")
    else:
        said = _("The quiz was called off. Use `/quiz live` to open a new lobby.")
    return Page(_lobby_head(view), said, accent=CLOSED_ACCENT)


def _over(view: LiveQuizView, *, elsewhere: bool) -> str:
    """Who won, and where to read on."""
    first = [_row(view, place) for place in view.places if place.rank in MEDALS][:PODIUM_SHOWN]
    if elsewhere and first:
        said = _("The quiz is over. Every round is in <#{place}>.", place=view.live.place)
    else:
        said = _("The quiz is over.")
    return "\n".join([*first, said])


def _head(asked: LiveQuestion) -> str:
    question = asked.question
    number = _("-# Round {number} of {rounds}", number=asked.number, rounds=asked.of)
    return (
        f"{number} {progress(asked.number - 1, asked.of)}\n"
        f"-# {quoted(question.topic)} · {level(question.difficulty_of(asked.item))}\n### {asked.item.stem}"
    )


def ask_page(view: LiveQuizView, asked: LiveQuestion, ends_at: float) -> Page:
    """A round: the item, four letters, and when the bell rings."""
    options = "\n".join(f"**{letter}** {o.text}" for letter, o in zip(LETTERS, asked.options, strict=False))
    key = round_key(view.live.id, asked.round.position)
    buttons = [
        Button(letter, f"{key}{index}", main=True) for index, letter in enumerate(LETTERS[: len(asked.options)])
    ]
    ends = _("Ends <t:{when}:R>, or as soon as everybody has answered", when=int(ends_at))
    if count := len(view.chosen(asked.round.position)):
        chose = ngettext("{number} answered", "{number} answered", count)
        ends = f"{ends} · {chose}"
    foot = _("-# Faster answers are worth more. You can change your answer once.")
    return Page(_head(asked), options, f"{ends}\n{foot}", buttons=buttons, accent=OPEN_ACCENT)


def reveal_page(view: LiveQuizView, asked: LiveQuestion) -> Page:
    """The round's card once the bell has rung: letters unmoved, how many chose each, why, who was fast."""
    chosen = view.chosen(asked.round.position)
    lines = [_bar(asked, index, [c for c in chosen if c.chosen == index], len(chosen)) for index in range(4)]
    blocks = [_head(asked), "\n".join(lines), *filter(None, [asked.item.explanation])]
    if asked.round.closed_at is None:
        blocks.append(_("The quiz ended during this round, so it doesn't count."))
    elif not chosen:
        blocks.append(_("Nobody answered in this round."))
    else:
        blocks.append(_fastest(view, asked, chosen))
    return Page(*blocks, buttons=[report_button(asked.item.id)], accent=RIGHT_ACCENT)


def _bar(asked: LiveQuestion, index: int, chose: list[LiveChoice], of: int) -> str:
    option = asked.options[index]
    sign = "✅" if option.why is None else "▫️"
    return f"{sign} **{LETTERS[index]}** {option.text}\n-# {progress(len(chose), of)} {len(chose)}"


def _fastest(view: LiveQuizView, asked: LiveQuestion, chosen: list[LiveChoice]) -> str:
    opened = asked.round.opened_at
    right = [choice for choice in chosen if choice.right]
    if not right or opened is None:
        fast = _("Nobody got it.")
    else:
        names = [
            f"{_name(view, choice.member_id)} {_worth(asked, choice.chosen_at - opened)}"
            for choice in right[:FASTEST_SHOWN]
        ]
        fast = _(
            "**{right} of {chosen} right** · fastest: {names}",
            right=len(right),
            chosen=len(chosen),
            names=", ".join(names),
        )
    leaders = [f"{p.rank}. {_name(view, p.member_id)} {plain(p.score)}" for p in view.places[:LEADERS_SHOWN]]
    standing = _("-# Standings: {leaders}", leaders=" · ".join(leaders))
    return f"{fast}\n{standing}"


def _worth(asked: LiveQuestion, span: timedelta) -> str:
    points = speed_score(span, asked.round.seconds)
    return _("{seconds:.1f} s +{points:,}", seconds=max(span.total_seconds(), 0), points=points)


def gone_page() -> Page:
    """A round whose item was taken out of the bank in the middle."""
    return Page(_("This question was taken out of the bank, so the round doesn't count."), accent=CLOSED_ACCENT)


def result_page(view: LiveQuizView, *, drawn: bool = False) -> Page:
    """The podium and everybody's rank; where there are too many, the best, and a button for one's own.

    Args:
        drawn: whether the podium's picture is attached.
    """
    live, places = view.live, view.places
    head = _("### The live quiz has ended\n{kind}", kind=_kind(view))
    blocks = [f"{head}\n{_(EARLY[live.state])}" if live.state in EARLY else head]
    rows = [(place, _row(view, place)) for place in places[:PLACES_SHOWN]]
    podium = "\n".join(row for place, row in rows if place.rank in MEDALS)
    others = "\n".join(row for place, row in rows if place.rank not in MEDALS)
    rest = len(places) - len(rows)
    alone, more = "", ""
    if len(places) == 1:
        alone = _("It takes two or more players to earn points; on your own, try `/quiz solo`.")
    if rest:
        more = ngettext(
            "-# and {number} more: press **My result**", "-# and {number} more: press **My result**", rest
        )
    blocks += filter(None, [podium or _("Nobody played this time."), others, more, alone, _teams(view)])
    buttons = [Button(_("Play again"), result_key(live.id), main=True)]
    if places:
        buttons.append(Button(_("My result"), f"mb:live:mine:{live.id}"))
    picture = None
    if drawn:
        picture = discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=podium_words(view))
    return Page(*blocks, buttons=buttons, accent=RIGHT_ACCENT, picture=picture)


def _teams(view: LiveQuizView) -> str:
    rows = [f"{shown(team)} {plain(average)}" for team, average in view.averages[:LEADERS_SHOWN]]
    return _("**Team averages** {teams}", teams=" · ".join(rows)) if rows else ""


def _row(view: LiveQuizView, place: LivePlace) -> str:
    medal = MEDALS.get(place.rank, f"`{place.rank:>2}`")
    return f"{medal} **{_name(view, place.member_id)}** {plain(place.score)} · {_right(view, place)}"


def _right(view: LiveQuizView, place: LivePlace) -> str:
    return _("{right} of {rounds} right", right=place.right, rounds=len(view.rounds))


def mine_page(view: LiveQuizView, member_id: int) -> Page:
    """One player's own result, round by round."""
    place = next((place for place in view.places if place.member_id == member_id), None)
    if place is None:
        return Page(_("You weren't in this quiz. Press **Play again** for a new one."))
    own = {choice.position: choice for choice in view.choices if choice.member_id == member_id}
    lines = [_own_line(asked, own.get(asked.round.position)) for asked in view.asked if asked.round.closed_at]
    rank = _("### Rank {rank} of {players}", rank=place.rank, players=len(view.places))
    head = f"{rank}\n# {plain(place.score)}\n{_right(view, place)} · {_earned(view, place)}"
    return Page(head, "\n".join(lines), _("-# Use `/question show` to see the model answers."))


def _earned(view: LiveQuizView, place: LivePlace) -> str:
    if len(view.places) == 1:
        return _("no points: that takes two or more players")
    if place.answered * 2 < len(view.rounds):
        return _("no points: that takes an answer in at least half of the rounds")
    if points := view.points(place):
        return ngettext("{number} point on the leaderboard", "{number} points on the leaderboard", points)
    return _("no points")


def _own_line(asked: LiveQuestion, choice: LiveChoice | None) -> str:
    correct = LETTERS[next(index for index, option in enumerate(asked.options) if option.why is None)]
    number = f"`{asked.number:>2}`"
    if choice is None or asked.round.opened_at is None:
        said = _("▫️ not answered; {letter} was right", letter=correct)
    elif choice.right:
        worth = _worth(asked, choice.chosen_at - asked.round.opened_at)
        said = _("✅ {letter} in {worth}", letter=correct, worth=worth)
        return f"{number} {said}"
    else:
        said = _("❌ {chosen}; {letter} was right", chosen=LETTERS[choice.chosen], letter=correct)
    question = _("question {number}", number=asked.question.number)
    return f"{number} {said} · {question}"


def pressed_text(pressed: Pressed) -> str:
    """What a player reads after pressing a letter."""
    letter = LETTERS[pressed.chosen]
    match pressed.verdict:
        case Verdict.CHOSEN:
            return _("You chose **{letter}**. You can change it once.", letter=letter)
        case Verdict.SAME:
            return _("You've already chosen **{letter}**.", letter=letter)
        case Verdict.CHANGED:
            return _("You changed to **{letter}**. That's final.", letter=letter)
        case Verdict.SPENT:
            return _("You've already changed your answer once, so **{letter}** stays.", letter=letter)
        case Verdict.LATE:
            return _("Time was up, so that one doesn't count. The next round comes in a moment.")
        case Verdict.OVER:
            return _("This round is over. Look for the newest one below.")
        case Verdict.ENDED:
            return _(ENDED)


def joined_page(joined: Joined) -> Page:
    """What a player reads after Join, with the way back."""
    live = joined.live
    said = [_("You're in!") if joined.fresh else _("You're already in.")]
    if live.state is LiveState.LOBBY and live.next_at is not None:
        said.append(_("First round: <t:{when}:R>.", when=int(live.next_at.timestamp())))
    if live.place == live.channel_id:
        said.append(_("Press a letter in each round."))
    else:
        said.append(_("Press a letter in each round, in <#{place}>.", place=live.place))
    return Page(" ".join(said), buttons=[Button(_("Leave"), f"mb:live:leave:{live.id}")])


def left_page(live_id: int) -> Page:
    """What a player reads after Leave."""
    said = _("You've left the quiz. Press **Join** to come back.")
    return Page(said, buttons=[Button(_("Join"), lobby_key(live_id))])
