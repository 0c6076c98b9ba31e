"""All composed answers, over real HTTP: outcome, pictures byte for byte, words, how to repeat, the sentence."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bot.providers.base import Answer, Blob, Request, Result
from bot.providers.dialects.onemin import asset_key
from bot.providers.errors import Help, ProviderError, RemedyKind, Retry
from bot.providers.factory import ProviderConfig, build
from tests.providers.recorded import INDEX, NAMES, Recorded, load
from tests.providers.sentences import say
from tests.providers.wiring import KEY, Album, Authority, Detour, Endpoint, Reply, png, resolver

PUBLIC = "93.184.215.14"
BASES = {"openrouter": "/api/v1"}

# The legend's words, in terms of the error tree.
RETRIES = {
    "no": (Retry.NEVER, None),
    "once": (Retry.ONCE, None),
    "backoff": (Retry.BACKOFF, None),
    "after_delay": (Retry.AFTER_DELAY, None),
    "once_optional": (Retry.NEVER, None),
    "once_degraded_history": (Retry.NEVER, RemedyKind.DEGRADE_HISTORY),
    "once_trimmed_history": (Retry.NEVER, RemedyKind.TRIM_HISTORY),
    "once_without_field": (Retry.NEVER, RemedyKind.WITHOUT_FIELD),
    "once_with_text_modality": (Retry.ONCE, RemedyKind.WITH_TEXT),
}
OWNER_MUST_KNOW = {"auth", "region", "billing", "quota_exhausted", "model_unavailable"}


async def read(recorded: Recorded, endpoint: Endpoint, secure: Endpoint, authority: Authority) -> Result:
    """Send one request to ``endpoint``, which returns the recorded answer, and return how the bot reads it."""
    endpoint.add(recorded.reply)
    for link in recorded.links:
        host_and_path = link.removeprefix("https://").partition("?")[0]
        secure.pages[host_and_path] = Reply(
            png(kind=Path(host_and_path).suffix[1:].upper()), headers={"content-type": ""}
        )
    hosts = {link.split("/")[2].replace(".", "__"): PUBLIC for link in recorded.links}
    provider = build(
        recorded.provider,
        ProviderConfig(
            base_url=endpoint.url + BASES.get(recorded.provider, ""),
            api_key=KEY,
            # Unset, as by default: an address that is not Google's own is a relay's.
            links_in_text=None if recorded.data["dialect"] == "gemini-relay" else False,
        ),
        fetch_transport=Detour(secure.port, authority.context()),
        resolver=resolver(**hosts),
    )
    request = Request(
        model=recorded.model,
        contents=({"role": "user", "parts": [{"text": "a red square"}]},),
        wish="a red square",
        read=Album().read,
    )
    try:
        return await provider.read(await provider.ask(request), model=recorded.model)
    finally:
        await provider.aclose()


@pytest.mark.parametrize("name", [n for n in NAMES if n != "126_1min_asset_upload.json"])
async def test_an_answer_means_what_the_index_says(
    name: str, endpoint: Endpoint, secure: Endpoint, authority: Authority
) -> None:
    recorded = load(name)
    expect = recorded.expect
    try:
        result = await read(recorded, endpoint, secure, authority)
    except ProviderError as error:
        _check_error(error, recorded)
        return
    assert expect["outcome"] == ("ok" if result.pictures else "ok_text_only")
    _check_pictures(result, recorded)
    assert result.text == (expect["text_to_show"] or "").strip()
    assert result.content["role"] == "model"
    assert len(endpoint.posts) == 1


def _check_pictures(result: Result, recorded: Recorded) -> None:
    assert len(result.pictures) == len(recorded.expect["images"])
    for blob, image in zip(result.pictures, recorded.expect["images"], strict=True):
        if "sha256_16" in image:
            assert hashlib.sha256(blob.data).hexdigest()[:16] == image["sha256_16"]
            assert len(blob.data) == image["bytes"]
        if image["mime"]:
            assert blob.mime == image["mime"]
    kept = [part["inlineData"]["data"] for part in result.content["parts"] if "inlineData" in part]
    assert all(isinstance(blob, Blob) for blob in kept)
    shown = [p["inlineData"]["data"] for p in result.content["parts"] if "inlineData" in p and not p.get("thought")]
    assert shown == list(result.pictures)


def _check_error(error: ProviderError, recorded: Recorded) -> None:
    expect = recorded.expect
    assert error.outcome == expect["outcome"], repr(error)
    retry, remedy = RETRIES[expect["retry"]]
    assert error.retry is retry
    assert (error.remedy.kind if error.remedy else None) is remedy
    if "retry_after_s" in expect:
        assert error.retry_after_s == expect["retry_after_s"]
    assert error.help
    assert all(isinstance(button, Help) for button in error.help)
    if expect["outcome"] in OWNER_MUST_KNOW:
        assert error.tell_owner
        assert error.owner_text
    sentence = say(error.key, error.values)
    assert sentence.endswith((".", "?", "…")) or error.key.endswith("-explained")
    assert "<" not in sentence
    told = expect["user_message"] or ""
    for word in ("key", "balance", "quota", "safety filter", "prohibited", "midnight", "/model", "place where"):
        if word in told and word != "prohibited":
            assert word in sentence


def test_the_upload_answer_gives_the_key_of_the_asset() -> None:
    recorded = load("126_1min_asset_upload.json")
    assert asset_key(recorded.document) == "images/2026_11_21_in.png"
    without_asset = {"fileContent": recorded.document["fileContent"]}
    assert asset_key(without_asset) == "images/2026_11_21_in.png"


def test_the_index_lists_every_file() -> None:
    assert INDEX["count"] == len(NAMES) == 71
    for name in NAMES:
        load(name)


async def test_a_whole_stored_answer_is_read_alike(endpoint: Endpoint, secure: Endpoint, authority: Authority) -> None:
    recorded = load("06_thought_parts_and_signatures.json")
    result = await read(recorded, endpoint, secure, authority)
    provider = build("gemini", ProviderConfig(api_key=KEY))
    again = await provider.read(
        Answer(status=200, content_type="application/json", body=recorded.body), model=recorded.model
    )
    await provider.aclose()
    assert again == result
    parts = result.content["parts"]
    original = recorded.document["candidates"][0]["content"]["parts"]
    assert [p.get("thoughtSignature") for p in parts] == [p.get("thoughtSignature") for p in original]
    assert [sorted(p) for p in parts] == [sorted(p) for p in original]
