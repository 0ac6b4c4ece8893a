"""A live quiz as its channel sees it: lobby, rounds, reveals, podium; and what each player reads in private."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import discord

from bot.domain.live_quizzes import LOBBY, LiveChoice, LivePlace, LiveState, Verdict, speed_score
from bot.domain.text import link_to
from bot.services.live_quizzes import Joined, LiveQuestion, LiveQuizView, NewLiveQuiz, Pressed
from bot.ui.boards import MEDALS
from bot.ui.charts.live_quizzes import FILE_NAME, podium_words
from bot.ui.kit.layouts import CLOSED_ACCENT, OPEN_ACCENT, RIGHT_ACCENT, Button, Page, counted, progress
from bot.ui.kit.words import Sentence, quoted, shown
from bot.ui.mistakes import report_button
from bot.ui.quizzes import LETTERS

NAMES_SHOWN = 20
FASTEST_SHOWN = 3
LEADERS_SHOWN = 5
PLACES_SHOWN = 30
NAME_SHOWN = 32
ALONE = "It takes two or more players to earn points; on your own, try `/quiz solo`."
ENDED = "This quiz has ended. `/quiz live` starts a new one."
STOPPED = "The live quiz is stopped. `/quiz live` starts a new one."


def _running_here(guild_id: int, channel_id: int, message_id: int | None) -> str:
    return f"There's already a live quiz here: {link_to(guild_id, channel_id, message_id)}. Jump in!"


def _lacking_permissions(permissions: Sequence[str]) -> str:
    return f"I can't run a quiz here. I need: {', '.join(permissions)}. A manager can allow it."


REFUSALS: Mapping[str, Sentence] = {
    "live_quizzes.running_here": _running_here,
    "live_quizzes.none_here": "There's no live quiz here. `/quiz live` starts one.",
    "live_quizzes.lacking_permissions": _lacking_permissions,
    "live_quizzes.not_posted": (
        "I couldn't post the lobby here. Check that I may write in this channel, then try again."
    ),
    "live_quizzes.not_yet_posted": (
        "Discord isn't taking the lobby right now. I'll keep trying for a minute; check back in a moment."
    ),
    "live_quizzes.ended": ENDED,
    "live_quizzes.not_host": "Only the host, or someone with the Manage Server permission, can do that.",
    "live_quizzes.begun": "The quiz has started. Press a letter to take part.",
    "live_quizzes.nobody_joined": "Nobody has joined yet. Press **Join** first.",
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
    seconds = sorted({found.seconds for found in view.rounds})
    each = [f"{' to '.join(map(str, seconds[:1] + seconds[1:][-1:]))} seconds each"] if seconds else []
    parts = [counted(len(view.rounds), "round"), *each, quoted(live.topic or "all topics")]
    return " · ".join([*parts, *([live.difficulty] if live.difficulty else [])])


def lobby_page(view: LiveQuizView) -> Page:
    """The card that invites: what comes, when, and who is in."""
    live = view.live
    starts = int((live.next_at or live.made_at + LOBBY).timestamp())
    head = f"### Live quiz\n{_kind(view)}\nStarts <t:{starts}:R>. You can join later, too: just press a letter."
    if view.players:
        names = ", ".join(_name(view, member) for member in view.players[:NAMES_SHOWN])
        rest = len(view.players) - NAMES_SHOWN
        joined = f"**{len(view.players)} joined** {names}" + (f" and {rest} more" if rest > 0 else "")
    else:
        joined = "Nobody has joined yet. Press **Join** to take part."
    buttons = [
        Button("Join", lobby_key(live.id), main=True),
        Button("Start now", f"mb:live:start:{live.id}"),
        Button("Cancel", f"mb:live:cancel:{live.id}"),
    ]
    return Page(head, joined, f"-# Host: {_name(view, live.host_id)}", buttons=buttons, accent=OPEN_ACCENT)


def opened_text(view: LiveQuizView, wish: NewLiveQuiz) -> str:
    """What the host reads once the lobby stands in the channel."""
    said = "The lobby's open. Press **Join** to play. It starts by itself, or when you press **Start now**."
    if len(view.rounds) < wish.count:
        said = f"Only {counted(len(view.rounds), 'item')} fit, so that's how many rounds there are. {said}"
    return said


def lobby_over_page(view: LiveQuizView) -> Page:
    """The same card once nobody is invited any more."""
    begun = any(r.opened_at for r in view.rounds)
    if begun or view.live.state is LiveState.ASKING:
        said = f"The quiz is on with {counted(len(view.players), 'player')}."
    elif view.live.state is LiveState.EMPTY:
        said = "Nobody joined, so there's no quiz. `/quiz live` opens a new lobby."
    else:
        said = "The quiz was called off. `/quiz live` opens a new lobby."
    return Page(f"### Live quiz\n{_kind(view)}", said, accent=CLOSED_ACCENT)


def _head(asked: LiveQuestion) -> str:
    question = asked.question
    return (
        f"-# Round {asked.number} of {asked.of} {progress(asked.number - 1, asked.of)}\n"
        f"-# {quoted(question.topic)} · {question.difficulty_of(asked.item)}\n### {asked.item.stem}"
    )


def ask_page(view: LiveQuizView, asked: LiveQuestion, ends_at: float) -> Page:
    """A round: the item, four letters, and when the bell rings."""
    options = "\n".join(f"**{letter}** {o.text}" for letter, o in zip(LETTERS, asked.options, strict=False))
    count = len(view.chosen(asked.round.position))
    chosen = f" · {count} chose" if count else ""
    key = round_key(view.live.id, asked.round.position)
    buttons = [
        Button(letter, f"{key}{index}", main=True) for index, letter in enumerate(LETTERS[: len(asked.options)])
    ]
    foot = f"Ends <t:{int(ends_at)}:R>, sooner once everybody has chosen{chosen}\n"
    foot += "-# Faster answers are worth more. You can change your choice once."
    return Page(_head(asked), options, foot, buttons=buttons, accent=OPEN_ACCENT)


def reveal_page(view: LiveQuizView, asked: LiveQuestion) -> Page:
    """The round's card once the bell has rung: letters unmoved, how many chose each, why, who was fast."""
    chosen = view.chosen(asked.round.position)
    lines = [_bar(asked, index, [c for c in chosen if c.chosen == index], len(chosen)) for index in range(4)]
    blocks = [_head(asked), "\n".join(lines), *filter(None, [asked.item.explanation])]
    if asked.round.closed_at is None:
        blocks.append("The quiz ended during this round, so it doesn't count.")
    elif not chosen:
        blocks.append("Nobody chose in this round.")
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
        fast = "Nobody got it."
    else:
        fast = f"**{len(right)} of {len(chosen)} right** · fastest: " + ", ".join(
            f"{_name(view, choice.member_id)} {_worth(asked, choice.chosen_at - opened)}"
            for choice in right[:FASTEST_SHOWN]
        )
    leaders = " · ".join(f"{p.rank}. {_name(view, p.member_id)} {p.score:,}" for p in view.places[:LEADERS_SHOWN])
    return f"{fast}\n-# Standing: {leaders}"


def _worth(asked: LiveQuestion, span: timedelta) -> str:
    return f"{max(span.total_seconds(), 0):.1f} s +{speed_score(span, asked.round.seconds):,}"


def gone_page() -> Page:
    """A round whose item was taken out of the bank in the middle."""
    return Page("This question was taken out of the bank, so the round doesn't count.", accent=CLOSED_ACCENT)


def result_page(view: LiveQuizView, *, drawn: bool = False) -> Page:
    """The podium and everybody's rank; where there are too many, the best, and a button for one's own.

    Args:
        drawn: whether the podium's picture is attached.
    """
    live, places = view.live, view.places
    why = {
        LiveState.STOPPED: "It was stopped early.",
        LiveState.EMPTY: "Nobody chose in two rounds, so it ended.",
    }.get(live.state)
    blocks = [f"### The live quiz has ended\n{_kind(view)}" + (f"\n{why}" if why else "")]
    rows = [(place, _row(view, place)) for place in places[:PLACES_SHOWN]]
    podium = "\n".join(row for place, row in rows if place.rank in MEDALS)
    others = "\n".join(row for place, row in rows if place.rank not in MEDALS)
    rest = len(places) - len(rows)
    alone = ALONE if len(places) == 1 else ""
    more = f"-# and {rest} more: press **My result**" if rest else ""
    blocks += filter(None, [podium or "Nobody played this time.", others, more, alone, _teams(view)])
    buttons = [Button("Play again", result_key(live.id), main=True)]
    if places:
        buttons.append(Button("My result", f"mb:live:mine:{live.id}"))
    picture = None
    if drawn:
        picture = discord.MediaGalleryItem(f"attachment://{FILE_NAME}", description=podium_words(view))
    return Page(*blocks, buttons=buttons, accent=RIGHT_ACCENT, picture=picture)


def _teams(view: LiveQuizView) -> str:
    rows = [f"{shown(team)} {average:,}" for team, average in view.averages[:LEADERS_SHOWN]]
    return f"**Team averages** {' · '.join(rows)}" if rows else ""


def _row(view: LiveQuizView, place: LivePlace) -> str:
    medal = MEDALS.get(place.rank, f"`{place.rank:>2}`")
    name = _name(view, place.member_id)
    return f"{medal} **{name}** {place.score:,} · {place.right} of {len(view.rounds)} right"


def mine_page(view: LiveQuizView, member_id: int) -> Page:
    """One player's own result, round by round."""
    place = next((place for place in view.places if place.member_id == member_id), None)
    if place is None:
        return Page("You weren't in this quiz. Press **Play again** for a new one.")
    own = {choice.position: choice for choice in view.choices if choice.member_id == member_id}
    lines = [_own_line(asked, own.get(asked.round.position)) for asked in view.asked if asked.round.closed_at]
    points = view.points(place)
    worth = f"{counted(points, 'point')} on the leaderboard" if points else "no points"
    if len(view.places) == 1:
        worth = "no points, they need two or more players"
    elif place.answered * 2 < len(view.rounds):
        worth = "no points, they begin with half of the rounds answered"
    head = f"### Rank {place.rank} of {len(view.places)}\n# {place.score:,}\n"
    head += f"{place.right} of {len(view.rounds)} right · {worth}"
    return Page(head, "\n".join(lines), "-# `/question show` gives the model answers.")


def _own_line(asked: LiveQuestion, choice: LiveChoice | None) -> str:
    correct = LETTERS[next(index for index, option in enumerate(asked.options) if option.why is None)]
    number = f"`{asked.number:>2}`"
    if choice is None or asked.round.opened_at is None:
        return f"{number} ▫️ not answered; {correct} was right · question {asked.question.number}"
    if choice.right:
        return f"{number} ✅ {correct} in {_worth(asked, choice.chosen_at - asked.round.opened_at)}"
    return f"{number} ❌ {LETTERS[choice.chosen]}; {correct} was right · question {asked.question.number}"


def pressed_text(pressed: Pressed) -> str:
    """What a player reads after pressing a letter."""
    letter = LETTERS[pressed.chosen]
    match pressed.verdict:
        case Verdict.CHOSEN:
            return f"You chose **{letter}**. You can change it once."
        case Verdict.SAME:
            return f"You chose **{letter}** already."
        case Verdict.CHANGED:
            return f"You changed to **{letter}**. That's final."
        case Verdict.SPENT:
            return f"You changed your choice once already, so **{letter}** stays."
        case Verdict.LATE:
            return "The bell has rung, so that one doesn't count. The next round comes in a moment."
        case Verdict.OVER:
            return "This round is over. Look for the newest one below."
        case Verdict.ENDED:
            return ENDED


def joined_page(joined: Joined) -> Page:
    """What a player reads after Join, with the way back."""
    live = joined.live
    said = "You're in!" if joined.fresh else "You're in already."
    if live.state is LiveState.LOBBY and live.next_at is not None:
        said += f" First round: <t:{int(live.next_at.timestamp())}:R>."
    return Page(f"{said} Press a letter in each round.", buttons=[Button("Leave", f"mb:live:leave:{live.id}")])


def left_page(live_id: int) -> Page:
    """What a player reads after Leave."""
    return Page("You've left the quiz. Press **Join** to come back.", buttons=[Button("Join", lobby_key(live_id))])
