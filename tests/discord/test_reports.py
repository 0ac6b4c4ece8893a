"""Reporting mistakes in the bank, and the managers' pile."""

import pytest

from bot.storage.schema import reports
from tests.discord.conftest import DAY, World, labels, said, seen

WRONG = "Option B is right **as well**, @everyone"


async def test_a_question_is_reported_and_settled(world: World):
    await world.set_up()
    shown = await world.anna.slash(world.channel, "question show", question="1")
    page = shown.followups[-1].message if shown.followups else shown.response.message
    form = await world.anna.click(page, label="Report a mistake")
    assert "Thanks" in said(await world.anna.submit_modal(form, {"text": WRONG}))
    status = await world.boss.slash(world.channel, "daily status")
    assert "1 report of a mistake" in said(status)
    await world.boss.click(status.response.message, label="Read the reports")
    pile = seen(status.response.message)
    assert "Question 1" in pile and "anna" in pile and "Option B is right" in pile
    assert "**as well**" not in pile and "@everyone" not in pile
    await world.boss.click(status.response.message, label="Resolved")
    assert "No open reports" in seen(status.response.message)
    assert "report of a mistake" not in await world.reply(world.boss, "daily status")


async def test_a_quiz_item_is_reported_once_and_the_text_can_be_changed(world: World):
    await world.set_up()
    page = await world.anna.slash(world.channel, "quiz solo", topic="1")
    await world.anna.click(page.response.message, label="A")
    form = await world.anna.click(page.response.message, label="Report a mistake")
    await world.anna.submit_modal(form, {"text": "First words"})
    again = await world.anna.click(page.response.message, label="Report a mistake")
    assert "First words" in str(again.modal)
    await world.anna.submit_modal(again, {"text": "Second words"})
    (report,) = await world.rows(reports)
    assert report.text == "Second words" and report.item_id.startswith(report.question_id)


async def test_a_reveal_can_be_reported_after_a_restart_and_managers_page_through(world: World):
    await world.set_up(time="09:00")
    await world.post()
    await world.next_day()
    await world.restart()
    reveal = world.channel.threads[0].history()[-1]
    assert labels(reveal)[-1] == "Report a mistake"
    for member in (world.anna, world.ben):
        form = await member.click(reveal, label="Report a mistake")
        await member.submit_modal(form, {"text": f"{member.name} found something"})
    status = await world.boss.slash(world.channel, "daily status")
    await world.boss.click(status.response.message, label="Read the reports")
    assert "anna found" in seen(status.response.message)
    await world.boss.click(status.response.message, label="Next")
    assert "ben found" in seen(status.response.message)
    assert "Report 2 of 2" in seen(status.response.message)


async def test_an_empty_report_is_sent_back(world: World):
    shown = await world.anna.slash(world.channel, "question show", question="2")
    page = shown.followups[-1].message if shown.followups else shown.response.message
    form = await world.anna.click(page, label="Report a mistake")
    assert "what's wrong" in said(await world.anna.submit_modal(form, {"text": "   "}))
    assert await world.rows(reports) == []


async def report(world: World, *numbers: str) -> None:
    """Anna reports these questions, in their order."""
    for number in numbers:
        shown = await world.anna.slash(world.channel, "question show", question=number)
        page = (shown.followups[-1] if shown.followups else shown.response).message
        form = await world.anna.click(page, label="Report a mistake")
        await world.anna.submit_modal(form, {"text": f"About {number}"})


async def test_two_managers_read_the_pile_at_once_and_none_is_passed_over(world: World):
    await world.set_up()
    await report(world, "1", "2", "3")
    one, other = [await world.boss.slash(world.channel, "daily status") for _ in range(2)]
    for status in (one, other):
        await world.boss.click(status.response.message, label="Read the reports")
        assert "About 1" in seen(status.response.message)
    await world.boss.click(other.response.message, label="Resolved")
    await world.boss.click(one.response.message, label="Next")
    assert "About 2" in seen(one.response.message) and "Report 1 of 2" in seen(one.response.message)
    await world.boss.click(one.response.message, label="Next")
    await world.boss.click(one.response.message, label="Resolved")  # the last: the first comes again
    assert "About 2" in seen(one.response.message) and labels(one.response.message) == ["Resolved"]


async def test_without_a_practice_channel_managers_read_reports_too(world: World):
    assert "no practice channel" in await world.reply(world.boss, "daily status")
    await report(world, "1")
    status = await world.boss.slash(world.channel, "daily status")
    assert "1 report of a mistake" in said(status) and "`/setup`" in said(status)
    await world.boss.click(status.response.message, label="Read the reports")
    assert "About 1" in seen(status.response.message)


@pytest.mark.parametrize("days", [89, 91])
async def test_a_report_older_than_the_retention_is_deleted(world: World, days: int):
    await report(world, "1")
    await world.beat(days * DAY)
    assert len(await world.rows(reports)) == (days < 90)
