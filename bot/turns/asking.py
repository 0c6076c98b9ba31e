"""Requests for one model of a provider: what fits into them, and what refusals have taught about that.

Imports ``ageing``, ``aspect``, ``choice``, ``contents``, ``exchanges``, ``parked``, ``providers``,
``storage.tables.models`` and ``storage.records``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

from bot.providers.base import COUNT, MASK, Capabilities, Options, Provider, Request
from bot.providers.calls import remedies
from bot.providers.calls.preflight import refuse
from bot.providers.error_base import PICTURE_BYTES, PICTURES, PROMPT, TOKENS, Remedy, RemedyKind
from bot.providers.errors import Unsupported
from bot.providers.shared.flatten import carried, fold, turn_pictures
from bot.turns.ageing import Ageing
from bot.turns.choice import Choice
from bot.turns.request import contents
from bot.turns.request.aspect import shape_for
from bot.turns.request.exchanges import NO_LIMIT, Fit, PathTurn
from bot.turns.request.parked import media_in, picture_bytes, wire_bytes
from storage.records import MediaRef, Turn
from storage.tables.models import Limits

Read = Callable[[MediaRef], Awaitable[bytes]]

Masks = Mapping[tuple[str, str], MediaRef]
"""Masks of a marked place, by the SHA-256 of the picture and the form of the mask."""

NO_MASKS: Masks = MappingProxyType({})

LEAST_BY_WORDS = 8
"""This many pictures fit into every context window: 8 of 1290 tokens are a third of that of gemini-2.5-flash-image.

If they did not, that conversation had too many words, which says nothing about the next one.
"""

LEAST_CHARS = 2000
"""A prompt of this many letters, a page, fits as well, unless a refusal names a lower limit."""

TRIM = RemedyKind.TRIM_HISTORY
UNSAID = "note-wishes-unsaid"
"""The remark that the oldest wishes had no room; shown unless the answer before has it, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorRules:
    """The operator's choices for all requests. ``budget_bytes`` counts base64."""

    budget_bytes: int
    system: str | None = None
    search: bool = False


CHOICES = {"aspectRatio": "ratio", "imageSize": "size", "thinkingLevel": "effort", "thinkingConfig": "effort"}
"""Request fields that hold a chosen option. A model may refuse one value and take another."""


class RequestBuilder:
    """Makes requests for one model. What it refused is not sent again while the process lives: fields, and values.

    ``known`` returns the limits that all processes have learned.
    """

    def __init__(
        self, provider: Provider, model: str, rules: OperatorRules, known: Callable[[], Limits] = Limits
    ) -> None:
        self._provider = provider
        self.model = model
        self._rules = rules
        self._known = known
        self._refused: set[tuple[str, str | None]] = set()
        """Refused fields, each with the value that it had, None if the field itself is refused."""
        self.limits = Limits()
        """Limits that this process learned and has not shared yet."""

    @property
    def able(self) -> Capabilities:
        """Return what the model can do."""
        return self._provider.capabilities(self.model)

    @property
    def offered(self) -> Capabilities:
        """Return what the model can do, without the shapes and sizes that it refused."""
        able = self.able
        return replace(
            able, ratios=self._left_of("aspectRatio", able.ratios), sizes=self._left_of("imageSize", able.sizes)
        )

    @property
    def fit(self) -> Fit:
        """Return what a request may hold, by the model's capabilities and by past refusals."""
        able, limits = self.able, self.limits.within(self._known())
        return Fit(
            maker=self._provider.maker,
            signatures=able.signatures,
            history=able.history,
            max_images=min(able.max_images, limits.images or NO_LIMIT),
            budget_bytes=min(self._rules.budget_bytes, able.max_request_bytes, limits.request_bytes or NO_LIMIT),
            picture_bytes=limits.picture_bytes or NO_LIMIT,
            prompt_chars=min(able.max_prompt_chars or NO_LIMIT, limits.prompt_chars or NO_LIMIT),
        )

    def of(
        self, turn: Turn, path: Sequence[PathTurn], read: Read, times: int = 1, masks: Masks = NO_MASKS
    ) -> TurnRequest:
        """Return the request for ``times`` versions of a turn. ``read`` returns the bytes of a picture or mask."""
        return TurnRequest(self, turn, path, read, times, masks)

    def options(self, turn: Turn, composed: contents.Composed, times: int) -> Options:
        """Return the chosen options that the model supports, and the number of versions that it makes at once."""
        able, chosen = self.able, turn.options
        size, effort = chosen.get("size"), chosen.get("effort")
        most = able.max_count_edited if composed.current or composed.pictures else able.max_count
        options = Options(
            ratio=shape_for(turn, composed, able.ratios, follows=able.follows),
            size=size if size in able.sizes else None,
            effort=effort if able.thinking else None,
            words=bool(chosen.get("words", True)),
            system=self._rules.system,
            search=self._rules.search and able.search,
            count=min(times, 1 if (COUNT, None) in self._refused else most),
        )
        refused = {field for field, value in self._refused if value in (None, _value_of(field, options))}
        return replace(options, without=frozenset(refused))

    def refuse(self, field: str, value: str | None = None) -> None:
        """Remember not to send a field again, or only not with this value."""
        self._refused.add((field, value))

    def _left_of(self, field: str, values: Sequence[str]) -> tuple[str, ...]:
        return tuple(one for one in values if self._refused.isdisjoint({(field, None), (field, one)}))

    def learn(self, fit: Fit, helped: Sequence[Remedy], options: Options) -> None:
        """Remember what made a request with ``options`` succeed: what it left out, and the size that was accepted."""
        for remedy in helped:
            if remedy.kind is RemedyKind.WITHOUT_FIELD:
                self.refuse(remedy.field, _value_of(remedy.field, options) if remedy.of_value else None)
        if any(remedy.kind is TRIM for remedy in helped):
            before, by_words = self.fit, any(remedy.field in (TOKENS, PROMPT) for remedy in helped)
            named = any(remedy.field == PROMPT and remedy.most == fit.prompt_chars for remedy in helped)
            least_chars = 0 if named else LEAST_CHARS
            prompt_chars = max(fit.prompt_chars, least_chars)
            images = max(fit.max_images, LEAST_BY_WORDS if by_words else 0)
            narrower = Limits(
                images=images if images < before.max_images else 0,
                request_bytes=fit.budget_bytes if fit.budget_bytes < before.budget_bytes else 0,
                picture_bytes=fit.picture_bytes if fit.picture_bytes < before.picture_bytes else 0,
                prompt_chars=prompt_chars if prompt_chars < before.prompt_chars else 0,
            )
            self.limits = self.limits.within(narrower)


class RequestBuilders:
    """The request builders of all models in use; each remembers what its model's refusals taught."""

    def __init__(self, providers: Mapping[str, Provider], rules: OperatorRules, ageing: Ageing) -> None:
        self._providers = providers
        self._rules = rules
        self._ageing = ageing
        self._made: dict[Choice, RequestBuilder] = {}

    def of(self, choice: Choice) -> RequestBuilder:
        """Return the request builder of a model."""
        if choice not in self._made:
            known = partial(self._ageing.limits, choice.provider, choice.model)
            self._made[choice] = RequestBuilder(self._providers[choice.provider], choice.model, self._rules, known)
        return self._made[choice]

    async def share(self, choice: Choice) -> None:
        """Share with all processes what this one learned of a model's limits."""
        builder = self.of(choice)
        if (limits := builder.limits) != Limits():
            await self._ageing.learn_limits(choice.provider, choice.model, limits)
            builder.limits = Limits() if builder.limits == limits else builder.limits


class TurnRequest:
    """The request for one turn: as much as fits, and after a refusal less."""

    def __init__(
        self, builder: RequestBuilder, turn: Turn, path: Sequence[PathTurn], read: Read, times: int, masks: Masks
    ) -> None:
        self._builder = builder
        self._turn = turn
        self._path = path
        self._read = read
        self._times = times
        self._masks = masks
        self._fit = builder.fit
        self.unsaid = 0
        """The number of earlier wishes for which the request has no room."""
        self.request = self._composed()

    @property
    def is_possible(self) -> bool:
        """Whether the model can do what the turn asks for, with all its pictures."""
        try:
            refuse(self._builder.able, self.request)
        except Unsupported:
            return False
        sent = {ref.sha256 for ref in (*self.request.pictures, self.request.current) if ref}
        return all(picture.media.sha256 in sent for picture in self._turn.pictures)

    def rebuild(self, remedy: Remedy, request: Request) -> Request | None:
        """Return the request changed as a remedy says, without losing words; None when that changes nothing."""
        if remedy.kind is RemedyKind.DEGRADE_HISTORY:
            fit = replace(self._fit, history=False)
        elif remedy.kind is TRIM:
            fit = self._narrowed(remedy, request)
        else:
            return remedies.apply(remedy, request)
        before, self._fit = self._fit, fit
        changed = self._composed(request.options)
        if self._sent(changed) == self._sent(request):
            self._fit = before
            return None
        return changed

    def learn(self, helped: Sequence[Remedy]) -> None:
        """Remember what made this request succeed."""
        fit = self._fit
        if any(remedy.kind is TRIM for remedy in helped):
            # The picture that is being edited stays, however large: what came through with it is not too much.
            sent = wire_bytes(contents.compose(self._path, self._turn, fit).contents)
            fit = replace(fit, budget_bytes=max(fit.budget_bytes, sent))
        self._builder.learn(fit, helped, self.request.options)

    def remarks(self, helped: Sequence[Remedy]) -> list[str]:
        """Return remarks on how the request was changed, as keys of sentences."""
        # With a model without history all earlier turns are words anyway.
        found = [one.key for one in helped if one.field not in (COUNT, MASK) and not (self._flat and one.kind is TRIM)]
        return [*found, UNSAID] if self.unsaid else found

    @property
    def _flat(self) -> bool:
        return not self._builder.able.history

    def _sent(self, request: Request) -> object:
        """Return what is sent: the conversation, or for a model without history the prompt and its pictures."""
        flat = (request.wish, request.earlier_wishes, request.current, request.pictures)
        return flat if self._flat else request.contents

    def _narrowed(self, remedy: Remedy, request: Request) -> Fit:
        """Return a fit for less than was sent: the limit that the refusal names, else half."""
        if self._flat and remedy.field in (PROMPT, TOKENS):
            sent, named = len(fold(request)), remedy.most if remedy.field == PROMPT else 0
            return replace(self._fit, prompt_chars=named if 0 < named < sent else sent // 2)
        composed = contents.compose(self._path, self._turn, self._fit)
        sizes = [(wire_bytes([content]), media_in(content)) for content in composed.contents]
        return _narrowed(self._fit, remedy, sizes)

    def _composed(self, options: Options | None = None) -> Request:
        composed = contents.compose(self._path, self._turn, self._fit)
        request = Request(
            model=self._builder.model,
            contents=composed.contents,
            wish=composed.wish,
            read=self._read,
            earlier_wishes=composed.earlier_wishes,
            current=composed.current,
            pictures=composed.pictures,
            options=options or self._builder.options(self._turn, composed, self._times),
        )
        if self._flat:
            request, self.unsaid = carried(request, self._fit.prompt_chars)
        first = next(iter(turn_pictures(request)), None)
        # A mask is about the first picture; with another one there, the words alone say what is meant.
        return replace(request, mask=self._masks.get((first.sha256, self._builder.able.mask)) if first else None)


def _value_of(field: str, options: Options) -> str | None:
    """Return the chosen option that a request field holds, None for other fields."""
    value: str | None = getattr(options, CHOICES[field]) if field in CHOICES else None
    return value


def _narrowed(fit: Fit, remedy: Remedy, sent: Sequence[tuple[int, Sequence[MediaRef]]]) -> Fit:
    """Return a fit for less than was ``sent``: the limit that the refusal names, else half."""
    refs = [ref for _, shown in sent for ref in shown]
    # Most tokens of a request are those of its pictures.
    if remedy.field in (PICTURES, TOKENS, PROMPT):
        named = remedy.most if remedy.field == PICTURES else 0
        most = named if 0 < named < len(refs) else len(refs) // 2
        return replace(fit, max_images=max(1, most))
    if remedy.field == PICTURE_BYTES:
        largest = max(map(picture_bytes, refs), default=0)
        return replace(fit, picture_bytes=remedy.most if 0 < remedy.most < largest else largest - 1)
    size_bytes = sum(size for size, _ in sent)
    # One per cent is left for the settings and the system instruction around the conversation.
    named = remedy.most - remedy.most // 100
    return replace(fit, budget_bytes=named if 0 < named < size_bytes else size_bytes // 2)
