"""OpenAI's Images API as three servers have it: what goes to which route, sizes, effort, refusals, cost."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from PIL import Image, ImageOps

from bot.providers.base import ALPHA, COUNT, MASK, WHITE, Answer, Options, Provider, Request, Result
from bot.providers.calls.attempts import AttemptPolicy, generate
from bot.providers.dialects.openai_models import is_offered
from bot.providers.errors import (
    BalanceEmpty,
    CouldNotDraw,
    DailyQuota,
    KeyInvalid,
    LinkRefused,
    ModelUnavailable,
    ModerationRefused,
    PictureRefused,
    PictureUnusable,
    ProviderError,
    RateLimited,
    RequestTooLarge,
)
from bot.providers.factory import ProviderConfig, build
from tests.providers.turns import Book
from tests.providers.wiring import KEY, Album, Endpoint, Reply, b64, png
from tests.support.images import GPT_IMAGE, OpenAI, SdCpp, Server, VllmOmni, openai_error, serving_images
from tests.support.painter import number_of, plain
from tests.support.pictures import encoded

SUNBURST = "gpt-image-2.5-sunburst"
QUICK = AttemptPolicy(once_wait_s=0.0, first_wait_s=0.0, longest_delay_s=-1)


@asynccontextmanager
async def speaking(server: Server, **config: Any) -> AsyncIterator[Provider]:
    """Serve a server and a provider that calls it."""
    async with serving_images(server):
        key = server.token if isinstance(server, OpenAI) else ""
        provider = build("openai", ProviderConfig(**{"base_url": server.url, "api_key": key, **config}))
        yield provider
        await provider.aclose()


def asking(album: Album, model: str, wish: str = "a boat", **changes: Any) -> Request:
    contents = ({"role": "user", "parts": [{"text": wish}]},)
    return Request(**{"model": model, "contents": contents, "wish": wish, "read": album.read, **changes})


async def ask(provider: Provider, request: Request, book: Book | None = None) -> Result:
    """Ask as the bot does, with remedies that change the options."""
    return await generate(provider, request, book or Book(), policy=QUICK)


async def test_words_go_to_one_route_and_pictures_to_the_other(album: Album) -> None:
    photo, hat = album.add(png("red", (1200, 900))), album.add(png("blue"), "image/png")
    async with speaking(server := OpenAI()) as provider:
        await ask(provider, asking(album, SUNBURST))
        options = Options(ratio="4:3", effort="careful", count=2)
        request = asking(album, SUNBURST, "add the hat", current=photo, pictures=(hat,), options=options)
        result = await ask(provider, request)
    words, edit = server.calls
    assert (words.edits, words.fields, words.files) == (False, {"model": SUNBURST, "prompt": "a boat"}, ())
    sent = {"model": SUNBURST, "prompt": "add the hat", "size": "1152x864", "quality": "high", "n": "2"}
    assert (edit.edits, edit.fields) == (True, sent)
    shown = [(name, mime) for name, mime, _ in edit.files]
    assert shown == [("image[]", "image/png"), ("image[]", "image/png")]
    assert edit.pictures == [album.held[photo.sha256], album.held[hat.sha256]]
    assert [number_of(blob.data) for blob in result.pictures] == [2, 3]


@pytest.mark.parametrize("model", GPT_IMAGE)
async def test_every_choice_that_is_offered_is_one_that_openai_takes(model: str, album: Album) -> None:
    pictures = tuple(album.add(png("red", (1000 + n, 700))) for n in range(16))
    async with speaking(server := OpenAI()) as provider:
        able = provider.capabilities(model)
        for ratio, size in itertools.product((None, *able.ratios), (None, *able.sizes)):
            for shown in ((), pictures[:1], pictures):
                options = Options(ratio=ratio, size=size, effort="draft")
                await ask(provider, asking(album, model, pictures=shown, options=options), book := Book())
                assert book.remedies == []
    assert {call.fields.get("quality") for call in server.calls} == {"low"}


@pytest.mark.parametrize(
    ("size_px", "options", "sent"),
    [
        # An edited picture keeps its very shape, not that of the nearest name.
        ((1000, 740), {"ratio": "4:3"}, "1232x912"),
        ((1000, 740), {"ratio": "4:3", "size": "2K"}, "2400x1776"),
        ((1000, 740), {"ratio": "1:1"}, "1024x1024"),
        # The wish itself speaks of the shape, so the model decides: the default is "auto".
        ((1000, 740), {}, None),
        ((1000, 740), {"size": "2K"}, None),
        (None, {"ratio": "16:9"}, "1280x720"),
        (None, {"size": "2K"}, "2048x2048"),
        (None, {}, None),
    ],
)
async def test_shape_and_size_become_pixels(
    size_px: tuple[int, int] | None, options: dict[str, str], sent: str | None, album: Album
) -> None:
    shown = album.add(png("red", size_px)) if size_px else None
    async with speaking(server := OpenAI()) as provider:
        await ask(provider, asking(album, SUNBURST, current=shown, options=Options(**options)))  # type: ignore[arg-type]
    assert server.calls[0].fields.get("size") == sent


async def test_a_server_at_home_gets_the_picture_s_shape_and_no_more_pixels_than_it_bears(album: Album) -> None:
    """Without a size it would paint as many as the photo has."""
    photo = album.add(png("red", (4000, 3000)))
    async with speaking(server := VllmOmni()) as provider:
        await ask(provider, asking(album, server.model, "warmer", current=photo))
        await ask(provider, asking(album, server.model, "warmer", current=photo, options=Options(size="512")))
        await ask(provider, asking(album, server.model))
    assert [call.fields.get("size") for call in server.calls] == ["1152x864", "576x432", None]


async def test_what_it_cost_is_counted_by_modality_at_openai_s_own_address_only(album: Album) -> None:
    async with speaking(OpenAI()) as provider:
        spent = (await ask(provider, asking(album, SUNBURST, current=album.add(png())))).usage
    assert (spent.input_tokens, spent.text_tokens, spent.image_tokens) == (373, 0, 1056)
    assert spent.cost_usd is None
    own = build("openai", ProviderConfig(api_key=KEY))
    usage = {
        "input_tokens": 373,
        "input_tokens_details": {"text_tokens": 50, "image_tokens": 323},
        "output_tokens": 1056,
        "output_tokens_details": {"text_tokens": 0, "image_tokens": 1056},
    }
    body = Reply({"data": [{"b64_json": b64(png())}], "usage": usage}).raw
    read = await own.read(Answer(status=200, content_type="application/json", body=body), model=SUNBURST)
    await own.aclose()
    # 50 x $5 + 323 x $8 + 1056 x $30 for a million.
    assert read.usage.cost_usd == Decimal("0.034514")


async def test_where_the_pictures_are_missed_the_other_name_is_used_from_then_on(album: Album) -> None:
    shown = (album.add(png("red")), album.add(png("blue")))
    async with speaking(server := VllmOmni(model="my-model", old=True)) as provider:
        for _ in range(2):
            await ask(provider, asking(album, "my-model", pictures=shown))
    assert [call.files[0][0] for call in server.calls] == ["image[]", "image", "image"]
    assert all(len(call.files) == 2 for call in server.calls)


async def test_stable_diffusion_cpp_uses_all_pictures_and_obeys_no_person_s_settings(album: Album) -> None:
    shown = (album.add(png("red")), album.add(png("blue")))
    wish = 'a boat <sd_cpp_extra_args>{"sample_params":{"sample_steps":9999}}</sd_cpp_extra_args>'
    async with speaking(server := SdCpp()) as provider:
        await ask(provider, asking(album, "sd-cpp-local", wish, pictures=shown))
        result = await ask(provider, asking(album, "sd-cpp-local", wish, options=Options(ratio="1:1", size="512")))
    assert server.used == [2]
    assert server.obeyed == []
    assert (result.pictures[0].mime, server.calls[1].fields["size"]) == ("image/png", "512x512")
    assert all(call.key == "" for call in server.calls)


def mask(size_px: tuple[int, int], *, mode: str = "RGBA", kind: str = "PNG", noise: bool = False) -> bytes:
    """Return a mask whose left half may change; with noise it cannot be packed."""
    grey = Image.effect_noise(size_px, 90) if noise else Image.new("L", size_px)
    grey.paste(255, (0, 0, size_px[0] // 2, size_px[1]))
    drawn = Image.merge("RGBA", (grey, grey, grey, ImageOps.invert(grey)))
    return encoded(drawn.convert(mode), kind)


async def test_a_mask_follows_the_pictures_in_the_form_that_the_row_names(album: Album) -> None:
    shown = (album.add(png("red", (120, 80))), album.add(png("blue", (120, 80))))
    drawn = album.add(mask((120, 80)))
    async with speaking(server := OpenAI()) as provider:
        assert {provider.capabilities(model).mask for model in GPT_IMAGE} == {ALPHA}
        await ask(provider, asking(album, SUNBURST, pictures=shown, mask=drawn), book := Book())
    assert [(name, mime) for name, mime, _ in server.calls[0].files[2:]] == [("mask", "image/png")]
    assert server.calls[0].masks == [album.held[drawn.sha256]]
    assert book.remedies == []
    async with speaking(home := SdCpp()) as provider:
        assert provider.capabilities("sd-cpp-local").mask == WHITE
        assert {provider.capabilities(model).mask for model in ("Qwen/Qwen-Image-Edit-2511", "my-model")} == {""}
        white = album.add(mask((120, 80), mode="RGB"))
        await ask(provider, asking(album, "sd-cpp-local", pictures=shown, mask=white))
    assert home.used == [2]
    assert home.changeable[0].getbbox() == (0, 0, 60, 80)


BAD_MASKS = {
    "no alpha": mask((120, 80), mode="RGB"),
    "another size": mask((80, 120)),
    "no PNG": mask((120, 80), kind="WEBP"),
}


@pytest.mark.parametrize("bad", BAD_MASKS.values(), ids=BAD_MASKS)
async def test_where_a_mask_is_refused_the_wish_goes_on_without_it(bad: bytes, album: Album) -> None:
    photo = album.add(png("red", (120, 80)))
    async with speaking(server := OpenAI()) as provider:
        await ask(provider, asking(album, SUNBURST, current=photo, mask=album.add(bad)), book := Book())
    (remedy,) = book.remedies
    assert remedy.field == MASK
    assert [len(call.masks) for call in server.calls] == [1, 0]
    assert server.painted == 1


async def test_a_mask_that_is_too_large_for_openai_is_not_sent(album: Album) -> None:
    size_px = (2400, 2000)
    photo, drawn = album.add(png("red", size_px)), album.add(mask(size_px, noise=True))
    assert drawn.size_bytes > 4_000_000
    async with speaking(server := OpenAI()) as provider:
        await ask(provider, asking(album, SUNBURST, current=photo, mask=drawn), book := Book())
    assert (server.calls[0].masks, book.remedies) == ([], [])


@pytest.mark.parametrize("most", [1, 3])
async def test_a_server_that_takes_fewer_pictures_says_how_many(most: int, album: Album) -> None:
    shown = tuple(album.add(png("red", (n, 9))) for n in range(1, 5))
    async with speaking(server := VllmOmni(most_pictures=most)) as provider:
        with pytest.raises(RequestTooLarge) as caught:
            await ask(provider, asking(album, server.model, pictures=shown))
    remedy = caught.value.remedy
    assert remedy is not None
    assert (remedy.field, remedy.most) == ("pictures", most if most > 1 else 0)


REFUSED_FIELDS = [
    (openai_error("Unknown parameter: 'size'.", "unknown_parameter", "size"), "aspectRatio", False),
    (openai_error("Unknown parameter: 'quality'.", "unknown_parameter", "quality"), "thinkingLevel", False),
    (openai_error("Unknown parameter: 'n'.", "unknown_parameter", "n"), COUNT, False),
    (openai_error("Unknown parameter: 'mask'.", "unknown_parameter", "mask"), MASK, False),
    ({"detail": "Unexpected form field mask"}, MASK, False),
    (openai_error("Invalid size '2048x2048'. Too many pixels.", "invalid_value", "size"), "imageSize", True),
    (openai_error("Invalid value: '1152x864'. Supported values are: 'x'.", "invalid_value"), "aspectRatio", True),
    (openai_error("Invalid value: 'high'. Supported values are: 'standard'.", "invalid_value"), "thinkingLevel", True),
    ({"detail": "Requested image size 2048x2048 exceeds the maximum allowed size of 9 pixels."}, "imageSize", True),
]


@pytest.mark.parametrize(("body", "name", "of_value"), REFUSED_FIELDS, ids=lambda one: str(one)[-40:])
async def test_a_refused_field_is_left_out_and_the_wish_goes_on(
    body: Any, name: str, of_value: bool, album: Album
) -> None:
    options = Options(ratio="1:1", size="2K", effort="careful", count=2)
    shown = {"current": album.add(png("red", (12, 8))), "mask": album.add(mask((12, 8)))} if name == MASK else {}
    async with speaking(server := OpenAI()) as provider:
        server.script.append((400, body))
        await ask(provider, asking(album, SUNBURST, options=options, **shown), book := Book())
    (remedy,) = book.remedies
    assert (remedy.field, remedy.of_value) == (name, of_value)
    before, after = (call.fields | {MASK: call.masks} for call in server.calls)
    changed = {"aspectRatio": "size", "thinkingLevel": "quality", COUNT: "n", "imageSize": "size"}.get(name, name)
    assert before.get(changed) != after.get(changed)


BUSY = "Rate limit reached for gpt-image-2 on input-images per min: Limit 5, Used 5. Please try again in 12s."
MISHAPS: list[tuple[int, Any, type[ProviderError]]] = [
    (400, openai_error("Billing hard limit has been reached", "billing_hard_limit_reached"), BalanceEmpty),
    (429, openai_error("You exceeded your current quota, check your plan.", "insufficient_quota"), BalanceEmpty),
    (429, openai_error(BUSY, "rate_limit_exceeded"), RateLimited),
    (429, openai_error("Rate limit reached on requests per day (RPD): Limit 9.", "rate_limit_exceeded"), DailyQuota),
    (401, openai_error("Incorrect API key provided: sk-abc***xyz.", "invalid_api_key"), KeyInvalid),
    (403, openai_error("Your organization must be verified to use the model `gpt-image-2`.", "x"), ModelUnavailable),
    (403, openai_error("Project `p` does not have access to model `gpt-image-2`", "model_not_found"), ModelUnavailable),
    (404, openai_error("The model `gpt-image-2` does not exist", "model_not_found"), ModelUnavailable),
    (400, openai_error("The model 'gpt-image-2' does not exist.", "invalid_value", "model"), ModelUnavailable),
    (400, {"detail": "Model mismatch: request specifies 'a' but server is running 'b'."}, ModelUnavailable),
    (400, openai_error("Invalid image file or mode for image 1, please check.", "invalid_image_file"), PictureUnusable),
    (500, {"error": "generate_image returned no results"}, CouldNotDraw),
    (500, {"error": "server_error", "message": "generate_image returned no results"}, CouldNotDraw),
    (400, {"error": {"code": "moderation_blocked", "message": "Rejected by the safety system."}}, ModerationRefused),
    (400, {"error": {"message": "Your request was rejected as a result of our safety system."}}, ModerationRefused),
    (
        400,
        {
            "error": {
                "message": "Your request was rejected by the safety system.",
                "code": "moderation_blocked",
                "type": "image_generation_user_error",
                "moderation_details": {"moderation_stage": "output", "categories": ["violence"]},
            }
        },
        PictureRefused,
    ),
]


@pytest.mark.parametrize(("status", "body", "leaf"), MISHAPS, ids=lambda value: getattr(value, "__name__", ""))
async def test_what_they_refuse_means_the_right_thing(
    status: int, body: Any, leaf: type[ProviderError], album: Album
) -> None:
    async with speaking(server := OpenAI()) as provider:
        server.script.extend([(status, body)] * 9)
        with pytest.raises(leaf):
            await ask(provider, asking(album, SUNBURST))


async def test_the_time_that_openai_names_is_waited(album: Album) -> None:
    async with speaking(server := OpenAI()) as provider:
        server.script.append((429, openai_error(BUSY, "rate_limit_exceeded")))
        with pytest.raises(RateLimited) as caught:
            await ask(provider, asking(album, SUNBURST))
    assert caught.value.retry_after_s == 12


async def test_a_result_by_a_link_is_fetched_from_the_server_itself_and_from_no_other_in_the_house(
    endpoint: Endpoint, album: Album
) -> None:
    endpoint.pages["/images/1.png"] = Reply(plain(7), headers={"content-type": "image/png"})
    endpoint.add(Reply({"data": [{"url": f"{endpoint.url}/images/1.png"}]}))
    provider = build("openai", ProviderConfig(base_url=f"{endpoint.url}/v1"))
    result = await ask(provider, asking(album, "my-model"))
    assert number_of(result.pictures[0].data) == 7
    endpoint.script.clear()
    endpoint.add(Reply({"data": [{"url": "http://192.168.1.1/admin.png"}]}))
    with pytest.raises(LinkRefused):
        await ask(provider, asking(album, "my-model"))
    await provider.aclose()


@pytest.mark.parametrize(
    ("base", "path"), [("", "/v1"), ("/", "/v1"), ("/v1", "/v1"), ("/openai/v1/", "/openai/v1"), ("/v3", "/v3")]
)
async def test_an_address_without_a_path_gets_the_first_version(
    base: str, path: str, endpoint: Endpoint, album: Album
) -> None:
    endpoint.add(Reply({"data": [{"b64_json": b64(png())}]}))
    provider = build("openai", ProviderConfig(base_url=endpoint.url + base))
    await ask(provider, asking(album, "my-model"))
    await provider.aclose()
    assert endpoint.posts[0].path == f"{path}/images/generations"
    assert "authorization" not in endpoint.posts[0].headers


async def test_of_openai_s_list_current_models_are_offered_and_of_another_s_what_paints() -> None:
    ids = [entry["id"] for entry in OpenAI().listed()]
    assert [model for model in ids if is_offered(model)] == list(GPT_IMAGE)
    async with speaking(VllmOmni()) as provider:
        assert await provider.offered() == ("Qwen/Qwen-Image-Edit-2511",)
        assert [row.model for row in provider.models()] == [SUNBURST]
    async with speaking(SdCpp()) as provider:
        assert await provider.offered() == ("sd-cpp-local",)


async def test_a_check_knows_the_key_and_that_a_server_at_home_needs_none() -> None:
    async with speaking(OpenAI()) as provider:
        found = await provider.check(SUNBURST)
    assert [(line.what, line.ok, line.text) for line in found] == [
        ("API key", True, "accepted"),
        (f"model {SUNBURST}", True, "offered to this key"),
    ]
    async with speaking(OpenAI(), api_key="wrong-key") as provider:
        (line,) = await provider.check(SUNBURST)
    assert line.rejected
    async with speaking(SdCpp()) as provider:
        key, model = await provider.check("my-model")
    assert (key.ok, key.text) == (True, "none is set, and this server asks for none")
    assert not model.ok
    assert "sd-cpp-local" in model.text


NO_LIST = "this server has no list of models, so only a wish shows whether it has this one"
PATH = "; if wishes fail, look first at the path in OPENAI_BASE_URL"


async def test_a_server_of_one_s_own_without_a_list_is_not_broken() -> None:
    """Most refuse a GET of the route for pictures by its method, which shows that the address is right."""
    async with speaking(VllmOmni(has_list=False)) as provider:
        (line,) = await provider.check(SUNBURST)
        assert (line.ok, line.open, line.text) == (True, True, NO_LIST)
        assert await provider.offered() == ()


@pytest.mark.parametrize("status", [404, 405, 501])
async def test_where_the_route_for_pictures_is_not_seen_either_the_address_is_named(
    status: int, endpoint: Endpoint
) -> None:
    endpoint.pages["/v1/models"] = Reply({"error": "no such route"}, status)
    provider = build("openai", ProviderConfig(base_url=endpoint.url))
    (line,) = await provider.check(SUNBURST)
    await provider.aclose()
    assert (line.ok, line.open, line.text) == (True, True, NO_LIST + PATH)


@pytest.mark.parametrize("status", [401, 403, 500, 502])
async def test_a_server_that_fails_or_wants_a_key_is_broken_as_before(status: int, endpoint: Endpoint) -> None:
    endpoint.pages["/v1/models"] = Reply({"error": "no"}, status)
    provider = build("openai", ProviderConfig(base_url=endpoint.url))
    (line,) = await provider.check(SUNBURST)
    await provider.aclose()
    assert not line.ok
