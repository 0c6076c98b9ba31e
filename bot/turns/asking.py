"""How one model of a provider is asked: what fits into a request, and what its refusals have taught about that.

May import ``aspect``, ``contents``, ``exchanges``, ``parked``, ``providers`` around a call, ``storage.tables.models``
and ``storage.records``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.providers.base import COUNT, Capabilities, Options, Picture, Provider, Request
from bot.providers.calls import remedies
from bot.providers.error_base import PICTURE_BYTES, PICTURES, PROMPT, TOKENS, Remedy, RemedyKind
from bot.providers.shared.flatten import carried, fold
from bot.turns.request import contents
from bot.turns.request.aspect import shape_for
from bot.turns.request.exchanges import NO_LIMIT, Fit, Told
from bot.turns.request.parked import media_in, picture_bytes, wire_bytes
from storage.records import MediaRef, Turn
from storage.tables.models import Limits

Read = Callable[[Picture], Awaitable[bytes]]

LEAST_BY_WORDS = 8
"""For so many pictures there is room in every window: 8 of 1290 tokens are a third of that of gemini-2.5-flash-image.
Where there was none, a talk had too many words of its own, which says nothing of the next one."""

LEAST_CHARS = 2000
"""For a prompt of so many letters, a page, there is room as well, unless a refusal names less."""

TRIM = RemedyKind.TRIM_HISTORY
UNSAID = "note-wishes-unsaid"
"""The remark on an answer for which the oldest wishes had no room; it is said where the answer before has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The operator's choices. ``budget_bytes`` is of base64."""

    budget_bytes: int
    system: str | None = None
    search: bool = False


class Asking:
    """One model. A field that it refused once is not sent to it again, as long as the process lives.

    ``known``: what all processes know of how much it takes.
    """

    def __init__(self, provider: Provider, model: str, rules: Rules, known: Callable[[], Limits] = Limits) -> None:
        self._provider = provider
        self.model = model
        self._rules = rules
        self._known = known
        self._without: frozenset[str] = frozenset()
        self.limits = Limits()
        """What this process learned of how much it takes, until all know it."""

    @property
    def able(self) -> Capabilities:
        """Return what the model can do."""
        return self._provider.capabilities(self.model)

    @property
    def fit(self) -> Fit:
        """Return what a request may hold, by the model's row and by what was refused."""
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

    def of(self, turn: Turn, path: Sequence[Told], read: Read, times: int = 1) -> Asked:
        """Return a turn as it is asked for so many versions. ``read`` gives the bytes of a picture."""
        return Asked(self, turn, path, read, times)

    def options(self, turn: Turn, composed: contents.Composed, times: int) -> Options:
        """Return what a person chose, as far as the model knows it, and as many versions as it makes at once."""
        able, chosen = self.able, turn.options
        size, effort = chosen.get("size"), chosen.get("effort")
        most = able.max_count_edited if composed.current or composed.pictures else able.max_count
        return Options(
            ratio=shape_for(turn, composed, able.ratios, follows=not able.history),
            size=size if size in able.sizes else None,
            effort=effort if able.thinking else None,
            words=bool(chosen.get("words", True)),
            system=self._rules.system,
            search=self._rules.search and able.search,
            without=self._without,
            count=min(times, 1 if COUNT in self._without else most),
        )

    def refuse(self, field: str) -> None:
        """Remember that a field comes to nothing."""
        self._without |= {field}

    def learn(self, fit: Fit, helped: Sequence[Remedy]) -> None:
        """Remember what made a request do: fields that were left out, and how much was taken where less was asked."""
        self._without |= {remedy.field for remedy in helped if remedy.kind is RemedyKind.WITHOUT_FIELD}
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


class Asked:
    """One turn, asked of a model: first as it fits, and after a refusal with less."""

    def __init__(self, asking: Asking, turn: Turn, path: Sequence[Told], read: Read, times: int) -> None:
        self._asking = asking
        self._turn = turn
        self._path = path
        self._read = read
        self._times = times
        self._fit = asking.fit
        self.unsaid = 0
        """How many earlier wishes the request has no room for."""
        self.request = self._composed()

    def rebuild(self, remedy: Remedy, request: Request) -> Request | None:
        """Return the request changed as a remedy says, with every word in it still; None when that changes nothing."""
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
        if remedy.most:
            # What it names holds, whatever becomes of this turn.
            self._asking.learn(fit, [remedy])
        return changed

    def learn(self, helped: Sequence[Remedy]) -> None:
        """Remember what made this request do."""
        fit = self._fit
        if any(remedy.kind is TRIM for remedy in helped):
            # The picture that is being edited stays, however large: what came through with it is not too much.
            sent = wire_bytes(contents.compose(self._path, self._turn, fit).contents)
            fit = replace(fit, budget_bytes=max(fit.budget_bytes, sent))
        self._asking.learn(fit, helped)

    def remarks(self, helped: Sequence[Remedy]) -> list[str]:
        """Return what a person should know of how the request was made to do, as keys of sentences."""
        # That the oldest turns go in words only is no news where all of them do.
        found = [one.key for one in helped if one.field != COUNT and not (self._flat and one.kind is TRIM)]
        return [*found, UNSAID] if self.unsaid else found

    @property
    def _flat(self) -> bool:
        return not self._asking.able.history

    def _sent(self, request: Request) -> object:
        """Return what of a request goes out: the conversation, or the turn told flatly."""
        told = (request.wish, request.earlier_wishes, request.current, request.pictures)
        return told if self._flat else request.contents

    def _narrowed(self, remedy: Remedy, request: Request) -> Fit:
        """Return a fit for less than was sent: what the refusal names, else half of it."""
        if self._flat and remedy.field in (PROMPT, TOKENS):
            sent, named = len(fold(request)), remedy.most if remedy.field == PROMPT else 0
            return replace(self._fit, prompt_chars=named if 0 < named < sent else sent // 2)
        composed = contents.compose(self._path, self._turn, self._fit)
        sizes = [(wire_bytes([content]), media_in(content)) for content in composed.contents]
        return _narrowed(self._fit, remedy, sizes)

    def _composed(self, options: Options | None = None) -> Request:
        composed = contents.compose(self._path, self._turn, self._fit, data=picture_of)
        request = Request(
            model=self._asking.model,
            contents=composed.contents,
            wish=composed.wish,
            read=self._read,
            earlier_wishes=composed.earlier_wishes,
            current=picture_of(composed.current) if composed.current else None,
            pictures=tuple(map(picture_of, composed.pictures)),
            options=options or self._asking.options(self._turn, composed, self._times),
        )
        if self._flat:
            request, self.unsaid = carried(request, self._fit.prompt_chars)
        return request


def picture_of(ref: MediaRef) -> Picture:
    """Return a stored picture as providers know it."""
    return Picture(
        sha256=ref.sha256,
        mime=ref.mime,
        size_bytes=ref.size_bytes,
        width_px=ref.width_px,
        height_px=ref.height_px,
    )


def _narrowed(fit: Fit, remedy: Remedy, sent: Sequence[tuple[int, Sequence[MediaRef]]]) -> Fit:
    """Return less than was ``sent``: what the refusal names, else half of it, and of pictures all but the largest."""
    refs = [ref for _, shown in sent for ref in shown]
    # Of what a request holds, pictures are most of the tokens.
    if remedy.field in (PICTURES, TOKENS, PROMPT):
        named = remedy.most if remedy.field == PICTURES else 0
        most = named if 0 < named < len(refs) else len(refs) // 2
        return replace(fit, max_images=max(1, most))
    if remedy.field == PICTURE_BYTES:
        largest = max(map(picture_bytes, refs), default=0)
        return replace(fit, picture_bytes=remedy.most if 0 < remedy.most < largest else largest - 1)
    size_bytes = sum(size for size, _ in sent)
    # Around the conversation stand a few settings and the operator's instruction.
    named = remedy.most - remedy.most // 100
    return replace(fit, budget_bytes=named if 0 < named < size_bytes else size_bytes // 2)
