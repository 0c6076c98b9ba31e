"""Reads refusals of too much: what there was too much of, and how much the provider takes.

Imports ``error_base``. Pure. The patterns are of Google and of the services that relays use.
"""

from __future__ import annotations

import re

from bot.providers.error_base import PICTURE_BYTES, PICTURES, PROMPT, REQUEST_BYTES, TOKENS

_UNITS = {
    **dict.fromkeys(("", "b", "byte"), 1),
    **dict.fromkeys(("k", "kb", "kilobyte"), 1_000),
    **dict.fromkeys(("kib", "kibibyte"), 1_024),
    **dict.fromkeys(("m", "mb", "megabyte"), 1_000_000),
    **dict.fromkeys(("mib", "mebibyte"), 1_048_576),
}
_SIZE = r"(?P<most>\d[\d,]{0,15}(?:\.\d{1,9})?) ?(?P<unit>[a-z]*)\b"

LEAST_BYTES = 10_000
"""The least plausible limit of a picture or a request. A smaller number means something else."""
LEAST_LETTERS = 100
"""The same for a prompt."""

_COUNT = r"(?P<most>\d[\d,]{0,15})(?![\d,])"
_IMAGES = r"(?:input |reference )?(?:images|pictures)"

_KNOWN: tuple[tuple[str, str], ...] = (
    # Anthropic behind a relay: "image exceeds 5 MB maximum: 6500712 bytes > 5242880 bytes" (gptme/gptme#185).
    (PICTURE_BYTES, rf"image exceeds .{{0,40}}bytes > {_SIZE}"),
    (PICTURE_BYTES, rf"(?:image|picture|file)(?: file)? size (?:exceeds|is too large)[^\d]{{0,60}}{_SIZE}"),
    # Google: "Request payload size exceeds the limit: 20971520 bytes."
    (REQUEST_BYTES, rf"payload size exceeds[^\d]{{0,40}}{_SIZE}"),
    (REQUEST_BYTES, r"payload size exceeds|request entity too large|request_too_large|request exceeds the maximum"),
    # Google: "Please use fewer than 16 images in your request to models/gemini-pro-vision" (h2oai/h2ogpt, model names).
    (PICTURES, r"fewer than (?P<above>\d{1,9}) (?:images|pictures)"),
    # vLLM: "At most 5 image(s) may be provided in one request." (vllm-project/vllm#17092).
    (PICTURES, rf"at most {_COUNT} (?:input |reference )?(?:image|picture)"),
    # The validator of a schema: "image_urls: Array must contain at most 3 element(s)" (colinhacks/zod).
    (PICTURES, rf"image[_ ]?urls?.{{0,80}}at most {_COUNT} (?:element|item)"),
    # OpenAI: "Invalid 'image': array too long. Expected an array with maximum length 16, but got an array with length
    # 17 instead."
    (PICTURES, rf"\bimage(?:\[\])?'.{{0,20}}array too long.{{0,60}}maximum length {_COUNT}"),
    # vLLM-Omni (api_server.py, edit_images): "Only a single image is supported by this model."
    (PICTURES, r"only a single (?:image|picture)"),
    (PICTURES, rf"maximum (?:number )?of {_COUNT} (?:input |reference )?(?:image|picture)"),
    (PICTURES, rf"(?:number of|too many) {_IMAGES}.{{0,60}}(?:limit|max\w*)\D{{0,12}}{_COUNT}"),
    (PICTURES, rf"too many {_IMAGES}"),
    (TOKENS, r"token count.{0,60}exceeds"),
    # The validator of a schema: "prompt: String must contain at most 800 character(s)", in its next version "Too big:
    # expected string to have <=800 characters" (colinhacks/zod). OpenAI: "Invalid 'prompt': string too long. Expected a
    # string with maximum length 32000, but got a string with length 40000 instead."
    (PROMPT, rf"\bprompt\b.{{0,80}}(?:at most|<=|maximum length(?: of)?|limit of) ?{_COUNT}(?! ?(?:[a-z]+ )?token)"),
    (PROMPT, r"\bprompt\b.{0,20}too long(?!.{0,40}token)"),
)

TOO_LARGE = "|".join(re.sub(r"\?P<\w+>", "?:", pattern) for _, pattern in _KNOWN)
"""Texts of such refusals, in lower case."""

STATUSES = frozenset({400, 413, 422, 500})
"""Their statuses; 429 is about calls per time."""


def named_in(text: str) -> tuple[str, int]:
    """Return what there was too much of and how much is taken, 0 if the refusal does not say."""
    for kind, pattern in _KNOWN:
        if found := re.search(pattern, text):
            most = _most(found)
            return kind, 0 if kind == PROMPT and most < LEAST_LETTERS else most
    return REQUEST_BYTES, 0


def _most(found: re.Match[str]) -> int:
    groups = found.groupdict()
    if groups.get("above"):
        return max(1, int(groups["above"]) - 1)
    if not groups.get("most"):
        return 0
    number = float(groups["most"].replace(",", ""))
    if "unit" not in groups:
        return int(number)
    # The number may be of pixels and the like.
    size_bytes = int(number * _UNITS.get((groups["unit"] or "").removesuffix("s"), 0))
    return size_bytes if size_bytes >= LEAST_BYTES else 0
