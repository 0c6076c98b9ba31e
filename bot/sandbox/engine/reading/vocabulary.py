"""What the engine can do, as one table: the parser reads it, ``studio`` runs it, ``replies`` lists it.

Imports Pillow, ``edits`` and ``steps``.

Kinds: ``tone`` and ``style`` work on floats and are blended with the picture below strength 1, and percent of a style
are of the whole look; ``shape`` takes the step with its arguments; ``join`` makes one picture of several.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from PIL import ImageOps

from bot.sandbox.engine.edits import looks, shapes
from bot.sandbox.engine.steps import Step

Kind = Literal["tone", "style", "shape", "join"]


@dataclass(frozen=True, slots=True)
class Operation:
    """One row. ``said``: what the answer says was done. ``offered``: how the help calls it.

    ``words``: phrases separated by ``|``, without articles; ``word=key:value`` presets an argument, and ``word?``
    counts only where the clause names nothing else. ``opposite`` is done when there was too much of it. ``honest``: a
    sentence about what the result only seems to be.
    """

    name: str
    kind: Kind
    run: Callable[..., Any]
    said: str
    offered: str
    words: str
    opposite: str = ""
    honest: str = ""


def _opposite(tone: Callable[[Any, float], Any]) -> Callable[[Any, float], Any]:
    return lambda array, amount: tone(array, -amount)


_ROWS = (
    Operation("brighter", "tone", looks.brighter, "brightened it", "light",
              "bright|brighter|brighten|brightness|lighter|lighten|light up|lightness|exposure?|more light", "darker"),
    Operation("darker", "tone", _opposite(looks.brighter), "darkened it", "light",
              "dark|darker|darken|darkness|dim|dimmer|moodier", "brighter"),
    Operation("contrast", "tone", looks.contrast, "raised the contrast", "contrast",
              "contrast|contrasty|punchy|punchier|punch|dramatic", "flatter"),
    Operation("flatter", "tone", _opposite(looks.contrast), "lowered the contrast", "contrast",
              "flat|flatter|low contrast|soft contrast|softer contrast|faded|matte", "contrast"),
    Operation("warmer", "tone", looks.warmer, "made the colours warmer", "warmth",
              "warm|warmer|warmth|warm up|yellower|cosy|cozy", "cooler"),
    Operation("cooler", "tone", _opposite(looks.warmer), "made the colours cooler", "warmth",
              "cool|cooler|cold|colder|cool down|bluer|icy", "warmer"),
    Operation("saturated", "tone", looks.saturated, "strengthened the colours", "colour",
              "saturated|saturate|saturation|colourful|more colour|more colours|pop?|vivid|vibrant|rich colours|"
              "richer colours|strong colours|stronger colours", "muted"),
    Operation("muted", "tone", _opposite(looks.saturated), "muted the colours", "colour",
              "muted|mute|desaturate|desaturated|pastel|less colour|less colours|less colourful|soft colours|"
              "softer colours|pale", "saturated"),
    Operation("black_and_white", "style", looks.black_and_white, "turned it black and white", "black and white",
              "black_and_white|black white|bw|grey|greyscale|grey scale|monochrome|colourless|noir|film noir|"
              "remove colour|remove colours|remove all colour|remove all colours|without colour|no colour"),
    Operation("sepia", "style", looks.sepia, "gave it a sepia tone", "sepia", "sepia|sepia toned"),
    Operation("pencil", "style", looks.pencil, "drew it in pencil", "pencil",
              "pencil|sketch|sketched|drawing?|hand drawn"),
    Operation("oil", "style", looks.oil, "painted it in oil", "oil",
              "oil|oil paint|painting?|painted?|painterly?"),
    Operation("painter", "style", looks.oil, "painted it in oil", "oil",
              "van gogh|vincent van gogh|monet|claude monet|cezanne|renoir|rembrandt|impressionist|impressionistic|"
              "impressionism",
              honest="That is plain oil paint: the hand of one painter takes a real model."),
    Operation("cartoon", "style", looks.cartoon, "made it a cartoon", "cartoon",
              "cartoon|cartoonify|cartoonish|toon"),
    Operation("crop", "shape", shapes.crop, "cropped it to {ratio}", "crop",
              "crop|cropped|square=ratio:1:1|aspect ratio|portrait format=ratio:4:5|landscape format=ratio:3:2|"
              "widescreen=ratio:16:9|wide screen=ratio:16:9|square format=ratio:1:1|story format=ratio:9:16|trim"),
    Operation("rotate", "shape", shapes.rotate, "turned it {turn}", "rotate",
              "rotate|rotated|turn left=degrees:-90|turn right=degrees:90|upside down=degrees:180|spin|"
              "tilt=degrees:8|rotation|turn degrees|sideways=degrees:90"),
    Operation("mirror", "shape", lambda image, step: ImageOps.mirror(image), "mirrored it left to right", "flip",
              "mirror|mirrored|flip|flipped|flip horizontally|flip horizontal|horizontal flip|flip left right|"
              "flip sideways|mirror horizontally"),
    Operation("flip", "shape", lambda image, step: ImageOps.flip(image), "flipped it top to bottom", "flip",
              "flip vertically|flip vertical|vertical flip|mirror vertically|flip upside down|flip top bottom"),
    Operation("resize", "shape", shapes.resize, "resized it {sizes}", "resize",
              "resize|scale|half size=scale:0.5|half as big=scale:0.5|half as large=scale:0.5|twice as big=scale:2|"
              "twice as large=scale:2|twice size=scale:2|double size=scale:2|scale down=scale:0.5|scale up=scale:2|"
              "smaller=scale:0.5|bigger=scale:1.5|larger=scale:1.5|shrink=scale:0.5|enlarge=scale:1.5|upscale=scale:2|downscale=scale:0.5"),
    Operation("blur", "shape", shapes.blur, "blurred it", "blur",
              "blur|blurry|blurred|blurrier|out of focus|out focus|unfocused|soften|softer", "sharpen"),
    Operation("background_blur", "shape", shapes.background_blur, "blurred the surroundings", "background blur",
              "background blur|background blurry|blur background|blurry background|"
              "blurred background|background blurred|background softer|background out focus|bokeh|portrait mode|"
              "shallow depth field",
              honest="I can't tell a subject from its background, so I kept the part with most detail sharp."),
    Operation("sharpen", "shape", shapes.sharpen, "sharpened it", "sharpen",
              "sharp|sharper|sharpen|sharpness|crisp|crisper|clear|clearer|unblur|deblur", "blur"),
    Operation("frame", "shape", shapes.frame, "put a {thick} {colour} frame around it", "frame",
              "frame|framed|golden frame=colour:gold|wooden frame=colour:brown|border|borders"),
    Operation("text", "shape", shapes.text, 'wrote "{text}"', "text",
              "text|write|writing|caption|title|words|word|letters|label|letter|lettering|inscription|says|saying"),
    Operation("side_by_side", "join", shapes.side_by_side, "put the pictures side by side", "side by side",
              "side by side|side-by-side|next to each other|next each other|beside each other|next one another"),
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {row.name: row for row in _ROWS}
JOINS = frozenset(row.name for row in _ROWS if row.kind == "join")
OFFERED = ", ".join(dict.fromkeys(row.offered for row in _ROWS))

AGAIN = "I have painted this wish before, so here is version {number}, {how}."
_TAKES = (
    ("lighter and softer", (Step(op="brighter", amount=0.6), Step(op="flatter", amount=0.5))),
    ("darker and deeper", (Step(op="darker", amount=0.6), Step(op="contrast", amount=0.6))),
    ("stronger in colour and contrast", (Step(op="saturated"), Step(op="contrast", amount=0.9))),
)


def take(version: int) -> tuple[str, tuple[Step, ...]]:
    """Return how a version of an answer differs from the first one (0), in words and in steps."""
    if version == 0:
        return "", ()
    how, steps = _TAKES[(version - 1) % len(_TAKES)]
    again = (version - 1) // len(_TAKES) % 3
    return how, tuple(step.times(1 + 0.5 * again) for step in steps)


def version_in(words: str) -> int:
    """Return the version of the answer with these words. 0: the plain one, or the answer of another model."""
    found = re.search(AGAIN.partition("{")[0] + r"(\d+)", words)
    return int(found[1]) - 1 if found else 0
