"""Pictures by OpenAI's Images API: at OpenAI, and by a model at home that needs no key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.providers.calls.attempts import DEFAULT_POLICY
from bot.providers.wire.address import is_home
from bot.sandbox.config import SandboxConfig
from bot.sandboxed import in_sandbox
from bot.settings.settings import Settings
from bot.texts import languages, say
from bot.turns.calling import candidates, lanes
from tests.support.fallback import USED_UP, ask, hurry, with_relay
from tests.support.images import OpenAI, SdCpp, Server, VllmOmni, serving_images
from tests.support.own_servers import GPT, HOME, QWEN, at
from tests.support.painter import number_of, plain
from tests.support.people import CHEN
from tests.support.talking import in_files, talking

SERVERS = [(OpenAI, GPT), (SdCpp, HOME), (VllmOmni, QWEN)]


@pytest.mark.parametrize(("kind", "model"), SERVERS, ids=lambda one: getattr(one, "__name__", None))
async def test_a_talk_of_words_photos_and_a_branch(kind: type[Server], model: str, tmp_path: Path) -> None:
    async with at(server := kind(), model, tmp_path) as talk:
        ann = talk.telegram.ann
        await ann.say("a lighthouse")
        first = await ann.answer()
        await ann.say("at night")
        second = await ann.answer()
        await ann.say("with a ship", reply_to=first)
        third = await ann.answer()
        assert [number_of(await one.picture_bytes()) for one in (first, second, third)] == [1, 2, 3]
        await ann.photo(plain(40, (400, 300)), "make it warmer")
        assert number_of(await (await ann.answer()).picture_bytes()) == 4
        assert third.words == ""
    assert [call.edits for call in server.calls] == [False, True, True, True]
    assert [[number_of(one) for one in call.pictures] for call in server.calls] == [[], [1], [1], [40]]
    prompt = server.calls[1].fields["prompt"]
    assert prompt.index("a lighthouse") < prompt.index("at night")
    assert all("response_format" not in call.fields for call in server.calls)


@pytest.mark.parametrize(("kind", "model"), SERVERS, ids=lambda one: getattr(one, "__name__", None))
async def test_an_album_goes_along_whole_the_edited_picture_first(
    kind: type[Server], model: str, tmp_path: Path
) -> None:
    async with at(server := kind(), model, tmp_path) as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        boat = await ann.answer()
        await ann.album([plain(50), plain(51)], "put these two into the boat", reply_to=boat)
        assert (await ann.answer()).has_picture
    assert [number_of(one) for one in server.calls[-1].pictures] == [1, 50, 51]
    assert server.calls[-1].edits


async def test_a_server_without_a_list_of_models_paints_and_stands_in_the_menu(tmp_path: Path) -> None:
    async with at(SdCpp(has_list=False), "sd-cpp-local", tmp_path) as talk:
        ann = talk.telegram.ann
        assert (await ask(ann, "a boat")).has_picture
        assert (await ask(ann, "at night")).has_picture
        assert "✓ sd-cpp-local" in (await ask(ann, "/model")).buttons


async def test_a_slow_card_is_waited_for_as_long_as_the_setting_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PROVIDER_TIMEOUT_S=1800, in a world where people else wait a second, and half of one in line."""
    monkeypatch.setattr(candidates, "DEFAULT_POLICY", replace(DEFAULT_POLICY, total_s=1.0, reserve_s=0.1))
    monkeypatch.setattr(lanes, "LONGEST_WAIT_S", 0.5)
    async with talking(tmp_path, provider_timeout_s=1800, max_parallel_calls=1) as talk:
        talk.painter.delay_s = 1.5
        await talk.telegram.ann.say("a boat")
        await talk.painter.called(1)
        await talk.telegram.boris.say("a gull")
        for chat in (talk.telegram.ann, talk.telegram.boris):
            assert (await chat.answer()).has_picture
        assert len(talk.painter.calls) == 2


async def test_four_versions_are_one_call_at_openai_and_four_at_home(tmp_path: Path) -> None:
    for number, (kind, model) in enumerate(SERVERS[:2]):
        async with at(server := kind(), model, tmp_path / str(number)) as talk:
            await talk.telegram.ann.say("/x4 a boat")
            await talk.telegram.ann.answers(5)
            assert server.painted == 4
        assert len(server.calls) == (1 if kind is OpenAI else 4)


async def test_a_server_that_takes_one_picture_is_asked_with_one_from_then_on(tmp_path: Path) -> None:
    async with at(server := VllmOmni(most_pictures=1), SERVERS[2][1], tmp_path) as talk:
        ann = talk.telegram.ann
        await ann.album([plain(50), plain(51)], "join them")
        assert (await ann.answer()).has_picture
        await ann.album([plain(60), plain(61)], "join them")
        assert (await ann.answer()).has_picture
    assert [len(call.files) for call in server.calls] == [2, 1, 1]


async def test_a_blocked_wish_is_told_as_one_and_costs_no_second_call(tmp_path: Path) -> None:
    async with at(server := OpenAI(), SERVERS[0][1], tmp_path) as talk:
        said = "Your request was rejected by the safety system. safety_violations=[violence]."
        server.script.append((400, {"error": {"message": said, "code": "moderation_blocked", "param": None}}))
        await talk.telegram.ann.say("something bad")
        assert "safety_violations=[violence]" in (await talk.telegram.ann.answer()).words
    assert len(server.calls) == 1


async def test_effort_becomes_quality(tmp_path: Path) -> None:
    async with at(server := OpenAI(), SERVERS[0][1], tmp_path) as talk:
        ann = talk.telegram.ann
        for effort in ("draft", "careful", "normal"):
            await ann.say(f"/effort {effort}")
            await ann.answer()
            await ann.say("a boat")
            await ann.answer()
    assert [call.fields.get("quality") for call in server.calls] == ["low", "high", None]


async def test_people_read_that_their_pictures_go_to_the_server_at_home_and_not_to_openai(tmp_path: Path) -> None:
    async with at(SdCpp(), "sd-cpp-local", tmp_path) as talk:
        await talk.telegram.ann.say("/privacy")
        said = (await talk.telegram.ann.answer()).words
        assert "each wish goes to a server that my owner runs, with" in said
        assert "OpenAI" not in said
        assert "127.0.0.1" not in said


async def test_a_server_at_home_needs_no_key_to_go_on_for_others_and_others_go_on_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its words are the wishes so far, and a picture of either goes to the other as the one to edit."""
    hurry(monkeypatch)
    async with serving_images(home := SdCpp()):
        home.painted = 100
        account = {"openai_base_url": home.url, "openai_model": "sd-cpp-local", "fallback": "openai"}
        async with talking(tmp_path / "away", **account) as talk:
            ann = talk.telegram.ann
            first = await ask(ann, "a boat")
            talk.painter.always = USED_UP
            answer = await ask(ann, "at night")
            assert [number_of(await one.picture_bytes()) for one in (first, answer)] == [1, 101]
            assert "Gemini is not available at the moment, so sd-cpp-local painted this." in answer.caption
            assert [number_of(picture) for picture in home.calls[0].pictures] == [1]
            assert "a boat" in home.calls[0].fields["prompt"]
            assert "the same goes to a server that my owner runs." in (await ask(ann, "/privacy")).text
            menu = await ask(ann, "/model")
            assert "sd-cpp-local · Own server" in menu.buttons
            shown = [f"{message.words} {' '.join(message.buttons)}" for message in await ann.history()]
            assert not any("127.0.0.1" in one for one in shown)
    # The machine at home is switched off.
    async with talking(tmp_path / "here", provider="openai", **{**account, "fallback": "gemini"}) as talk:
        answer = await ask(talk.telegram.ann, "a boat")
        assert "sd-cpp-local is not available at the moment, so Gemini painted this." in answer.caption


@in_files
async def test_a_server_without_a_key_stands_in_the_menu_but_not_in_the_sandbox(tmp_path: Path) -> None:
    async with at(SdCpp(), "sd-cpp-local", tmp_path) as talk:
        await talk.telegram.ann.say("/model")
        assert "✓ sd-cpp-local" in (await talk.telegram.ann.answer()).buttons
    home = Settings(_env_file=None, openai_base_url="http://localhost:1234/v1")
    assert home.account("openai").usable
    assert not in_sandbox(home, SandboxConfig(), "http://127.0.0.1:8080").account("openai").usable
    assert not Settings(_env_file=None).account("openai").usable


@pytest.mark.parametrize("language", languages())
async def test_each_language_says_that_a_server_is_the_owner_s(language: str, tmp_path: Path) -> None:
    async with at(SdCpp(), "sd-cpp-local", tmp_path) as talk:
        ann = talk.telegram.ann
        await ask(ann, f"/language {language}")
        assert say(language, "privacy-own") in (await ask(ann, "/privacy")).text


async def test_privacy_names_those_who_may_go_on_and_hides_the_owner_s_server(tmp_path: Path) -> None:
    async with serving_images(home := SdCpp()):
        account = {"openai_base_url": home.url, "openai_model": "sd-cpp-local", "fallback": "openai, tokaify"}
        async with with_relay(tmp_path, **account) as (talk, _):
            said = (await ask(talk.telegram.ann, "/privacy")).text
        assert (
            "the same goes to tokaify (through a server that my owner runs) instead, or to a server that my owner runs."
            in said
        )


async def test_where_a_link_into_the_network_leads_only_the_owner_reads(tmp_path: Path) -> None:
    async with at(server := SdCpp(), "sd-cpp-local", tmp_path, owner_ids={CHEN}) as talk:
        ann, chen = talk.telegram.ann, talk.telegram.chen
        await ask(chen, "/start")
        server.script.append((200, {"data": [{"url": "http://10.1.2.3/1.png"}]}))
        assert "at an address that this bot does not open." in (await ask(ann, "a boat")).text
        assert "10.1.2.3: not https" in (await chen.answer()).text


@pytest.mark.parametrize(
    ("host", "home"),
    [
        *(
            (host, True)
            for host in ("127.0.0.1", "::1", "192.168.1.20", "10.0.0.5", "100.64.0.9", "fd00::7", "fe80::1")
        ),
        *((host, True) for host in ("localhost", "gpu", "GPU.local", "nas.lan.", "box.home.arpa", "sd.internal")),
        *((host, False) for host in ("api.openai.com", "8.8.8.8", "2606:4700::1111", "relay.example.localised.com")),
    ],
)
def test_which_servers_are_one_s_own(host: str, home: bool) -> None:
    assert is_home(host) is home


RELAY = "https://pictures.relay.example/v1beta"
ROUTER = "https://router.example/api"


async def test_whoever_reads_privacy_learns_through_which_host_the_pictures_go(tmp_path: Path) -> None:
    """Also for those who go on, and for voice messages; a relay with the settings of tokaify is called by its name."""
    others = {"openrouter_api_key": "key", "openrouter_base_url": ROUTER, "fallback": "tokaify, openrouter"}
    relays = {"gemini_base_url": RELAY, "tokaify_api_key": "key", "tokaify_base_url": "https://other.example"}
    async with talking(tmp_path, listen_model="gemini-3-flash", **relays, **others) as talk:
        said = (await ask(talk.telegram.ann, "/privacy")).text
    assert "each wish goes to Gemini (through pictures.relay.example) with" in said
    assert "the same goes to other.example, OpenRouter (through router.example) instead." in said
    assert "Voice and video messages go to Gemini (through pictures.relay.example) to be" in said
    assert "tokaify" not in said


@pytest.mark.parametrize("language", languages())
async def test_a_relay_at_home_is_told_without_its_address(language: str, tmp_path: Path) -> None:
    for number, address in enumerate(("http://192.168.7.9:4000", "http://litellm:4000/v1beta")):
        async with talking(tmp_path / str(number), gemini_base_url=address) as talk:
            await ask(talk.telegram.ann, f"/language {language}")
            said = (await ask(talk.telegram.ann, "/privacy")).text
        assert say(language, "privacy-relay-own", provider="Gemini") in said
        assert "192.168" not in said
        assert "litellm" not in said


async def test_at_the_provider_s_own_address_nobody_is_between(tmp_path: Path) -> None:
    async with talking(tmp_path, gemini_base_url="https://generativelanguage.googleapis.com/v1beta") as talk:
        assert "each wish goes to Gemini with" in (await ask(talk.telegram.ann, "/privacy")).text
