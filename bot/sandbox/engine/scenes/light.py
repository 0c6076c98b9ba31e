"""The light of a scene: a palette for each time of day, greyed by the weather. Imports ``raster``."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.sandbox.engine.edits.raster import blend

Stops = tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """One light. ``sky``: colours from the zenith (0) to the horizon (1). ``sun_y``: share of the sky's height."""

    sky: Stops
    sun: str
    sun_x: float
    sun_y: float
    cloud_lit: str
    cloud_shade: str
    haze: str
    shade: str
    lit: str
    ambient: float
    glow: float
    stars: float = 0.0
    moon: bool = False
    clouds: float = 0.45


_TIMES = {
    "dusk": Light(
        sky=((0, "#1c2450"), (0.35, "#4a3f7d"), (0.6, "#a45688"), (0.8, "#ee8268"), (0.93, "#ffb974"), (1, "#ffd99a")),
        sun="#ffdf9e", sun_x=0.24, sun_y=0.96, cloud_lit="#ff9c74", cloud_shade="#5a3f78", haze="#d98a86",
        shade="#1a1836", lit="#ffb07a", ambient=0.46, glow=1.0, stars=0.10, clouds=0.5,
    ),
    "dawn": Light(
        sky=((0, "#5f8fc4"), (0.4, "#9db9dc"), (0.68, "#e3c9d6"), (0.88, "#ffd9b0"), (1, "#fff0cf")),
        sun="#fff3cd", sun_x=0.72, sun_y=0.86, cloud_lit="#fff0e0", cloud_shade="#b79bb8", haze="#efd0c4",
        shade="#2f3757", lit="#ffe0b0", ambient=0.64, glow=0.9, clouds=0.42,
    ),
    "day": Light(
        sky=((0, "#2a6fc0"), (0.5, "#5fa3dd"), (0.85, "#b4d9f0"), (1, "#e2f1f7")),
        sun="#fffdf0", sun_x=0.80, sun_y=0.16, cloud_lit="#ffffff", cloud_shade="#a9bccf", haze="#c3dbe8",
        shade="#25384a", lit="#fff6dc", ambient=0.86, glow=0.35, clouds=0.45,
    ),
    "night": Light(
        sky=((0, "#050a1e"), (0.5, "#0d1a3d"), (0.82, "#1c3160"), (1, "#34507f")),
        sun="#f4f1dd", sun_x=0.27, sun_y=0.27, cloud_lit="#52688f", cloud_shade="#111c3a", haze="#2a4270",
        shade="#060a18", lit="#8fa9d4", ambient=0.24, glow=0.45, stars=1.0, moon=True, clouds=0.32,
    ),
}  # fmt: skip


# For each weather: the grey that it mixes into the light by day and by night, its share, the clouds, and the factors of
# glow and ambient.
_WEATHERS = {
    "rain": ("#5d6b7a", "#141c2b", 0.6, 0.8, 0.3, 0.85),
    "snow": ("#c9d3de", "#1e2a44", 0.5, 0.6, 0.5, 1.05),
}


def light_of(time: str, weather: str) -> Light:
    """Return the light of a time of day under a weather ("" is clear)."""
    light = _TIMES[time]
    if weather not in _WEATHERS:
        return light
    by_day, by_night, share, clouds, glow, ambient = _WEATHERS[weather]

    def greyed(value: str, much: float = share * 0.9) -> str:
        return "#" + "".join(f"{round(float(part) * 255):02x}" for part in blend(value, towards, much))

    towards = by_night if light.moon else by_day
    return replace(
        light, sky=tuple((place, greyed(value, share)) for place, value in light.sky), clouds=clouds,
        glow=light.glow * glow, ambient=light.ambient * ambient, stars=light.stars * 0.25, lit=greyed(light.lit),
        cloud_lit=greyed(light.cloud_lit), cloud_shade=greyed(light.cloud_shade), haze=greyed(light.haze),
    )  # fmt: skip
