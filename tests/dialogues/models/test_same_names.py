"""Models that have the same name at several providers: which one a typed name means, and what the menu shows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.support.fallback import ask, with_relay
from tests.support.images import SdCpp, serving_images
from tests.support.painter import Painter
from tests.support.talking import Talk

LEGACY = "gemini-2.5-flash-image"


@asynccontextmanager
async def at_home(data_dir: Path) -> AsyncIterator[tuple[Talk, Painter]]:
    """Talk to a bot that paints at home, and has keys for Gemini and for a relay with the same models."""
    async with serving_images(home := SdCpp()):
        account = {"provider": "openai", "openai_base_url": home.url, "openai_model": "sd-cpp-local"}
        async with with_relay(data_dir, **account) as (talk, relay):
            yield talk, relay


async def test_who_types_a_name_that_two_providers_have_chooses_between_them(tmp_path: Path) -> None:
    """They cost differently, and pictures go to different companies. Nothing is chosen for the person."""
    async with at_home(tmp_path) as (talk, relay):
        ann = talk.telegram.ann
        page = await ask(ann, "/model nano banana pro")
        assert [*page.buttons] == ["Nano Banana Pro · Gemini", "Nano Banana Pro · tokaify", "‹ Back"]
        prices = [line for line in page.text.splitlines() if line.startswith("• ")]
        assert [line.partition(":")[0] for line in prices] == [
            "• Nano Banana Pro · Gemini",
            "• Nano Banana Pro · tokaify",
        ]
        assert ["$" in line for line in prices] == [True, False]
        await ann.press(page, "Nano Banana Pro · tokaify")
        await ann.until(page, lambda message: "Model: Nano Banana Pro · tokaify" in message.buttons)
        assert (await ask(ann, "a boat")).has_picture
        assert (len(talk.painter.calls), len(relay.calls)) == (0, 1)


async def test_a_name_means_the_model_of_the_provider_in_use(tmp_path: Path) -> None:
    async with with_relay(tmp_path) as (talk, relay):
        ann = talk.telegram.ann
        assert "Model: Nano Banana Pro · Gemini" in (await ask(ann, "/model nano banana pro")).buttons
        assert "Model: Nano Banana · tokaify" in (await ask(ann, f"/model tokaify/{LEGACY}")).buttons
        for said in ("nano banana pro", "gemini-3-pro-image", "pro"):
            await ask(ann, f"/model tokaify/{LEGACY}")
            assert "Model: Nano Banana Pro · tokaify" in (await ask(ann, f"/model {said}")).buttons
        assert "Model: Nano Banana Pro · Gemini" in (await ask(ann, "/model nano banana pro · gemini")).buttons
        assert relay.calls == []


async def test_the_beginning_of_a_name_is_enough_where_only_one_has_it(tmp_path: Path) -> None:
    async with at_home(tmp_path) as (talk, _):
        ann = talk.telegram.ann
        await ask(ann, "/model nano banana · gemini")
        assert "Model: sd-cpp-local · Own server" in (await ask(ann, "/model sd-cpp")).buttons
        assert "I can’t choose “nan”" in (await ask(ann, "/model nan")).text


async def test_a_replaced_model_is_tried_again_where_it_was_although_another_provider_has_it(tmp_path: Path) -> None:
    """As the owner is told: "/model gemini-2.5-flash-image tries it again"."""
    async with with_relay(tmp_path, gemini_model="gemini-3-pro-image") as (talk, relay):
        ann = talk.telegram.ann
        await ask(ann, f"/model {LEGACY}")
        talk.painter.gone = {LEGACY}
        assert "no longer offered" in (await ask(ann, "a boat")).caption
        talk.painter.gone = set()
        await ask(ann, f"/model {LEGACY}")
        await ask(ann, "warmer")
        assert talk.painter.calls[-1].model == LEGACY
        assert relay.calls == []
