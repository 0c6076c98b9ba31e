"""One conversation across providers and models: the right picture is edited each time, signatures go home only."""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.fallback import USED_UP
from tests.support.painter import answered, number_of, picture_part, plain
from tests.support.serving import served
from tests.support.talking import in_one, talking

Json = dict[str, Any]


@dataclass
class Studio:
    """Google, a relay, AIMLAPI and OpenAI on one server, which paint from one row of numbers.

    ``seen``: what each call showed. ``said``: what each call to OpenAI said, and all of its bytes.
    """

    url: str = ""
    painted: int = 0
    seen: list[tuple[str, list[int]]] = field(default_factory=list)
    signatures: list[tuple[str, str]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    """Who has no quota left."""
    said: list[tuple[str, bytes]] = field(default_factory=list)

    def _paint(self) -> bytes:
        self.painted += 1
        return plain(self.painted)

    async def gemini(self, request: Request) -> Response:
        """Serve Gemini's dialect; models of the third generation sign, and want their signatures back."""
        who, model = request.path_params["who"], request.path_params["model"]
        if who in self.down:
            return JSONResponse(USED_UP[1], USED_UP[0])
        contents = (await request.json())["contents"]
        pictures = []
        for content in contents:
            for part in content["parts"]:
                if "thoughtSignature" in part:
                    self.signatures.append((who, part["thoughtSignature"]))
                if "inlineData" not in part:
                    continue
                picture = base64.b64decode(part["inlineData"]["data"])
                pictures.append(number_of(picture))
                signs = model.startswith("gemini-3") and content["role"] == "model"
                if signs and part.get("thoughtSignature") != _signature(who, picture):
                    text = "Image part is missing a thought_signature in content position 2, part position 1"
                    return JSONResponse({"error": {"code": 400, "message": text, "status": "INVALID_ARGUMENT"}}, 400)
        self.seen.append((f"{who}/{model}", pictures))
        picture = self._paint()
        more = {"thoughtSignature": _signature(who, picture)} if model.startswith("gemini-3") else {}
        return JSONResponse(answered([picture_part(picture, **more)]))

    async def aimlapi(self, request: Request) -> Response:
        """Serve AIMLAPI's generate and edit models."""
        asked = await request.json()
        sent = [base64.b64decode(uri.partition(",")[2]) for uri in asked.get("image_urls", [])]
        assert asked["model"].endswith("-edit") or "banana" in asked["model"] or not sent
        self.seen.append(("aimlapi", [number_of(picture) for picture in sent]))
        return JSONResponse({"data": [{"b64_json": base64.b64encode(self._paint()).decode(), "url": None}]})

    async def openai(self, request: Request) -> Response:
        """Serve OpenAI's two routes: words as JSON, pictures as files of a form (types/image_edit_params.py)."""
        raw = await request.body()
        if request.path_params["route"] == "generations":
            prompt, sent = (await request.json())["prompt"], []
        else:
            async with request.form() as form:
                prompt = form["prompt"]
                sent = [await one.read() for one in form.getlist("image[]") if isinstance(one, UploadFile)]
            assert sent
        self.said.append((str(prompt), raw))
        self.seen.append(("openai", [number_of(picture) for picture in sent]))
        return JSONResponse({"created": 1, "data": [{"b64_json": base64.b64encode(self._paint()).decode()}]})


def _signature(who: str, picture: bytes) -> str:
    return base64.b64encode(hashlib.sha256(who.encode() + picture).digest()).decode()


@asynccontextmanager
async def studio() -> AsyncIterator[Studio]:
    """Serve a studio on loopback."""
    made = Studio()
    routes = [
        Route("/{who}/v1beta/models/{model}:generateContent", made.gemini, methods=["POST"]),
        Route("/aimlapi/v1/images/generations", made.aimlapi, methods=["POST"]),
        Route("/openai/v1/images/{route}", made.openai, methods=["POST"]),
    ]
    async with served(Starlette(routes=routes)) as made.url:
        yield made


async def test_twelve_turns_over_four_makers_edit_the_right_picture(tmp_path: Path) -> None:
    """gemini -> aimlapi -> gemini 3 pro -> tokaify, three turns each, with a branch in the middle."""
    async with studio() as made:
        accounts = {
            "gemini_base_url": f"{made.url}/google",
            "tokaify_api_key": "key-of-a-relay",
            "tokaify_base_url": f"{made.url}/tokaify",
            "aimlapi_api_key": "key-of-aimlapi",
            "aimlapi_base_url": f"{made.url}/aimlapi",
        }
        async with talking(tmp_path, **accounts) as talk:
            ann = talk.telegram.ann
            answers = []
            for model in (
                "gemini/gemini-2.5-flash-image",
                "aimlapi/google/gemini-2.5-flash-image",
                "gemini/gemini-3-pro-image",
                "tokaify/gemini-2.5-flash-image",
            ):
                await ann.say(f"/model {model}")
                await ann.answer()
                for _ in range(3):
                    await ann.say(f"wish {len(answers) + 1}")
                    answers.append(await ann.answer())
            assert [number_of(await answer.picture_bytes()) for answer in answers] == list(range(1, 13))
            _check_each_edit(made)
            await ann.say("/model gemini/gemini-3-pro-image")
            await ann.answer()
            await ann.say("from there", reply_to=answers[8])
            await ann.answer()
            assert made.seen[-1][1][-1] == 9
            assert all(who == "google" for who, _ in made.signatures)


@in_one
async def test_signatures_stay_with_their_makers_while_others_answer_in_between(tmp_path: Path) -> None:
    """Google for four turns, four of a relay while Google's quota is used up, four of Google again; both sign."""
    async with studio() as made:
        accounts = {
            "gemini_base_url": f"{made.url}/google",
            "gemini_model": "gemini-3-pro-image",
            "tokaify_api_key": "key-of-a-relay",
            "tokaify_base_url": f"{made.url}/tokaify",
            "fallback": "tokaify:gemini-3-pro-image-preview",
        }
        async with talking(tmp_path, **accounts) as talk:
            ann, answers = talk.telegram.ann, []
            for number in range(12):
                made.down = {"google"} if 4 <= number < 8 else set()
                if number == 8:
                    talk.running.answering.fallback.watch._clock = lambda: time.time() + 3600
                await ann.say(f"wish {number + 1}")
                answers.append(await ann.answer())
            assert [number_of(await answer.picture_bytes()) for answer in answers] == list(range(1, 13))
            _check_each_edit(made)
            assert [who.partition("/")[0] for who, _ in made.seen] == [
                *["google"] * 4,
                *["tokaify"] * 4,
                *["google"] * 4,
            ]
            assert ["not available" in answer.caption for answer in answers] == [4 <= at < 8 for at in range(12)]
            for who, numbers in (("google", (1, 2, 3, 4, 9, 10, 11)), ("tokaify", (5, 6, 7))):
                own = {_signature(who, plain(number)) for number in numbers}
                sent = {signature for maker, signature in made.signatures if maker == who}
                assert sent
                assert sent <= own


async def test_twelve_turns_by_gemini_openai_and_gemini_3_keep_signatures_at_home(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """gemini 3 -> openai -> gemini 3, four turns each: OpenAI gets no signature, and Google gets its own back."""
    caplog.set_level(logging.DEBUG)
    async with studio() as made:
        accounts = {
            "gemini_base_url": f"{made.url}/google",
            "openai_api_key": "sk-key-of-openai",
            "openai_base_url": f"{made.url}/openai/v1",
        }
        async with talking(tmp_path, **accounts) as talk:
            ann = talk.telegram.ann
            answers = []
            for model in ("gemini/gemini-3-pro-image", "openai/gpt-image-2.5-sunburst", "gemini/gemini-3-pro-image"):
                await ann.say(f"/model {model}")
                await ann.answer()
                for _ in range(4):
                    await ann.say(f"wish {len(answers) + 1}")
                    answers.append(await ann.answer())
            assert [number_of(await answer.picture_bytes()) for answer in answers] == list(range(1, 13))
    _check_each_edit(made)
    signed = {_signature("google", plain(number)).encode() for number in range(1, 13)}
    for number, (prompt, raw) in enumerate(made.said, start=5):
        assert prompt.index("wish 1") < prompt.index("wish 4") < prompt.index(f"wish {number}")
        assert not any(signature in raw for signature in signed)
    assert len(made.said) == 4
    # Pictures that Google signed come back with their signature; what OpenAI painted has none.
    assert {signature for _, signature in made.signatures} <= {one.decode() for one in signed}
    assert not {_signature("google", plain(number)) for number in range(5, 9)} & {one for _, one in made.signatures}
    assert all("sk-key-of-openai" not in record.getMessage() for record in caplog.records)


def _check_each_edit(made: Studio) -> None:
    """Each call but the first shows the picture that came before it, as the last one of all."""
    assert len(made.seen) == 12
    assert made.seen[0][1] == []
    for number, (who, pictures) in enumerate(made.seen[1:], start=1):
        assert pictures[-1] == number, f"{who} was to edit picture {number}, but saw {pictures}"
