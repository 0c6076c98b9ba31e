"""Links to pictures in a model's words: how many are opened, and how long they may delay an answer."""

from __future__ import annotations

import asyncio

from bot.providers.base import Blob
from bot.providers.errors import LinkFailed
from bot.providers.shared.parts import MOST_LINKS, read_parts
from tests.providers.wiring import b64, png
from tests.support.painter import noise

RED = png("red")


async def test_links_that_hang_keep_nobody_from_a_picture_that_is_there() -> None:
    """Words may hold thousands. They are opened side by side, of many only the first, and the others stay words."""
    opened: list[str] = []

    async def hang(link: str) -> Blob:
        opened.append(link)
        await asyncio.sleep(0.2)
        raise LinkFailed

    words = " ".join(f"![{number}](https://a.example/{number}.png)" for number in range(1000))
    others = words.replace("a.example", "b.example")
    parts = [{"inlineData": {"mimeType": "image/png", "data": b64(RED)}}, {"text": words}, {"text": others}]
    async with asyncio.timeout(5):
        reading = await read_parts(parts, hang, links_in_text=True)
    assert [blob.data for blob in reading.pictures] == [RED]
    assert opened == [f"https://a.example/{number}.png" for number in range(MOST_LINKS)]
    assert words in reading.text
    assert others in reading.text


async def test_of_many_links_the_first_pictures_are_shown_in_their_order() -> None:
    async def fetch(link: str) -> Blob:
        # The first one is the last to arrive.
        await asyncio.sleep(0.1 if "/0." in link else 0)
        return Blob(mime="image/png", data=link.encode())

    words = " ".join(f"![](https://a.example/{number}.png)" for number in range(MOST_LINKS + 1))
    reading = await read_parts([{"text": words}], fetch, links_in_text=True)
    assert [blob.data for blob in reading.pictures] == [
        f"https://a.example/{number}.png".encode() for number in range(MOST_LINKS)
    ]
    assert reading.text == f"![](https://a.example/{MOST_LINKS}.png)"


async def test_a_large_picture_in_the_words_holds_nobody_up() -> None:
    """One of 4K is 20 to 30 MB in base64; the watchdog of all tests looks on."""

    async def nothing(link: str) -> Blob:
        raise LinkFailed

    large = noise(1, 2300)
    words = f"Here: ![it](data:image/png;base64,{b64(large)}) Enjoy!"
    # A separate task: what the test itself calls is not watched.
    reading = await asyncio.create_task(read_parts([{"text": words}], nothing, links_in_text=True))
    assert len(words) > 20_000_000
    assert [blob.data == large for blob in reading.pictures] == [True]
    assert reading.text == "Here:  Enjoy!"


async def test_words_and_picture_of_one_part_are_taken_apart() -> None:
    """Some relays fill up both. A part holds one thing: both would be refused with the next wish, the words unread."""

    async def nothing(link: str) -> Blob:
        raise LinkFailed

    picture = {"mimeType": "image/png", "data": b64(RED)}
    parts = [{"text": "There.", "inlineData": picture, "thoughtSignature": "c2ln"}, {"text": "", "inlineData": picture}]
    reading = await read_parts(parts, nothing, links_in_text=False)
    assert reading.text == "There."
    assert [sorted(part) for part in reading.parts] == [["text"], ["inlineData", "thoughtSignature"]]
