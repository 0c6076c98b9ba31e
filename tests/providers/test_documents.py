"""``docs/provider-fields.md`` is true for each field of the provider documents that this bot was written from.

The parameters and example answers are in ``tests/fixtures/documents.json``, as the documents have them.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.providers.base import Options, Request
from bot.providers.errors import ProviderError
from bot.providers.factory import ProviderConfig, build
from tests.providers.flat import FLASH, GREEN, RED, asking
from tests.providers.wiring import KEY, Album, Call, Endpoint, Json, Reply, b64

ROOT = Path(__file__).parents[2]
DOCUMENTS: dict[str, Json] = json.loads((ROOT / "tests/fixtures/documents.json").read_text("utf-8"))
TEXT = (ROOT / "docs/provider-fields.md").read_text("utf-8")
AIMLAPI, MARKDOWN, EDIT, ONEMIN, TOKAIFY = DOCUMENTS


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    document: str
    field: str
    way: str
    why: str
    code: str
    test: str


def _rows() -> Iterator[Row]:
    document = ""
    for line in TEXT.splitlines():
        if line.startswith("## "):
            document = line.removeprefix("## ")
        if line.startswith("| `"):
            yield Row(document, *(cell.strip().strip("`") for cell in line[2:-2].split(" | ")))


ROWS = list(_rows())
SENT = [row for row in ROWS if row.way in ("sent", "not sent")]
READ = [row for row in ROWS if row.way in ("read", "not read")]


def name_of(row: Row) -> str:
    return f"{row.document.partition(',')[0]}-{row.field}"


# Fields whose name on the wire differs from the document; the list gives the reason.
WIRE = {
    "contents[].parts[].inline_data.mime_type": "contents[].parts[].inlineData.mimeType",
    "contents[].parts[].inline_data.data": "contents[].parts[].inlineData.data",
}

# Fields that the example cannot show: the answer is changed first, and the field then takes the other value.
Change = Callable[[Json], None]


def _drawn_nothing(answer: Json) -> None:
    answer["candidates"][0]["content"]["parts"] = []


def _without_total(answer: Json) -> None:
    del answer["usageMetadata"]["totalTokenCount"]


def _whole_link(answer: Json) -> None:
    answer["aiRecord"]["aiRecordDetail"]["resultObject"] = [answer["aiRecord"].pop("temporaryUrl")]


SHOWN: dict[tuple[str, str], tuple[Change | None, Any]] = {
    (TOKAIFY, "candidates[].finishReason"): (_drawn_nothing, "IMAGE_SAFETY"),
    (TOKAIFY, "usageMetadata.candidatesTokenCount"): (_without_total, None),
    (TOKAIFY, "usageMetadata.totalTokenCount"): (None, 1400),
    (ONEMIN, "aiRecord.aiRecordDetail.resultObject[]"): (_whole_link, None),
    (ONEMIN, "aiRecord.status"): (None, "FAILED"),
}
NOTHING: tuple[Change | None, Any] = (None, None)


def paths_of(node: Any, path: str = "") -> Iterator[str]:
    """Yield the paths of all values in a JSON document; all items of a list have the same path."""
    if isinstance(node, dict) and node:
        for name, value in node.items():
            yield from paths_of(value, f"{path}.{name}" if path else name)
    elif isinstance(node, list) and node:
        for value in node:
            yield from paths_of(value, f"{path}[]")
    else:
        yield path


def prefixes(path: str) -> Iterator[str]:
    """Yield a path and those of what holds it, with and without the brackets of a list."""
    while path:
        yield path
        yield path.removesuffix("[]")
        path = path.rpartition(".")[0]


def put(node: Any, path: str, value: Any) -> int:
    """Give every field at ``path`` a value, None taking it away; return how many there were."""
    head, _, rest = path.partition(".")
    name, listed = head.removesuffix("[]"), head.endswith("[]")
    if not isinstance(node, dict) or name not in node:
        return 0
    if rest:
        return sum(put(one, rest, value) for one in (node[name] if listed else [node[name]]))
    if value is None:
        del node[name]
    else:
        node[name] = value
    return 1


def test_the_list_names_every_field_of_the_documents_once() -> None:
    for name, document in DOCUMENTS.items():
        listed = [row.field for row in SENT if row.document == name]
        assert listed == document["request"], name
        answered = [path for answer in document["answers"] for path in paths_of(answer)]
        listed = [row.field for row in READ if row.document == name]
        assert sorted(listed) == sorted(set(answered)), name
    assert {row.document for row in ROWS} == set(DOCUMENTS)
    assert {row.way for row in ROWS} == {"sent", "not sent", "read", "not read"}


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_the_list_leads_to_code_and_tests_that_are_there(row: Row) -> None:
    assert row.why
    if row.way.startswith("not "):
        assert (row.code, row.test) == ("", "")
        return
    assert _leaf(row.field) in (ROOT / row.code).read_text("utf-8")
    path, _, name = row.test.partition("::")
    assert re.search(rf"^(async )?def {name}\(", (ROOT / path).read_text("utf-8"), re.MULTILINE)


def _leaf(field: str) -> str:
    """Return a field's name as the code writes it: header names are in lower case."""
    name = WIRE.get(field, field).rpartition(".")[2].removesuffix("[]")
    return name.lower() if name in ("Authorization", "Content-Type") else name


@pytest.mark.parametrize("row", SENT, ids=name_of)
async def test_what_is_said_of_a_field_is_so_in_requests(row: Row, endpoint: Endpoint, album: Album) -> None:
    calls = [call async for call in _asked(row.document, endpoint, album)]
    names = {name for call in calls for name in call.headers}
    found = {path for call in calls for whole in paths_of(call.json) for path in prefixes(whole)}
    wanted = WIRE.get(row.field, row.field)
    assert (wanted in found or row.field.lower() in names) == (row.way == "sent")
    if row.way == "not sent":
        assert not any(path.endswith(_leaf(row.field)) for path in found)


async def _asked(document: str, endpoint: Endpoint, album: Album) -> AsyncIterator[Call]:
    """Yield the fullest requests that a person and an operator can bring about: words alone, and with pictures."""
    name, model = {ONEMIN: ("onemin", "gemini-2.5-flash-image"), TOKAIFY: ("tokaify", "gemini-2.5-flash-image")}.get(
        document, ("aimlapi", FLASH)
    )
    config = ProviderConfig(
        base_url=endpoint.url, api_key=KEY, safety={"HARM_CATEGORY_HARASSMENT": "OFF"}, tools=({"googleSearch": {}},)
    )
    provider = build(name, config)
    row = provider.capabilities(model)
    picture = album.add(RED)
    for pictures in ((), (picture,)):
        options = Options(ratio="16:9" if row.ratios else None, count=row.max_count, system="Be kind.", search=True)
        shown = [{"inlineData": {"mimeType": "image/png", "data": one}} for one in pictures]
        contents = ({"role": "user", "parts": [*shown, {"text": "a boat"}]},)
        request: Request = asking(album, model, contents=contents, pictures=pictures, options=options)
        if name == "tokaify":
            # 2.5 gets the instruction as words, and makes one picture a call; the field itself is of newer models.
            request = asking(album, "gemini-3-pro-image", contents=contents, pictures=pictures, options=options)
        endpoint.script.clear()
        endpoint.add(*([Reply({"asset": {"key": "images/one"}})] if pictures and name == "onemin" else []), Reply({}))
        await provider.ask(request)
        asked = endpoint.posts[-1]
        assert asked.path != "/api/assets"
        yield asked
    await provider.aclose()


@pytest.mark.parametrize("row", READ, ids=name_of)
async def test_what_is_said_of_a_field_is_so_in_answers(row: Row, endpoint: Endpoint) -> None:
    """The answer without the field, or with another value in it, is understood otherwise, or just the same."""
    differs = False
    for example in DOCUMENTS[row.document]["answers"]:
        change, value = SHOWN.get((row.document, row.field), NOTHING)
        before = _filled(example, endpoint)
        if change is not None:
            change(before)
        after = copy.deepcopy(before)
        # In the example answers some fields are null or empty, so they prove nothing.
        if not put(after, row.field.removesuffix("[]"), value):
            continue
        differs |= await _understood(row.document, before, endpoint) != await _understood(row.document, after, endpoint)
    assert differs == (row.way == "read")


def _filled(example: Json, endpoint: Endpoint) -> Json:
    """Return an example with pictures where they belong."""
    endpoint.pages["/one.png"] = Reply(GREEN, headers={"content-type": "image/png"})
    text = json.dumps(example).replace("$BASE64", b64(RED)).replace("$LINK", f"{endpoint.url}/one.png")
    filled: Json = json.loads(text)
    if "tokens_used" in text or "meta" in filled:
        filled["meta"] = filled["meta"] or {"usage": {"tokens_used": 7}}
    return filled


async def _understood(document: str, answer: Json, endpoint: Endpoint) -> Any:
    name, model = {ONEMIN: ("onemin", "gemini-2.5-flash-image"), TOKAIFY: ("tokaify", "gemini-2.5-flash-image")}.get(
        document, ("aimlapi", FLASH)
    )
    provider = build(name, ProviderConfig(base_url=endpoint.url, api_key=KEY))
    endpoint.script.clear()
    endpoint.add(Reply(answer, 201))
    try:
        raw = await provider.ask(asking(Album(), model))
        return await provider.read(raw, model=model)
    except ProviderError as error:
        return type(error), error.values
    finally:
        await provider.aclose()
