"""The demo as a separate process, and a browser that uses it as a person does."""

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.conftest import find_chromium

TRIES = 5
BUSY, REFUSED = re.compile("…"), "Action was not completed."
SECOND_PRESS_AFTER = 2000
PATIENCE = 30_000
"""Milliseconds, as above: a busy machine takes its time to load a page."""


@dataclass
class Demo:
    """A running demo and the address of its first page."""

    process: subprocess.Popen[str]
    address: str

    def stop(self) -> int:
        """Ends it as an operator would, and returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(20)


@contextlib.contextmanager
def running_demo() -> Iterator[Demo]:
    """Starts the demo on a free port and waits for its address."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "demo", "--no-browser", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        told = ""
        for line in process.stdout:
            told += line
            if found := re.search(r"http://\S+", line):
                yield Demo(process, found[0])
                return
        raise AssertionError(f"the demo ended before it was open:\n{told}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()


@contextlib.asynccontextmanager
async def chromium() -> AsyncGenerator[Browser]:
    """Headless Chromium; as root it runs without its sandbox."""
    args = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find_chromium(), args=args)
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Room:
    """A channel or thread in the browser."""

    page: Page

    @property
    def messages(self) -> Locator:
        """The conversation, without the page's sidebar, which repeats its texts."""
        return self.page.locator("#channel-message-list")

    @property
    def form(self) -> Locator:
        """The open form."""
        return self.page.locator("[role=dialog]")

    async def view_as(self, name: str) -> None:
        """Looks through somebody else's eyes."""
        await self.page.get_by_label("Viewing as").select_option(label=name)
        await self.rests()

    async def rests(self) -> None:
        """Waits until the page has finished what it was doing: until then it drops what is typed."""
        await expect(self.page.locator("#toolbar")).not_to_contain_text(BUSY, timeout=PATIENCE)
        await expect(self.page.get_by_placeholder(re.compile("Message #"))).to_be_enabled(timeout=PATIENCE)

    async def scrolls(self) -> None:
        """Turns the wheel, as a reader who looks for something: until then the newest message stays in sight."""
        await self.page.locator("#channel-timeline").dispatch_event("wheel")

    async def press(self, label: str) -> None:
        """Presses the newest button with this label; a page that was just refreshed asks for a second press."""
        await self.scrolls()
        toolbar = self.page.locator("#toolbar")
        for _ in range(TRIES):
            await self.messages.get_by_role("button", name=label, exact=True).last.click()
            await expect(toolbar).not_to_contain_text(BUSY, timeout=PATIENCE)
            if REFUSED not in await toolbar.inner_text():
                return
        raise AssertionError(f"the page did not press: {label}")

    async def write(self, text: str) -> None:
        """Writes a message and sends it; a page that was just being refreshed asks for a second press."""
        box = self.page.get_by_placeholder(re.compile("Message #"))
        for _ in range(TRIES):
            await self.rests()
            await box.fill(text)
            await box.press("Enter")
            with contextlib.suppress(AssertionError):
                await expect(box).to_have_value("", timeout=SECOND_PRESS_AFTER)
                return
            await self.rests()
            if not await box.input_value():
                return
        raise AssertionError(f"the page did not send: {text}")

    async def command(self, name: str, **options: str | Path) -> None:
        """Picks a slash command and its options as the page offers them, files from their paths, then sends it."""
        box = self.page.get_by_placeholder(re.compile("Message #"))
        await box.fill(f"/{name}")
        await box.press("Enter")
        for option, value in options.items():
            if isinstance(value, Path):
                await self.page.locator(f'input[type=file][data-option="{option}"]').set_input_files(value)
                continue
            await self.page.get_by_role("option", name=re.compile(f"^{option}")).first.click()
            await self.page.keyboard.type(value)
            await self.page.get_by_role("option", name=re.compile(re.escape(value))).first.click()
        leave = self.page.get_by_role("button", name="Exit command mode")
        answered = PATIENCE if any(isinstance(value, Path) for value in options.values()) else SECOND_PRESS_AFTER
        for _ in range(TRIES):
            await self.page.get_by_role("button", name="Send", exact=True).click()
            with contextlib.suppress(AssertionError):
                await expect(leave).to_be_hidden(timeout=answered)
                return
        raise AssertionError(f"the page did not send: /{name}")

    async def heard(self) -> int:
        """How many messages other pages, or the page itself, have sent to it."""
        return await self.page.evaluate("window.heard ?? 0")

    async def sees(self, text: str | re.Pattern[str]) -> None:
        """Waits until the conversation shows a text."""
        await self.messages.get_by_text(text).filter(visible=True).last.wait_for(timeout=2 * PATIENCE)


async def open_room(browser: Browser, demo: Demo, name: str, width: int = 1200, height: int = 900) -> Room:
    """Opens a room by its name, or a part of it, on a page of its own, once the demo offers it."""
    page = await browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2)
    async with asyncio.timeout(2 * PATIENCE / 1000):
        while True:
            state = await (await page.request.get(f"{demo.address}state")).json()
            if offered := [room["url"] for room in state["rooms"] if name in room["name"]]:
                break
            await asyncio.sleep(0.2)
    await page.add_init_script("addEventListener('message', () => { window.heard = (window.heard ?? 0) + 1; })")
    await page.goto(offered[0])
    room = Room(page)
    await room.rests()
    return room
