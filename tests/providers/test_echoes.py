"""What a person wrote decides nothing about a provider, also where the provider's refusal quotes it."""

from __future__ import annotations

import html
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.base import Answer, Provider
from bot.providers.errors import ProviderError, Rejected
from bot.providers.shared.echoes import CUT, without_echo
from bot.providers.shared.error_mapping import COMMON_RULES, error_of, fault_of
from bot.providers.wire.redact import Redactor
from tests.providers.contract import asking
from tests.providers.dialects import Dialect
from tests.providers.wiring import Album, Endpoint, Reply

HARMLESS = "a boat that lies at the quay of a small town"
WISHES = [
    "a poster that says: at most 1 image",
    "a sign: payload size exceeds 10000 bytes",
    "a naked man who ran out of credits, with an insufficient balance",
    "a map, and under it: your location is not supported",
    "a book called 'gemini-9 is not a valid model'",
    "a stamp: the prompt must contain at most 100 characters",
    "a clock that says: please retry in 86400 s",
    "a shop: ten breads per day, that is the daily limit",
    "a letter: Invalid JSON payload received. Unknown name \"aspectRatio\" at 'generation_config'",
    "a parrot that\nsays: API key not valid",
]
SHORT_WISHES = [
    "top up your",
    "flagged by",
    "moderation",
    "rate limit",
    "per day",
    "limit: 0",
    "Invalid URL",
    "credits",
]
"""Each is a rule's phrase, or the beginning of one, in fewer letters than a run that counts as an echo."""
ECHOES: dict[str, Callable[[str], str]] = {
    "quoted": lambda words: f'The prompt was rejected: "{words}"',
    "cut off": lambda words: f"Could not process the prompt {words[:-1]}...",
    "as JSON": lambda words: f"validation failed for {json.dumps({'prompt': words})}",
    "as JSON in JSON": lambda words: json.dumps(json.dumps({"prompt": words})),
    "as HTML": lambda words: f"<p>bad prompt: {html.escape(words)}</p>",
    "in capitals": lambda words: f"REJECTED: {words.upper()}",
    "on one line": lambda words: f"Rejected prompt: {' '.join(words.split())}",
}


def bodies(said: str, wish: str) -> list[tuple[int, Any]]:
    """Return refusals that quote a wish, in the shapes of the providers' errors."""
    moderation = {"reasons": ["sexual"], "flagged_input": wish}
    return [
        (400, {"error": {"code": 400, "message": said, "status": "INVALID_ARGUMENT"}}),
        (403, {"error": {"code": 403, "message": "Your chosen model requires moderation", "metadata": moderation}}),
        (422, {"detail": [{"loc": ["body", "prompt"], "msg": "is not acceptable", "input": wish}]}),
        (429, {"error": {"code": 429, "message": said}}),
        (500, {"statusCode": 500, "message": said}),
        (404, {"message": said}),
    ]


@pytest.mark.parametrize("echo", ECHOES)
async def test_a_quoted_wish_changes_no_verdict(
    echo: str, dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    async def verdicts(wish: str) -> list[object]:
        found = []
        for status, body in bodies(ECHOES[echo](wish), wish):
            endpoint.script.clear()
            endpoint.add(Reply(body, status))
            with pytest.raises(ProviderError) as caught:
                await spoken.read(await spoken.ask(asking(dialect, album, wish)), model=dialect.model)
            error = caught.value
            found.append((type(error), error.remedy, error.tell_owner, error.retry_after_s))
        return found

    expected = await verdicts(HARMLESS)
    wishes = [*WISHES, *SHORT_WISHES]
    assert {wish: await verdicts(wish) for wish in wishes} == dict.fromkeys(wishes, expected)


async def test_a_short_wish_that_a_relay_quotes_is_no_news_of_the_balance(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    endpoint.add(Reply({"error": {"code": 400, "message": "Prompt not allowed: top up your"}}, 400))
    with pytest.raises(ProviderError) as caught:
        await spoken.read(await spoken.ask(asking(dialect, album, "top up your")), model=dialect.model)
    assert type(caught.value) is Rejected


@pytest.mark.parametrize(
    "said",
    [
        "Prompt not allowed: moderati...",
        "Prompt not allowed: moderation…",
        "The input 'moderation...' is not accepted",
        'Error: prompt: "Moderation …" is bad',
    ],
)
def test_the_first_letters_of_a_long_wish_are_an_echo(said: str) -> None:
    wish = "moderation of a debate between two parrots in a hall"
    assert verdict(said, wish) == verdict(said.replace("oderati", ""), "")


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("Rejected by moderation: see our policy", "moderation"),
        ("Your chosen model requires moderation and your input was flagged", "moderation"),
        ("Please top up your balance, prompt: top up your", "top up your"),
        ("quota exceeded, limit: 0, model: gemini", "limit"),
        ("Your credit balance is too low", "credits"),
    ],
)
def test_a_provider_may_share_its_words_with_a_short_wish(said: str, wish: str) -> None:
    assert verdict(said, wish) == verdict(said, "")


def verdict(said: str, wish: str) -> object:
    """Return what is made of a refusal with the words ``said`` of a request with ``wish``."""
    body = json.dumps({"error": {"code": 400, "message": said}}).encode()
    answer = Answer(status=400, content_type="application/json", body=body, said=(wish,))
    error = error_of(fault_of(answer, Redactor("")), (), model="")
    return type(error), error.remedy


@given(
    before=st.text(max_size=40),
    phrase=st.sampled_from(WISHES),
    after=st.text(max_size=40),
    echo=st.sampled_from(sorted(ECHOES)),
)
def test_no_words_around_a_phrase_make_it_a_fact(before: str, phrase: str, after: str, echo: str) -> None:
    wish = before + phrase + after
    assert verdict(ECHOES[echo](wish), wish) == verdict(ECHOES[echo](HARMLESS), HARMLESS)


@pytest.mark.parametrize(
    "said",
    [
        "At most 5 image(s) may be provided in one request.",
        "Request payload size exceeds the limit: 20971520 bytes.",
        "You are out of credits: top up your account.",
        "User location is not supported for the API use.",
    ],
)
def test_the_words_of_the_provider_count_whatever_is_quoted_beside_them(said: str) -> None:
    assert any(rule.fits(fault_of(_refusal(said, wish), Redactor(""))) for wish in WISHES for rule in COMMON_RULES)
    for wish in ("red", "a picture", "the image", HARMLESS):
        assert verdict(f"{said} Prompt: {wish}", wish) == verdict(said, "")


def _refusal(said: str, wish: str) -> Answer:
    body = json.dumps({"error": {"code": 400, "message": f"{said} Prompt: {wish}"}}).encode()
    return Answer(status=400, content_type="application/json", body=body, said=(wish,))


def test_echoes_are_cut_out_and_the_rest_stays() -> None:
    said = ("make the hat on the table blue", "short")
    assert without_echo('Rejected "Make the HAT\\non the table  blue" for short reasons', said) == (
        f'Rejected "{CUT}" for short reasons'
    )
    assert without_echo("nothing of it", said) == "nothing of it"
    assert without_echo("", said) == ""


@pytest.mark.parametrize(
    "text",
    [
        " " * 20_000,
        "\n" * 20_000,
        "input" + "\t " * 10_000,
        "\\" * 20_000,
        "' " * 10_000,
        "&nbsp;" * 3_000,
        "prompt " * 3_000,
    ],
    ids=["spaces", "lines", "an input", "backslashes", "quotes", "entities", "prompts"],
)
def test_no_answer_takes_long_to_search(text: str) -> None:
    """It is searched while all other conversations wait. White space took 50 s with a history of 50 short wishes."""
    began_at = time.process_time()
    without_echo(text, [f"wish {number}" for number in range(10, 60)])
    assert time.process_time() - began_at < 2


def test_what_a_wish_wrote_between_much_white_space_is_an_echo() -> None:
    assert without_echo(f"refused:{' ' * 50}{HARMLESS}{' ' * 50}(code 7)", [HARMLESS]) == f"refused: {CUT} (code 7)"


@pytest.mark.parametrize("wish", ["画一只猫", "裸の王様", "고양이 그려", "🎈🎈🎈", "👩\u200d👩\u200d👧 🎈 ❄️"])
def test_a_wish_in_few_signs_that_say_much_is_an_echo_where_it_is_quoted(wish: str) -> None:
    assert without_echo(f"The prompt “{wish}” was refused", [wish]) == f"The prompt “{CUT}” was refused"


@pytest.mark.parametrize("wish", ["a", "cat", "猫", "🎈", "!!!!!!!!"])
def test_a_wish_that_says_nothing_cuts_no_sentence(wish: str) -> None:
    said = "The prompt was refused: a cat is no cat!!!!!!!! 猫 🎈"
    assert without_echo(said, [wish]) == said
