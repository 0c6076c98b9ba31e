"""The person API over HTTP: what a person does in a Telegram client, as JSON under /sandbox.

Imports Starlette, ``people``, ``paying``, ``chats``, ``errors``, ``profile``, ``channels``, ``inline``, ``orders`` and
``state``. There are routes for acting, for reading, and for tests.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sse_starlette.sse import EventSourceResponse
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.sandbox.botapi.chats.post import chat_for_people, shown_reactions
from bot.sandbox.botapi.chats.privacy import BotsTalk, Doubts
from bot.sandbox.botapi.errors import ApiError, PersonError
from bot.sandbox.botapi.methods.profile import commands_for_people
from bot.sandbox.botapi.person import channels, inline, orders, paying, people
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.faults import FaultOrder
from bot.sandbox.botapi.state.limits import LimitSettings
from bot.sandbox.botapi.state.line import LineSettings
from bot.sandbox.botapi.state.queries import Modes
from bot.sandbox.botapi.state.records import Json

PING_S = 20
MAX_PAGE = 1000
LARGE_BYTES = 1_000_000

T = TypeVar("T")
Act = Callable[[Backend, Any], Awaitable[Any]]


def _act(backend: Backend, model: type[BaseModel], act: Act) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of an act: JSON in, JSON out, faults as sentences."""

    async def endpoint(request: Request) -> Response:
        try:
            order = await _aside(request, model.model_validate, await _body(request))
            return JSONResponse(await act(backend, order))
        except PersonError as error:
            return JSONResponse({"error": str(error)}, 400)
        except ApiError as error:
            return JSONResponse({"error": error.description}, 400)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            return JSONResponse({"error": f"{where}: {first['msg']}"}, 400)
        finally:
            backend.keep.commit()

    return endpoint


async def _body(request: Request) -> Json:
    """Read a JSON body, or a form in which ``files`` and ``sample`` may repeat."""
    if request.headers.get("content-type", "").startswith("application/json"):
        found = await _aside(request, json.loads, await request.body())
        if isinstance(found, dict):
            if isinstance(found.get("sample"), str):
                found["sample"] = [found["sample"]]
            return found
        raise PersonError("The body must be a JSON object.")
    form: Json = {}
    async with request.form(max_files=100) as parts:
        for name, value in parts.multi_items():
            if isinstance(value, UploadFile):
                file = {"name": value.filename or "file", "mime": value.content_type or "", "data": await value.read()}
                form.setdefault("files", []).append(file)
            elif name in {"sample", "captions", "order"}:
                form.setdefault(name, []).append(value)
            elif value != "":
                form[name] = value
    return form


async def _aside(request: Request, work: Callable[[Any], T], value: Any) -> T:
    """Run ``work`` on a body; for a large body in a thread, so that the event loop stays free."""
    large = int(request.headers.get("content-length") or 0) > LARGE_BYTES
    return await asyncio.to_thread(work, value) if large else work(value)


Look = Callable[[Backend, Request], Any]


def _look(backend: Backend, look: Look) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint of something to read."""

    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(look(backend, request))
        except (PersonError, ValueError) as error:
            return JSONResponse({"error": str(error)}, 400)

    return endpoint


def state(backend: Backend, request: Request) -> Json:
    """Return people, bot, commands and the chats of one person."""
    world = backend.world
    me = world.person(int(request.query_params.get("as") or min(world.people)))
    found = [chat for chat in world.chats.values() if me.id in chat.members]
    found.sort(key=lambda chat: (chat.is_group, abs(chat.id)))
    drafts = [
        {"chat_id": chat_id, "topic": topic, "draft_id": d.draft_id, "text": d.text, "can_stop": d.can_stop}
        for (chat_id, topic), d in backend.drafts.items()
        if d.until > backend.config.clock()
    ]
    return {
        "me": me.as_user(),
        "people": [person.as_user() for person in world.people.values()],
        "bot": world.bot()
        | {
            "can_read_all_group_messages": not world.profile.get("privacy", True),
            "supports_guest_queries": backend.modes.guests,
            "supports_inline_queries": backend.modes.inline,
        },
        "description": world.profile.get("description:") or "",
        "commands": commands_for_people(backend, me),
        "chats": [chat_for_people(backend, chat) for chat in found],
        "drafts": drafts,
        "stars": backend.payments.stars_of(me.id),
        "receipts": backend.payments.receipts(me.id),
        "last_event": backend.events.last,
    }


def messages(backend: Backend, request: Request) -> Json:
    """Return a page of a chat, oldest message first."""
    chat_id = int(request.path_params["chat_id"])
    if chat_id not in backend.world.chats:
        raise PersonError(f"There is no chat {chat_id}.")
    query = request.query_params
    topic = int(query["topic"]) if query.get("topic") else None
    before = int(query["before"]) if query.get("before") else None
    limit = min(int(query.get("limit") or 100), MAX_PAGE)
    found = [
        message
        for message in backend.world.in_order(chat_id)
        if (topic is None or message.topic == topic) and (before is None or message.message_id < before)
    ][-limit:]
    reactions = {str(message.message_id): shown_reactions(message) for message in found if message.reactions}
    return {"messages": [backend.world.view(message) for message in found], "reactions": reactions}


def callback(backend: Backend, request: Request) -> Json:
    """Return whether and how the bot answered a press."""
    found = backend.callbacks.get(request.path_params["callback_id"])
    if found is None:
        raise PersonError("There is no such press of a button.")
    return {"answered": found["answered"]} | (found.get("answer") or {})


def calls(backend: Backend, request: Request) -> Json:
    """Return the log of Bot API calls."""
    return {"calls": backend.calls.since(int(request.query_params.get("since") or 0))}


def whispers(backend: Backend, request: Request) -> Json:
    """Return what only this person sees in a chat."""
    chat_id, person_id = int(request.path_params["chat_id"]), int(request.query_params["as"])
    found = [
        one for one in backend.whispers if one["chat"]["id"] == chat_id and one["receiver_user"]["id"] == person_id
    ]
    return {"messages": found}


def queue(backend: Backend, request: Request) -> Json:
    """Return the updates that the bot has not confirmed."""
    return {"updates": [{"update_id": w.update_id} | w.body for w in backend.updates.fresh()]}


async def add_fault(backend: Backend, order: FaultOrder) -> Json:
    backend.faults.add(order)
    return {"faults": backend.faults.remaining()}


async def set_limits(backend: Backend, order: LimitSettings) -> Json:
    backend.limits.change(order)
    return order.model_dump()


async def set_line(backend: Backend, order: LineSettings) -> Json:
    """Set how fast files come in."""
    backend.line.change(order)
    return order.model_dump()


def _event_route(backend: Backend) -> Callable[[Request], Awaitable[Response]]:
    async def stream(request: Request) -> Response:
        after = request.headers.get("last-event-id") or request.query_params.get("after")

        async def events() -> AsyncIterator[dict[str, Any]]:
            async for event in backend.events.listen(int(after) if after else None):
                yield {"id": str(event.number), "event": event.name, "data": event.data}

        return EventSourceResponse(events(), ping=PING_S)

    return stream


def _wait_route(backend: Backend) -> Callable[[Request], Awaitable[Response]]:
    async def wait(request: Request) -> Response:
        query = request.query_params
        after = int(query.get("after") or backend.events.last)
        last = await backend.events.wait(after, float(query.get("timeout_s") or 0))
        return JSONResponse({"last_event": last})

    return wait


def _file_route(backend: Backend) -> Callable[[Request], Awaitable[Response]]:
    async def file(request: Request) -> Response:
        record = backend.files.by_id.get(request.path_params["file_id"])
        if record is None:
            return JSONResponse({"error": "There is no such file."}, 404)
        headers = {
            "Cache-Control": "private, max-age=31536000, immutable",
            "Content-Security-Policy": "sandbox",
            "X-Content-Type-Options": "nosniff",
        }
        name = (record.name or record.path.rpartition("/")[2]) if "download" in request.query_params else None
        return FileResponse(backend.files.location(record), media_type=record.mime, headers=headers, filename=name)

    return file


def _tree_route(backend: Backend) -> Callable[[Request], Awaitable[Response]]:
    async def tree(request: Request) -> Response:
        chat_id, topic = int(request.path_params["chat_id"]), int(request.query_params.get("topic") or 0)
        turns = await backend.config.tree(chat_id, topic)
        named = {number for turn in turns for number in (*turn["sent"], *turn["shown"])}
        found = [backend.world.message(chat_id, number) for number in sorted(named)]
        return JSONResponse({"turns": turns, "messages": [backend.world.view(one) for one in found if one]})

    return tree


def _raw_update_route(backend: Backend) -> Callable[[Request], Awaitable[Response]]:
    async def raw(request: Request) -> Response:
        update_id = backend.updates.add_raw(await request.json())
        backend.keep.commit()
        return JSONResponse({"update_id": update_id})

    return raw


_ACTS: dict[str, tuple[type[BaseModel], Act]] = {
    "send": (orders.SendOrder, people.send),
    "forward": (orders.ForwardOrder, people.forward),
    "edit": (orders.EditOrder, people.edit),
    "delete": (orders.DeleteOrder, people.delete),
    "press": (orders.PressOrder, people.press),
    "react": (orders.ReactOrder, people.react),
    "pay": (paying.PayOrder, paying.pay),
    "refund": (paying.ChargeOrder, paying.refund),
    "groups": (orders.GroupOrder, people.create_group),
    "members": (orders.MembersOrder, people.members),
    "admins": (channels.AdminOrder, channels.appoint),
    "hide-members": (channels.HideOrder, channels.hide_members),
    "channels": (channels.ChannelOrder, channels.create),
    "link": (channels.LinkOrder, channels.link),
    "direct-messages": (orders.ChatOrder, channels.open_direct_messages),
    "whispers": (orders.SwitchOrder, channels.let_whisper),
    "private-topics": (orders.SwitchOrder, channels.thread_private_chats),
    "upgrade": (orders.UpgradeOrder, people.upgrade),
    "topics": (orders.TopicOrder, people.topics),
    "rights": (orders.RightsOrder, people.rights),
    "privacy": (orders.SwitchOrder, people.privacy),
    "doubts": (Doubts, people.choose_doubts),
    "other-bot": (orders.OtherBotOrder, people.other_bot),
    "rename": (orders.NameOrder, people.rename),
    "bots-talk": (BotsTalk, people.let_bots_talk),
    "block": (orders.SwitchOrder, people.block),
    "deactivate": (orders.SwitchOrder, people.deactivate),
    "dissolve": (orders.ChatOrder, people.dissolve),
    "people": (orders.PersonOrder, people.add_person),
    "stop": (orders.StopOrder, people.stop),
    "modes": (Modes, inline.switch),
    "type": (inline.TypedOrder, inline.ask),
    "choose": (inline.ChosenOrder, inline.choose),
    "faults": (FaultOrder, add_fault),
    "limits": (LimitSettings, set_limits),
    "line": (LineSettings, set_line),
}
_LOOKS: dict[str, Look] = {
    "state": state,
    "chats/{chat_id}/messages": messages,
    "chats/{chat_id}/whispers": whispers,
    "callbacks/{callback_id}": callback,
    "queries/{query_id}": lambda backend, request: inline.found(backend, request.path_params["query_id"]),
    "calls": calls,
    "queue": queue,
    "faults": lambda backend, _: {"faults": backend.faults.remaining()},
    "limits": lambda backend, _: backend.limits.order.model_dump(),
}


def routes(backend: Backend) -> list[BaseRoute]:
    async def clear_faults(request: Request) -> Response:
        backend.faults.clear()
        return JSONResponse({"faults": []})

    acting = [Route(f"/sandbox/{p}", _act(backend, *act), methods=["POST"]) for p, act in _ACTS.items()]
    looking = [Route(f"/sandbox/{p}", _look(backend, look), methods=["GET"]) for p, look in _LOOKS.items()]
    return [
        *acting,
        *looking,
        Route("/sandbox/faults", clear_faults, methods=["DELETE"]),
        Route("/sandbox/chats/{chat_id}/tree", _tree_route(backend), methods=["GET"]),
        Route("/sandbox/wait", _wait_route(backend), methods=["GET"]),
        Route("/sandbox/events", _event_route(backend), methods=["GET"]),
        Route("/sandbox/files/{file_id}", _file_route(backend), methods=["GET"]),
        Route("/sandbox/update", _raw_update_route(backend), methods=["POST"]),
    ]
