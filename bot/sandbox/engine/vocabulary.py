"""What the engine can do, as one table: name, how the answer says it, the words that call it, the function.

May import: the operation modules beside it. The parser reads the words, ``studio`` runs the functions; neither names
an operation itself.

Kinds: ``tone`` works on floats and scales with the strength; ``style`` makes a new look and is blended with the
picture below strength 1; ``shape`` takes the step with its arguments; ``join`` makes one picture of several.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from . import drawing, focus, geometry, lettering, painting, together, tone, weather

Kind = Literal["tone", "style", "shape", "join"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One row. ``words``: phrases separated by ``|``, without articles; ``word=key:value`` presets an argument,
    ``word*0.5`` a strength, and ``word?`` counts only where the clause names nothing else.
    ``bound_px``: looks that leave no fine detail run at this size at most, to bound memory, and are scaled back."""

    name: str
    kind: Kind
    said: str
    words: str
    run: Callable[..., Any]
    opposite: str = ""
    bound_px: int = 0


def _rows(
    kind: Kind, rows: list[tuple[str, Callable[..., Any], str, str]], bound_px: int = 0, **opposites: str
) -> list[Operation]:
    return [
        Operation(
            name=name,
            kind=kind,
            run=run,
            said=said,
            words=words,
            opposite=opposites.get(name, ""),
            bound_px=bound_px,
        )
        for name, run, said, words in rows
    ]


_TONE = _rows(
    "tone",
    [
        ("brighter", tone.brighter, "brightened it",
         "bright|brighter|brighten|brightness|lighter|lighten|light up|lightness|exposure|more light"),
        ("darker", tone.darker, "darkened it", "dark|darker|darken|darkness|dim|dimmer"),
        ("contrast", tone.contrast, "raised the contrast", "contrast|contrasty|punchy|punchier|punch"),
        ("flatter", tone.flatter, "lowered the contrast", "flat|flatter|low contrast|soft contrast|softer contrast"),
        ("warmer", tone.warmer, "made the colours warmer",
         "warm|warmer|warmth|warm up|warm colours|warmer colours|yellower|cosy|cozy"),
        ("cooler", tone.cooler, "made the colours cooler",
         "cool|cooler|cold|colder|cool down|cool colours|cold colours|bluer|icy"),
        ("saturated", tone.saturated, "strengthened the colours",
         "saturated|saturate|saturation|colourful|more colour|more colours|colours pop|pop|vivid|vibrant|"
         "vibrance|vibrancy|rich colours|richer colours|bright colours|brighter colours|strong colours|"
         "stronger colours|intense colours|vivid colours|vibrant colours"),
        ("muted", tone.muted, "muted the colours",
         "muted|mute|mute colours|muted colours|desaturate|desaturated|pastel|pastel colours|less colour|"
         "less colours|less colourful|soft colours*0.5|softer colours*0.5|pale"),
        ("dramatic", tone.dramatic, "made it more dramatic", "dramatic|drama|hdr|moody|moodier|epic|clarity|intense"),
        ("vignette", tone.vignette, "darkened the corners",
         "vignette|vignetting|dark corners|darken corners|dark edges|darken edges"),
        ("grain", tone.grain, "added film grain", "grain|grainy|film grain|noise|noisy"),
    ],
    brighter="darker", darker="brighter", contrast="flatter", flatter="contrast", warmer="cooler", cooler="warmer",
    saturated="muted", muted="saturated", grain="denoise", dramatic="flatter",
)  # fmt: skip

_LOOKS = _rows(
    "style",
    [
        ("black_and_white", tone.black_and_white, "turned it black and white",
         "black_and_white|black white|b w|bw|grey|greyscale|grey scale|monochrome|monochromatic|colourless|"
         "remove colour|remove colours|remove all colour|remove all colours|without colour|no colour"),
        ("sepia", tone.sepia, "gave it a sepia tone", "sepia|sepia tone|sepia toned|brown tone"),
        ("vintage", tone.vintage, "gave it a vintage look",
         "vintage|retro|old|old fashioned|antique|aged|nostalgic|50s|60s|70s|80s|90s|"
         "1950s|1960s|1970s|1980s|1990s|seventies|eighties|analog|analogue|old film|"
         "kodak|polaroid colours|lomo"),
        ("noir", tone.noir, "gave it a film-noir look", "noir|film noir"),
        ("golden_hour", tone.golden_hour, "gave it golden-hour light",
         "golden hour|golden light|sunset|sunrise|evening light|evening|sunny|golden?|dusk|dawn|sunlight|"
         "sunshine"),
        ("night", tone.night, "turned day into night",
         "night|day night|nighttime|night time|midnight|moonlight|moonlit|late night"),
        ("invert", tone.invert, "inverted the colours", "invert|inverted|invert colours|negative|inverse"),
        ("cinematic", tone.cinematic, "graded it like a film",
         "cinematic|cinema|movie|film look|like film|teal orange|movie look|hollywood|film still"),
        ("dreamy", tone.dreamy, "gave it a soft glow",
         "dreamy|soft dreamy*0.5|dreamlike|soft glow*0.5|glow|glowing|ethereal|romantic|magical|fairy tale|soft focus"),
        ("enhance", tone.enhance, "balanced light and colours",
         "enhance|enhanced|auto enhance|improve|improved|fix|fix colours|correct colours|better|nicer|prettier|"
         "beautiful|more beautiful|auto|auto fix|restore|professional|high quality|white balance|fix lighting|"
         "better lighting|retouch"),
        ("matte", tone.matte, "gave it a faded, matte look", "matte|faded|fade|washed out|faded look|bleached"),
    ],
)  # fmt: skip

_DRAWN = _rows(
    "style",
    [
        ("autumn", tone.autumn, "gave it autumn colours", "autumn|fall colours|autumn colours|autumnal"),
        ("winter", weather.winter, "made it winter", "winter|wintry|frosty|snowy|frozen|christmas"),
        ("snow", weather.snow, "let it snow", "snow|snowing|snowfall|snowflakes|falling snow|blizzard*2"),
        ("rain", weather.rain, "let it rain", "rain|rainy|raining|drizzle|raindrops"),
        ("fog", weather.fog, "laid fog over it", "fog|foggy|mist|misty|haze|hazy"),
        ("pencil", drawing.pencil, "drew it in pencil",
         "pencil|pencil drawing|pencil sketch|sketch|sketched|drawing?|hand drawn|graphite|pen|colouring page"),
        ("charcoal", drawing.charcoal, "drew it in charcoal", "charcoal|charcoal drawing|charcoal sketch|coal"),
        ("line_art", drawing.line_art, "reduced it to lines",
         "line art|lineart|line drawing|outline|outlines|just outlines|only outlines|ink drawing|ink|contour|"
         "contours|lines"),
        ("oil", painting.oil, "painted it in oil",
         "oil|oil painting|oil paint|oil painted|painting?|painted?|painterly?|canvas?|rembrandt"),
        ("watercolour", painting.watercolour, "painted it in watercolour",
         "watercolour|watercolours|watercolour painting|water colour|water colours|aquarell|gouache"),
        ("cartoon", drawing.cartoon, "made it a cartoon",
         "cartoon|cartoonify|cartoonish|anime|animated|toon|disney|pixar|caricature"),
        ("comic", drawing.comic, "made it a comic panel",
         "comic|comic book|comics|graphic novel|halftone|lichtenstein|manga"),
        ("pop_art", drawing.pop_art, "printed it four times as pop art",
         "pop art|popart|warhol|andy warhol|silkscreen"),
        ("pixel_art", drawing.pixel_art, "made it pixel art",
         "pixel art|pixelart|pixelate|pixelated|8bit|8-bit|16-bit|eight bit|big pixels|minecraft|mosaic pixels"),
        ("emboss", drawing.emboss, "embossed it", "emboss|embossed|relief"),
        ("neon", drawing.neon, "drew it in neon light",
         "neon|neon outlines|neon lights|neon glow|glow like neon|neon light|cyberpunk|glowing outlines|tron"),
        ("poster", drawing.poster, "posterised it",
         "posterize|posterise|posterized|poster|screen print|flat colours"),
        ("van_gogh", painting.van_gogh, "painted it in swirling strokes, after van Gogh",
         "van gogh|gogh|vangogh|starry night|brush strokes|brushstrokes|vincent van gogh|thick paint|impasto"),
        ("impressionist", painting.impressionist, "painted it in dabs, as the impressionists did",
         "impressionist|impressionism|impressionistic|monet|claude monet|renoir|pointillism|pointillist|seurat"),
        ("woodblock", painting.woodblock, "cut it as a woodblock print",
         "woodblock|woodblock print|wood block|woodcut|wood cut|linocut|ukiyo-e|ukiyo e|ukiyoe|japanese|"
         "hokusai|hiroshige|japanese print|japanese woodblock|japanese woodblock print"),
        ("stained_glass", painting.stained_glass, "set it in stained glass",
         "stained glass|stained glass window|church window|glass window|leaded glass|tiffany"),
        ("mosaic", painting.mosaic, "laid it as a mosaic", "mosaic|tiles|byzantine|roman mosaic"),
    ],
    bound_px=1536,
)  # fmt: skip

_SHAPES = _rows(
    "shape",
    [
        ("tint", focus.tint, "tinted it {colour}", "tint|tinted|tone?|hue?|cast?|colourize|colourise"),
        ("crop", geometry.crop, "cropped it to {ratio}",
         "crop|cropped|cut|square=ratio:1:1|aspect ratio|portrait format=ratio:4:5|landscape format=ratio:3:2|"
         "widescreen=ratio:16:9|wide screen=ratio:16:9|square format=ratio:1:1|story format=ratio:9:16|trim"),
        ("circle", geometry.circle, "cut it to a circle",
         "circle|crop circle|circular|round|disc|cut circle|crop round|circle crop"),
        ("rounded", geometry.rounded, "rounded the corners",
         "round corners|rounded corners|rounded|rounder corners|rounded edges"),
        ("rotate", geometry.rotate, "turned it {turn}",
         "rotate|rotated|turn left=degrees:-90|turn right=degrees:90|upside down=degrees:180|spin|"
         "tilt=degrees:8|rotation|turn degrees|sideways=degrees:90"),
        ("mirror", geometry.mirror, "mirrored it left to right",
         "mirror|mirrored|mirror image|flip|flipped|flip horizontally|flip horizontal|horizontal flip|"
         "flip left right|flip sideways|mirror horizontally"),
        ("flip", geometry.flip, "flipped it top to bottom",
         "flip vertically|flip vertical|vertical flip|mirror vertically|flip upside down|flip top bottom"),
        ("resize", geometry.resize, "resized it",
         "resize|scale|half size=scale:0.5|half as big=scale:0.5|twice as big=scale:2|twice size=scale:2|"
         "double size=scale:2|double=scale:2|scale down=scale:0.5|scale up=scale:2|smaller=scale:0.5|"
         "bigger=scale:1.5|larger=scale:1.5|shrink=scale:0.5|enlarge=scale:1.5|upscale=scale:2|"
         "downscale=scale:0.5"),
        ("zoom", geometry.zoom, "zoomed in", "zoom|zoom in|closer|close up|closeup|zoomed"),
        ("frame", geometry.frame, "put a {thick} {colour} frame around it",
         "frame|framed|golden frame=colour:gold|gilded frame=colour:gold|"
         "wooden frame=colour:brown|border|borders|passepartout|edge around"),
        ("polaroid", geometry.polaroid, "made it an instant print",
         "polaroid|polaroid style|polaroid frame|instant photo|instant print|polaroid look"),
        ("text", lettering.text, 'wrote "{text}"',
         "text|write|writing|caption|title|words|word|letters|label|sign|letter|lettering|inscription|"
         "watermark text|says|saying"),
        ("meme", lettering.meme, "made it a meme", "meme"),
        ("blur", focus.blur, "blurred it",
         "blur|blurry|blurred|blurrier|out of focus|out focus|unfocused|soften|softer|defocus|gaussian blur"),
        ("sharpen", focus.sharpen, "sharpened it",
         "sharp|sharper|sharpen|sharpness|crisp|crisper|clear|clearer|detail|details|in focus|unblur|deblur|"
         "focus"),
        ("denoise", focus.denoise, "smoothed out the noise",
         "denoise|smooth|smoother|smooth out|remove noise|reduce noise|remove grain|less noise|less grain|"
         "noise reduction"),
        ("recolour", focus.recolour, "turned everything {source} {colour}", "recolour"),
        ("keep_colour", focus.keep_colour, "kept only {colour} in colour", "colour splash"),
    ],
    blur="sharpen", sharpen="blur",
)  # fmt: skip

_JOINED = _rows(
    "join",
    [
        ("side_by_side", together.side_by_side, "put the pictures side by side", ""),
        ("stack", together.stack, "put the pictures one above the other", ""),
        ("grid", together.grid, "laid the pictures out as a collage", ""),
        ("blend", together.blend, "blended the pictures", ""),
        ("style_of_second", together.style_of_second, "gave the first picture the colours and light of the second", ""),
        ("inset", together.inset, "put the second picture into the corner of the first", ""),
    ],
)

OPERATIONS: dict[str, Operation] = {row.name: row for row in (*_TONE, *_LOOKS, *_DRAWN, *_SHAPES, *_JOINED)}
JOINS = frozenset(row.name for row in _JOINED)
