"""``check()``: the key and the model id are verified by free look-ups alone, near matches are named."""

from __future__ import annotations

from typing import Any

import pytest

from bot.providers.base import CheckLine
from bot.providers.factory import ProviderConfig, build
from bot.providers.shared.model_list import ids_of
from tests.providers.wiring import KEY, Endpoint, Reply

IDS = ["gemini-2.5-flash-image", "gemini-3-pro-image", "gemini-2.5-flash", "gemini-embedding-001"]
NATIVE = Reply({"models": [{"name": f"models/{name}", "displayName": "x"} for name in IDS]})
OPENAI = Reply({"object": "list", "data": [{"id": name, "name": "A title"} for name in IDS]})
BAD_KEY = Reply(
    {"error": {"code": 400, "message": "API key not valid.", "details": [{"reason": "API_KEY_INVALID"}]}}, 400
)
KEY_PAGES = {"aimlapi": "/v1/billing/balance", "openrouter": "/api/v1/key"}
LISTS = {
    "gemini": "/v1beta/models",
    "tokaify": "/v1beta/models",
    "aimlapi": "/models",
    "onemin": "/models",
    "openrouter": "/api/v1/models",
    "openai": "/v1/models",
}


async def check(name: str, endpoint: Endpoint, model: str, **config: Any) -> dict[str, CheckLine]:
    """Return the findings by subject; the check may post nothing."""
    provider = build(name, ProviderConfig(base_url=endpoint.url, api_key=KEY, **config))
    findings = await provider.check(model)
    await provider.aclose()
    assert endpoint.posts == []
    assert findings
    for finding in findings:
        assert KEY not in finding.text
    return {finding.what: finding for finding in findings}


@pytest.mark.parametrize("name", list(LISTS))
async def test_a_good_key_and_model_are_well(name: str, endpoint: Endpoint) -> None:
    endpoint.pages[LISTS[name]] = NATIVE if name in ("gemini", "tokaify") else OPENAI
    if name in KEY_PAGES:
        endpoint.pages[KEY_PAGES[name]] = Reply({"data": {"usage": 1}})
    found = await check(name, endpoint, "gemini-2.5-flash-image")
    assert found["model gemini-2.5-flash-image"].ok
    assert found["API key"].ok
    assert all(finding.ok for finding in found.values())


@pytest.mark.parametrize("name", list(LISTS))
async def test_an_unknown_model_is_told_with_near_ones(name: str, endpoint: Endpoint) -> None:
    endpoint.pages[LISTS[name]] = NATIVE if name in ("gemini", "tokaify") else OPENAI
    if name in KEY_PAGES:
        endpoint.pages[KEY_PAGES[name]] = Reply({})
    finding = (await check(name, endpoint, "gemini-2.5-flash-imge"))["model gemini-2.5-flash-imge"]
    assert not finding.ok
    assert "gemini-2.5-flash-image" in finding.text
    assert "gemini-embedding-001" not in finding.text


@pytest.mark.parametrize("name", ["gemini", "tokaify", "aimlapi", "openrouter", "openai"])
@pytest.mark.parametrize("refusal", [Reply({"message": "Unauthorized"}, 401), BAD_KEY], ids=["401", "google"])
async def test_a_bad_key_is_told_as_one(name: str, refusal: Reply, endpoint: Endpoint) -> None:
    endpoint.pages[KEY_PAGES.get(name, LISTS[name])] = refusal
    found = await check(name, endpoint, "gemini-2.5-flash-image")
    assert not found["API key"].ok
    assert "not accepted" in found["API key"].text
    assert len(endpoint.calls) == 1


async def test_onemin_says_that_it_cannot_verify_a_key(endpoint: Endpoint) -> None:
    endpoint.pages["/models"] = OPENAI
    found = await check("onemin", endpoint, "gemini-2.5-flash-image")
    assert "not verified" in found["API key"].text
    assert endpoint.calls[0].query == "feature=IMAGE_GENERATOR"


async def test_openrouter_s_list_holds_models_that_only_paint(endpoint: Endpoint) -> None:
    """Without a parameter the list has models that write ("defaults to text", openrouter 1.3.84, models_.py)."""
    endpoint.pages |= {"/api/v1/key": Reply({}), "/api/v1/models": Reply({"data": [{"id": "openai/gpt-image-2.6"}]})}
    found = await check("openrouter", endpoint, "openai/gpt-image-2.6")
    assert found["model openai/gpt-image-2.6"].ok
    assert endpoint.calls[-1].query == "output_modalities=image"


async def test_the_model_that_edits_is_looked_up_too(endpoint: Endpoint) -> None:
    flash, editor = "google/gemini-2.5-flash-image", "google/gemini-2.5-flash-image-edit"
    endpoint.pages |= {"/v1/billing/balance": Reply({}), "/models": Reply({"data": [{"id": flash}]})}
    found = await check("aimlapi", endpoint, flash)
    assert found[f"model {flash}"].ok
    assert not found[f"model {editor}"].ok
    endpoint.pages["/models"] = Reply({"data": [{"id": flash}, {"id": "google/nano-banana-edit"}]})
    found = await check("aimlapi", endpoint, flash)
    assert found[f"model {editor}"].ok
    assert "google/nano-banana-edit takes its place" in found[f"model {editor}"].text
    found = await check("aimlapi", endpoint, flash, edit_model="maker/editor")
    assert not found["model maker/editor"].ok


LISTED = {"uuid": "7f", "modelId": "gemini-2.5-flash-image", "name": "Gemini 2.5 Flash Image", "status": "ACTIVE"}
"""An entry of 1min.ai's list, by the keys that others observed there."""


async def test_onemin_offers_what_its_list_has_of_gemini(endpoint: Endpoint) -> None:
    others = [{"modelId": "flux-schnell", "name": "Flux"}, {"modelId": "gemini-4-image", "name": "Gemini 4 Image"}, {}]
    endpoint.pages["/models"] = Reply({"models": [LISTED, *others], "total": 4})
    provider = build("onemin", ProviderConfig(base_url=endpoint.url, api_key=KEY))
    assert await provider.offered() == ("gemini-2.5-flash-image", "gemini-4-image")
    await provider.aclose()


async def test_onemin_s_editor_is_looked_up_in_the_list_of_editors(endpoint: Endpoint) -> None:
    endpoint.pages["/models"] = Reply({"models": [LISTED], "total": 1})
    found = await check("onemin", endpoint, "gemini-2.5-flash-image")
    edits = found["model gemini-2.5-flash-image-preview, which edits"]
    assert edits.ok
    assert "gemini-2.5-flash-image takes its place" in edits.text
    assert [call.query for call in endpoint.calls] == ["feature=IMAGE_GENERATOR", "feature=IMAGE_EDITOR"]
    found = await check("onemin", endpoint, "gemini-2.5-flash-image", edit_model="flux-kontext")
    assert not found["model flux-kontext, which edits"].ok


async def test_a_relay_without_gemini_s_list_is_asked_for_openai_s(endpoint: Endpoint) -> None:
    endpoint.pages["/v1/models"] = OPENAI
    found = await check("tokaify", endpoint, "gemini-3-pro-image")
    assert found["model gemini-3-pro-image"].ok
    assert [call.path for call in endpoint.calls] == ["/v1beta/models", "/v1/models"]


@pytest.mark.parametrize("name", list(LISTS))
@pytest.mark.parametrize("reply", [Reply("<html>", 200), Reply("", 502), Reply("[]"), Reply('{"models": [null, 3]}')])
async def test_an_odd_list_is_a_finding_and_no_crash(name: str, reply: Reply, endpoint: Endpoint) -> None:
    for path in (LISTS[name], KEY_PAGES.get(name, "/x"), "/v1/models"):
        endpoint.pages[path] = reply
    found = await check(name, endpoint, "gemini-2.5-flash-image")
    assert not all(finding.ok for finding in found.values())


async def test_a_long_list_is_read_to_its_end(endpoint: Endpoint) -> None:
    class Paged(dict[str, Reply]):
        """A list whose second page comes after the first was read."""

        def get(self, path: str, default: Any = None) -> Any:
            if path != "/v1beta/models":
                return default
            second = any("pageToken=next" in call.query for call in endpoint.calls)
            return NATIVE if second else Reply({"models": [{"name": "models/a"}], "nextPageToken": "next"})

    endpoint.pages = Paged()
    assert (await check("gemini", endpoint, "gemini-3-pro-image"))["model gemini-3-pro-image"].ok
    endpoint.pages = {"/v1beta/models": Reply({"models": [], "nextPageToken": "for ever"})}
    endpoint.calls.clear()
    await check("gemini", endpoint, "gemini-3-pro-image")
    assert len(endpoint.calls) == 10


async def test_an_unreachable_provider_is_a_finding() -> None:
    nobody = Endpoint()
    nobody.url = "http://127.0.0.1:9"
    for name in LISTS:
        found = await check(name, nobody, "gemini-2.5-flash-image")
        assert any("cannot be asked" in finding.text for finding in found.values())


ODD_LISTS: list[Any] = [None, 3, "x", [], {}, {"models": {"a": 1}}, {"data": [[], {"id": 3}, {"name": None}]}]


@pytest.mark.parametrize("document", ODD_LISTS)
def test_a_list_of_another_shape_has_no_ids(document: Any) -> None:
    assert ids_of(document) == []


@pytest.mark.parametrize("name", ["gemini", "tokaify"])
async def test_of_all_that_a_key_may_use_those_that_draw_are_offered(name: str, endpoint: Endpoint) -> None:
    """ai.google.dev/api/models, Model.supportedGenerationMethods: Imagen has ``predict`` alone."""
    draws = ["gemini-2.5-flash-image", "gemini-nano-banana-2.1", "nano-banana-pro-preview", "gemini-9-image-preview"]
    others = ["gemini-3.8-flash", "gemini-embedding-2", "gemini-imagery-understanding"]
    entries = [{"name": f"models/{one}", "supportedGenerationMethods": ["generateContent"]} for one in draws + others]
    entries.append({"name": "models/imagen-4.0-image-x", "supportedGenerationMethods": ["predict"]})
    endpoint.pages["/v1beta/models"] = Reply({"models": entries})
    provider = build(name, ProviderConfig(base_url=endpoint.url, api_key=KEY))
    assert list(await provider.offered()) == draws
    assert endpoint.posts == []
    await provider.aclose()
