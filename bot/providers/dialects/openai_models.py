"""What models behind OpenAI's Images API take, by family: OpenAI's own, and those that servers of one's own run.

Imports ``base``, ``catalog`` and ``canvas``. Facts of November 2026:

- OpenAI: openai 3.57.0, ``types/image_edit_params.py``, ``image_generate_params.py`` and ``image_model.py``. Limits of
  the size: pydantic-ai-slim 2.68.0, ``images/_openai_geometry.py``, as the live API has them. Prices and ends: litellm
  1.110.2, ``model_prices_and_context_window``, after developers.openai.com/api/docs/pricing and /deprecations.
- vLLM-Omni 0.30.0: docs/serving/image_edit_api.md, image_generation_api.md, and ``entrypoints/openai/api_server.py``.
- stable-diffusion.cpp: examples/server/api.md and ``routes_openai.cpp`` of August 2026.

Masks: OpenAI's is about the first picture, a PNG of its size below 4 MB, transparent where that may change
(``image_edit_params.py``). stable-diffusion.cpp reads one as grey and keeps what is black (``denoise_mask`` in
``src/stable-diffusion.cpp``). The marked copy goes along with a mask, too: the words speak of it, and OpenAI's models
see a mask but need not follow it (community.openai.com/t/1379510). OpenAI's ``markup``, the strokes alone, "cannot be
combined with mask". Lines of the pen that a model copies are not taken over (``pictures.restore.marks.left_behind``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.providers.base import ALPHA, WHITE, Capabilities, Price
from bot.providers.catalog import RATIOS
from bot.providers.shared.canvas import Canvas

QUALITIES = {"draft": "low", "careful": "high"}
"""``quality`` by effort; ordinary effort sends none, which means ``auto``."""

MASK_BYTES = 4_000_000
"""A mask must be smaller at OpenAI."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What models of one family take, and how.

    ``ids``: a pattern in their ids. ``files``: names of the field for pictures; the second one is tried where a server
    misses its pictures. ``auto``: without a size the model decides by the wish; otherwise the size becomes that of the
    first picture, whose pixels may be too many. ``cut``: marks that the server would take out of a prompt and obey.
    """

    ids: str
    row: Capabilities
    canvas: Canvas
    files: tuple[str, ...] = ("image[]", "image")
    auto: bool = False
    cut: str = "<sd_cpp_extra_args>"


_PRICE = Price(
    input_per_mtok=Decimal(5), input_image_per_mtok=Decimal(8), text_per_mtok=Decimal(0), image_per_mtok=Decimal(30)
)
_GPT = Capabilities(
    model="gpt-image-2.5-sunburst",
    label="GPT Image 2.5 Sunburst",
    history=False,
    max_images=16,
    ratios=(*RATIOS, "1:2", "2:1", "1:3", "3:1"),
    sizes=("1K", "2K"),
    thinking=tuple(QUALITIES.values()),
    max_count=10,
    max_count_edited=10,
    max_prompt_chars=32_000,
    mask=ALPHA,
    price=_PRICE,
)
# All of them end on 1 December 2026 at OpenAI; relays may go on with them.
_GPT_1 = replace(
    _GPT, ratios=("1:1", "2:3", "3:2"), sizes=(), successor=_GPT.model, price=Price(), model="gpt-image-1.5"
)
OPENAI = (
    _GPT,
    replace(_GPT, model="gpt-image-2.5-flare", label="GPT Image 2.5 Flare"),
    replace(_GPT, model="gpt-image-2.6-sunburst", label="GPT Image 2.6 Sunburst"),
    replace(_GPT, model="gpt-image-2.6-flare", label="GPT Image 2.6 Flare"),
    replace(_GPT, model="gpt-image-2", label="GPT Image 2", successor=_GPT.model),
)
"""OpenAI's models, the default one first."""

# vLLM-Omni takes up to four pictures for Qwen-Image-Edit-2511 and FLUX.2 klein, and says how many else
# (diffusion/model_metadata.py). Versions in one call would take several times as long as its timeout allows for one.
_HOME = Capabilities(
    model="", label="", history=False, max_images=4, ratios=(*RATIOS, "1:2", "2:1"), sizes=("512", "1K", "2K")
)

FAMILIES: tuple[Family, ...] = (
    Family(
        ids=r"gpt-image-1(?!\d)|chatgpt-image",
        row=_GPT_1,
        canvas=Canvas(fixed=((1024, 1024), (1536, 1024), (1024, 1536))),
        auto=True,
    ),
    Family(
        ids=r"gpt-image",
        row=_GPT,
        canvas=Canvas(least_px=655_360, most_px=8_294_400, longest_px=3840),
        auto=True,
    ),
    # Ids of Hugging Face, as vLLM-Omni serves them. Its documents say ``image``; newer versions take both. They get no
    # mask: Qwen-Image-Edit ignores ``mask_image``, and FLUX.2 klein, which reads it, fails where a second picture comes
    # along, such as the marked copy (``pipeline_flux2_klein.py`` mixes the latents of all pictures with those of one).
    Family(ids=r"/", row=_HOME, canvas=Canvas(), files=("image", "image[]")),
    # stable-diffusion.cpp, whose only id is sd-cpp-local. It uses just one picture if the field is ``image``.
    Family(ids=r"^sd-cpp-local$", row=replace(_HOME, mask=WHITE), canvas=Canvas()),
    # Others; what they would make of a mask is not known. stable-diffusion.cpp takes any id, and reads settings of its
    # own out of a prompt, so a person could set them: that mark is cut for all.
    Family(ids=r"", row=_HOME, canvas=Canvas()),
)

_DATED = re.compile(r"-20\d\d-\d\d-\d\d$")
_PAINTS = re.compile(r"image|flux|stable.?diffusion|\bsd[-_.x]?\d?|kontext|dall-e|imagen|hidream", re.IGNORECASE)


def family_of(model: str) -> Family:
    """Return the family of a model id."""
    return next(family for family in FAMILIES if re.search(family.ids, model))


def row_of(model: str) -> Capabilities:
    """Return what ``model`` can do; a snapshot with a date is like its model."""
    known = next((row for row in OPENAI if row.model == _DATED.sub("", model)), None)
    if known is not None:
        return known if known.model == model else replace(known, model=model, label=model)
    return replace(family_of(model).row, model=model, label=model, price=Price())


def is_offered(model: str) -> bool:
    """Return whether a model of OpenAI's list is one to choose: it paints, goes on, and is no dated copy."""
    return model.startswith("gpt-image") and not _DATED.search(model) and family_of(model).row is not _GPT_1


def may_paint(model: str) -> bool:
    """Return whether an id of another server's list looks like that of a model that paints."""
    return bool(_PAINTS.search(model))
