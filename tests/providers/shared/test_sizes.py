"""Refusals of too much: in whose words, of what, and how much is taken."""

from __future__ import annotations

import pytest

from bot.providers.base import Provider
from bot.providers.calls.attempts import generate
from bot.providers.error_base import PICTURE_BYTES, PICTURES, PROMPT, REQUEST_BYTES, TOKENS
from bot.providers.errors import PromptTooLong, ProviderError, Remedy, RemedyKind, RequestTooLarge
from tests.providers.turns import FAST, Book, asking, failed
from tests.providers.wiring import Album, Endpoint

SAID = [
    ("Request payload size exceeds the limit: 20971520 bytes.", REQUEST_BYTES, 20_971_520),
    ("Request Entity Too Large", REQUEST_BYTES, 0),
    ("Request exceeds the maximum size", REQUEST_BYTES, 0),
    ("messages.0.content.1.image.source.base64: image exceeds 5 MB maximum: 6500712 bytes > 5242880 bytes",
     PICTURE_BYTES, 5_242_880),
    ("The image size exceeds the limit of 7 MB", PICTURE_BYTES, 7_000_000),
    ("Image size exceeds the limit of 10 megabytes", PICTURE_BYTES, 10_000_000),
    # A number of something else, and one that no picture would fit into, name no bytes.
    ("The image size is too large: 25 megapixels at most", PICTURE_BYTES, 0),
    ("Image size exceeds 4096 pixels", PICTURE_BYTES, 0),
    ("Request payload size exceeds the limit: 20", REQUEST_BYTES, 0),
    ("Please use fewer than 16 images in your request to models/gemini-pro-vision", PICTURES, 15),
    ("At most 5 image(s) may be provided in one request.", PICTURES, 5),
    ("image_urls: Array must contain at most 3 element(s)", PICTURES, 3),
    ("The number of images (15) exceeds the maximum of 14", PICTURES, 14),
    ("Too many images in request. Max is 50", PICTURES, 50),
    ("Too many images", PICTURES, 0),
    ("Too many images in request. Max is 1,000", PICTURES, 1000),
    ("The input token count (40000) exceeds the maximum number of tokens allowed (32768).", TOKENS, 0),
]  # fmt: skip


@pytest.mark.parametrize(("message", "field", "most"), SAID)
async def test_a_refusal_says_of_what_there_was_too_much(
    message: str, field: str, most: int, endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(400, message))
    with pytest.raises(RequestTooLarge) as caught:
        await generate(provider, asking(album), book, policy=FAST)
    assert caught.value.remedy == Remedy(RemedyKind.TRIM_HISTORY, field, most)


@pytest.mark.parametrize(
    ("message", "most"),
    [
        ("prompt: String must contain at most 800 character(s)", 800),
        ("prompt: Too big: expected string to have <=4000 characters", 4000),
        ("Invalid 'prompt': string too long. Expected a string with maximum length 32000, but got a string with length "
         "40000 instead.", 32_000),
        ("prompt: must contain at most 32,000 characters", 32_000),
        ("The prompt is too long", 0),
        # A number of something else: so little is no room for anything.
        ("prompt: must contain at most 4 000 characters", 0),
        ("Your prompt may speak of at most 3 of its references", 0),
    ],
)  # fmt: skip
async def test_a_refusal_says_how_many_letters_are_taken(
    message: str, most: int, endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(400, message))
    with pytest.raises(PromptTooLong) as caught:
        await generate(provider, asking(album), book, policy=FAST)
    assert caught.value.remedy == Remedy(RemedyKind.TRIM_HISTORY, PROMPT, most)


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (429, "At most 5 images per minute"),
        (400, "Image size must be one of 1K, 2K, 4K"),
        (400, "Add at most one picture of yourself"),
        (400, "prompt is too long: 214315 tokens > 200000 maximum"),
        (400, "prompt is too long: it has a maximum length of 32768 tokens"),
        (400, "The prompt exceeds the limit of 480 input tokens"),
    ],
)
async def test_what_only_sounds_like_it_is_something_else(
    status: int, message: str, endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(status, message))
    with pytest.raises(ProviderError) as caught:
        await generate(provider, asking(album), book, policy=FAST)
    assert not isinstance(caught.value, RequestTooLarge | PromptTooLong)


@pytest.mark.parametrize(
    ("status", "message"),
    [(429, "Please retry in {}s"), (400, "payload size exceeds {}"), (400, "At most {} images")],
)
async def test_a_number_without_end_is_none(
    status: int, message: str, endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    """Too large for a float, or for an int by CPython's limit of 4300 digits."""
    for digits in (400, 5000):
        endpoint.add(*[failed(status, message.format("9" * digits))] * 6)
        with pytest.raises(ProviderError):
            await generate(provider, asking(album), book, policy=FAST)
