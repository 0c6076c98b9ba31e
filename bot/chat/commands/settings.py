"""The settings of a conversation as an inline keyboard: model, shape, size, effort, words, the rest, buttons.

Imports ``command_table``, ``context``, ``model_pages``, ``response``, ``keyboards``, ``split``, ``turns``, ``texts``,
``message``, ``providers.base`` and ``storage``. Only choices that the chosen model supports are offered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.chat.command_table import CHOICES
from bot.chat.commands.context import CommandContext, verb
from bot.chat.commands.model_pages import Offered, meant, page_of, with_sizes
from bot.chat.response import Response, Rewording, WithoutButtons, Words
from bot.chat.send import keyboards
from bot.chat.send.message import Recipient
from bot.chat.send.split import shorten
from bot.providers.base import Capabilities
from bot.texts import languages, say, spoken
from bot.turns.choice import Choice
from bot.turns.request.aspect import NEXT, nearest, ratio_of, read_ratio
from bot.turns.restoring.sources import KEEP, NEVER, OFFERED
from bot.turns.turns import Turns
from storage.records import Conversation
from storage.store import Store

EFFORTS = {"draft": "effort-draft", "normal": "effort-normal", "careful": "effort-careful"}
"""How long the model may think; ``normal`` is its default."""


DONE = "done"
"""What the button carries that ends the menu."""


class SettingsMenu:
    """Shows and changes settings, which take effect with the next wish."""

    def __init__(self, store: Store, turns: Turns) -> None:
        self._store = store
        self._turns = turns

    @verb("settings")
    async def settings(self, context: CommandContext) -> Response:
        """Send the menu."""
        return self._opened(context.conversation, context.language, alone=True)

    @verb(*CHOICES, "models")
    async def setting(self, context: CommandContext) -> Response:
        """Take a typed choice (``/ratio 16:9``); offer the page where the value is missing or unknown."""
        conversation, language = context.conversation, context.language
        name = "model" if context.name == "models" else context.name
        await self._refresh(name)
        value = self._full(name, context.value, language)
        if name == "model":
            found = await self._meant(conversation, language, value)
            if len(found) > 1:
                # Where wishes go and what they cost is the person's choice.
                text, keyboard = page_of(language, found, "")
                return Response(parts=(Words(text=text, keyboard=keyboard, alone=True),))
            value = found[0].value if found else value
        changes = self._changes(conversation, name, value) if value else {}
        unset = ("auto", "automatic", "normal", say(language, "setting-auto").casefold())
        if not value or (changes.get(name) is None and value.casefold() not in unset):
            return self._opened(conversation, language, name, context.value, alone=True)
        # A typed shape holds for the next wish, too, even if that changes a picture.
        changes |= {NEXT: changes["ratio"]} if name == "ratio" else {}
        conversation = await self._choose(conversation, changes)
        # Without thinking the menu has no row for the effort; its page explains that.
        thinking = self._turns.answering.capabilities(conversation.settings).thinking
        page = name if name == "effort" and not thinking else ""
        return self._opened(conversation, _spoken(context.recipient, conversation), page)

    def _opened(
        self, conversation: Conversation, language: str, page: str = "", refused: str = "", *, alone: bool = False
    ) -> Response:
        """Return the menu, or one page of it. ``refused``: a typed value that is not offered.

        ``alone``: nothing changed, so in a group it concerns only whoever asked.
        """
        text, keyboard = self._page(conversation, language, page)
        if refused:
            text = f"{self._refused(conversation, language, page, refused)}\n\n{text}"
        return Response(parts=(Words(text=text, keyboard=keyboard, alone=alone),))

    def _refused(self, conversation: Conversation, language: str, page: str, value: str) -> str:
        """Return why a typed value is not taken; for a shape the nearest one that is offered."""
        able = self._turns.answering.capabilities(conversation.settings)
        ratio = read_ratio(value) if page == "ratio" and able.ratios else ""
        if not ratio:
            return say(language, "choose-unknown", value=shorten(value))
        near = nearest(ratio_of(ratio) or 1.0, able.ratios) or ""
        return say(language, "choose-nearest", value=ratio, model=able.label, nearest=near)

    async def _refresh(self, page: str) -> None:
        """Load what other processes learned of the models, so that each offers the same ones."""
        if page in ("model", "maker"):
            for provider in self._turns.answering.providers:
                await self._turns.answering.ageing.refresh(provider)

    async def _meant(self, conversation: Conversation, language: str, said: str) -> list[Offered]:
        """Return the models that a typed name may mean; of several with that name the one of the provider in use.

        A model that was replaced because it seemed gone is tried again when it is named.
        """
        used = self._turns.answering.choice(conversation.settings).provider
        found = meant(self._models(language), said)
        if own := [one for one in found if one.provider == used][:1]:
            return own
        again = await self._there_again(said, used)
        return meant(self._models(language), again) if again else found

    async def _there_again(self, said: str, used: str) -> str:
        """Let a model be tried again, at the provider in use first; return it with its provider, "" if none was."""
        for provider in sorted(self._turns.answering.providers, key=lambda name: name != used):
            model = said.removeprefix(f"{provider}/")
            if await self._turns.answering.ageing.try_again(provider, model):
                return f"{provider}/{model}"
        return ""

    def _full(self, name: str, value: str, language: str) -> str:
        """Return the value for what was typed; the label of every button can be typed, in upper or lower case.

        A language and an effort become their codes.
        """
        if name == "language":
            return spoken(value) or value
        if name == "effort":
            said = {say(language, key).casefold(): one for one, key in EFFORTS.items()}
            return said.get(value.casefold(), value.lower())
        if name == "size":
            return value.upper()
        if name == "ratio":
            return read_ratio(value) or value
        return value

    async def pressed(self, context: CommandContext) -> Response:
        """Show a page, or store a choice and show the menu, in the same message."""
        conversation, name = context.conversation, context.name.removeprefix("set-")
        if name == "settings" and context.value == DONE:
            return Response(parts=(WithoutButtons(message_id=context.message_id or 0),))
        page = "" if name == "settings" else name
        await self._refresh(page)
        if name == "maker":
            page = f"set-maker:{context.value}"
        elif name == "words":
            conversation = await self._choose(conversation, {"words": not conversation.settings.get("words", True)})
            page = ""
        elif context.value:
            conversation = await self._choose(conversation, self._changes(conversation, name, context.value))
            page = ""
        text, keyboard = self._page(conversation, _spoken(context.recipient, conversation), page)
        return Response(parts=(Rewording(message_id=context.message_id or 0, text=text, keyboard=keyboard),))

    def _changes(self, conversation: Conversation, name: str, value: str) -> dict[str, Any]:
        if name == "model":
            known = {(one.provider, one.able.model) for one in self._models("")}
            full = (f"{one}/{model}" for one, model in known)
            said = f"set-model:{value}"
            value = next((one for one in full if keyboards.data_of(name, one) == said), value)
            provider, _, model = value.partition("/")
            return {"provider": provider, "model": model} if (provider, model) in known else {}
        able = self._turns.answering.capabilities(conversation.settings)
        fixed = {"language": languages(), "buttons": ("author", "anyone")}
        fixed["effort"] = ("draft", "careful")
        fixed[KEEP] = (OFFERED, NEVER)
        offered = {"ratio": able.ratios, "size": able.sizes, **fixed}.get(name, ())
        changes = {name: value if value in offered else None}
        return {**changes, NEXT: None} if name == "ratio" else changes

    async def _choose(self, conversation: Conversation, changes: dict[str, Any]) -> Conversation:
        def change(settings: Mapping[str, Any]) -> Mapping[str, Any]:
            return {name: value for name, value in {**settings, **changes}.items() if value is not None}

        settings = await self._store.conversations.change(conversation.id, change)
        return replace(conversation, settings=settings)

    def _page(self, conversation: Conversation, language: str, page: str) -> tuple[str, Any]:
        chosen = conversation.settings
        able = self._turns.answering.capabilities(chosen)
        auto = say(language, "setting-auto")
        if page == "size" and len(able.sizes) < 2:
            choice = self._turns.answering.choice(chosen)
            chosen_model = f"{choice.provider}/{choice.model}"
            found = with_sizes(language, self._models(language), chosen_model, able.label)
            if found is not None:
                return found
        if page in ("ratio", "size"):
            offered = able.ratios if page == "ratio" else able.sizes
            values = [("", auto), *((value, value) for value in offered)]
            keyboard = keyboards.choices(language, page, values, _kept_to(chosen.get(page), offered))
            return say(language, f"choose-{page}" if offered else "choose-elsewhere", model=able.label), keyboard
        if page == "effort":
            values = [(one, say(language, key)) for one, key in EFFORTS.items()]
            keyboard = keyboards.choices(language, page, values, chosen.get(page) or "normal")
            asks = "choose-effort" if able.thinking else "choose-effort-elsewhere"
            return say(language, asks, model=able.label), keyboard
        if page == "model" or page.startswith("set-maker:"):
            choice = self._turns.answering.choice(chosen)
            text, keyboard = page_of(language, self._models(language), f"{choice.provider}/{choice.model}", page)
            return "\n".join([text, *self._unless_it_counts(language)]), keyboard
        if page == KEEP:
            labels = [("", auto), *((one, say(language, f"setting-{one}")) for one in (OFFERED, NEVER))]
            keyboard = keyboards.choices(language, page, labels, chosen.get(page) or "")
            return say(language, "choose-keep"), keyboard
        if page == "language":
            values = [("", auto), *((one, say(one, "language-name")) for one in languages())]
            keyboard = keyboards.choices(language, page, values, chosen.get(page) or "")
            return say(language, "choose-language"), keyboard
        if page == "buttons":
            values = [("anyone", say(language, "setting-anyone")), ("author", say(language, "setting-author"))]
            keyboard = keyboards.choices(language, page, values, chosen.get(page) or "anyone")
            return say(language, "choose-buttons"), keyboard
        rows = [("model", self._named(language, conversation, able))]
        rows += [("ratio", _kept_to(chosen.get("ratio"), able.ratios) or auto)] if able.ratios else []
        rows += [("size", _kept_to(chosen.get("size"), able.sizes) or auto)] if able.sizes else []
        rows += [("effort", say(language, EFFORTS[chosen.get("effort") or "normal"]))] if able.thinking else []
        rows += [("words", say(language, "setting-on" if chosen.get("words", True) else "setting-off"))]
        rows += [(KEEP, say(language, f"setting-{chosen[KEEP]}") if chosen.get(KEEP) else auto)]
        rows += [("language", say(chosen["language"], "language-name") if chosen.get("language") else auto)]
        if conversation.key.chat_id < 0:
            reserved = chosen.get("buttons") == "author"
            rows += [("buttons", say(language, "setting-author" if reserved else "setting-anyone"))]
        lines = [say(language, "settings"), *self._unless_it_counts(language)]
        return "\n".join(lines), keyboards.settings(language, rows)

    def _named(self, language: str, conversation: Conversation, able: Capabilities) -> str:
        """Return the chosen model as the menu shows it; with its provider where there are several."""
        if len(self._turns.answering.providers) == 1:
            return able.label
        provider = self._turns.answering.choice(conversation.settings).provider
        return shorten(self._offered(language, provider, able).label)

    def _unless_it_counts(self, language: str) -> list[str]:
        """Return what a model is good for where none paints; nothing outside of the sandbox."""
        return [say(language, "settings-offline")] if self._turns.answering.policy.offline else []

    def _models(self, language: str) -> list[Offered]:
        answering = self._turns.answering
        offered = {name: answering.ageing.offered(name) for name in answering.providers}
        return [self._offered(language, name, able) for name, rows in offered.items() for able in rows]

    def _offered(self, language: str, name: str, able: Capabilities) -> Offered:
        provider = self._turns.answering.providers[name]
        return Offered(
            provider=name,
            title=say(language, "own-server") if provider.is_home else provider.title,
            able=able,
            micro_usd=self._turns.answering.limit_watch.expected_micro_usd(Choice(provider=name, model=able.model)),
        )


def _kept_to(value: str | None, offered: Collection[str]) -> str:
    """Return a choice that the model keeps to; "" where it was made for a model that offers more."""
    return value if value and value in offered else ""


def _spoken(recipient: Recipient, conversation: Conversation) -> str:
    """Return the language of a recipient after a choice."""
    return conversation.settings.get("language") or recipient.own_language
