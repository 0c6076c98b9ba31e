"""Known models, assumptions about unknown ones, and answers as stored bytes."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.base import Answer, Capabilities
from bot.providers.calls.raw_answer import dump, load
from bot.providers.catalog import GEMINI, ONEMIN, OPENROUTER, RELAY, VERTEX, cautious, expected_usd, image_tokens
from bot.providers.config import Kind
from bot.providers.dialects.aimlapi_models import AIMLAPI, row_of
from bot.providers.factory import KINDS, NAMES, ProviderConfig, build
from bot.settings.fields import PROVIDERS
from bot.settings.settings import Settings

# US dollars for one picture at 1K, from the vendor's price list.
LIST_PRICES = {
    "gemini-2.5-flash-image": "0.039",
    "gemini-3-pro-image": "0.134",
    "gemini-3.1-flash-image": "0.067",
    "gemini-3.1-flash-lite-image": "0.0336",
    "gemini-nano-banana-2.1": "0.0336",
}


def test_prices_by_token_give_the_list_prices_by_picture() -> None:
    assert {row.model for row in VERTEX} == set(LIST_PRICES)
    for row in VERTEX:
        assert row.price.image_per_mtok is not None
        by_token = row.price.image_per_mtok * image_tokens(row.model) / 1_000_000
        assert abs(by_token - Decimal(LIST_PRICES[row.model])) < Decimal("0.0005")


def test_rows_are_consistent() -> None:
    for rows in (GEMINI, VERTEX, RELAY, AIMLAPI, ONEMIN, OPENROUTER):
        assert len({row.model for row in rows}) == len(rows)
        assert len({row.label for row in rows}) == len(rows)
        for row in rows:
            assert row.max_images > 0
            assert row.max_count >= 1
            assert "image/jpeg" in row.input_mimes
            assert "image/gif" not in row.input_mimes


def test_size_lists_follow_the_vendor() -> None:
    sizes = {row.model: row.sizes for row in VERTEX}
    assert sizes["gemini-2.5-flash-image"] == ()
    assert "512" in sizes["gemini-3.1-flash-image"]
    assert "512" not in sizes["gemini-nano-banana-2.1"]


def test_what_is_advised_is_no_limit() -> None:
    """ "For best results" Google advises three new pictures for 2.5, and refuses none; the others take fourteen."""
    limits = {row.model: (row.max_images, row.advised_images) for row in GEMINI}
    assert limits.pop("gemini-2.5-flash-image") == (127, 3)
    assert set(limits.values()) == {(14, 0)}


@pytest.mark.parametrize("name", NAMES)
async def test_the_configured_model_comes_first(name: str) -> None:
    provider = build(name, ProviderConfig(model="maker/x", max_request_bytes=5_000_000))
    rows = provider.models()
    await provider.aclose()
    assert rows[0].model == "maker/x"
    assert len({row.model for row in rows}) == len(rows) > 3
    assert all(row.max_request_bytes == 5_000_000 for row in rows)
    assert provider.name == name
    assert provider.maker.startswith(f"{name}:")


@pytest.mark.parametrize(
    ("name", "model", "images", "signatures"),
    [
        ("gemini", "gemini-2.5-flash-image-exp", 127, False),
        ("gemini", "gemini-3-pro-image-2027", 14, True),
        ("gemini", "gemini-3.5-flash-image", 14, True),
        ("gemini", "gemini-nano-banana-3", 14, True),
        ("gemini", "something-else", 14, True),
        ("tokaify", "gemini-3.5-flash-image", 14, True),
        ("openrouter", "google/gemini-3.5-flash-image", 14, False),
        ("aimlapi", "maker/new", 3, False),
        ("onemin", "maker/new", 3, False),
    ],
)
async def test_of_an_unknown_id_only_the_safe_is_assumed(name: str, model: str, images: int, signatures: bool) -> None:
    provider = build(name, ProviderConfig())
    row = provider.capabilities(model)
    await provider.aclose()
    assert (row.model, row.label) == (model, model)
    assert (row.max_images, row.signatures) == (images, signatures)
    assert (row.sizes, row.system, row.search, row.max_count) == ((), False, False, 1)
    assert row.price.image_per_mtok is None
    assert row.price.per_picture is None


@given(
    st.integers(100, 599),
    st.text(max_size=40),
    st.binary(max_size=500),
    st.none() | st.floats(0, 1e6, allow_nan=False),
)
def test_an_answer_survives_storage(status: int, kind: str, body: bytes, delay_s: float | None) -> None:
    answer = Answer(status=status, content_type=kind, body=body, retry_after_s=delay_s)
    stored = dump(answer, "1 2.5")
    assert load(stored, "1 2.5") == answer
    assert len(stored) < len(body) + 400


@given(st.binary(max_size=60), st.integers(0, 60))
def test_a_damaged_store_is_a_value_error(noise: bytes, cut: int) -> None:
    whole = dump(Answer(status=200, content_type="application/json", body=b"{}" * 20), "1 2.5")
    for data in (noise, whole[:cut], whole + b"x", b"[]\n" + noise, b"3\n", b"null\n"):
        with pytest.raises(ValueError, match="the stored answer"):
            load(data, "1 2.5")


def test_an_answer_says_what_it_is_the_answer_to() -> None:
    """One that an earlier version kept says nothing, and is taken."""
    answer = Answer(status=200, content_type="application/json", body=b"{}")
    stored = dump(answer, "1 2.5")
    with pytest.raises(ValueError, match="another turn"):
        load(stored, "1 3.5")
    assert load(stored.replace(b'"of":"1 2.5",', b""), "1 3.5") == answer


def test_what_google_shut_down_is_offered_where_it_goes_on() -> None:
    """gemini-3.1-flash-image ended at the Developer API on 29 October 2026, and not at Vertex AI or at relays."""
    rows = {name: build(name, ProviderConfig()).models() for name in NAMES}
    assert "gemini-3.1-flash-image" not in [row.model for row in rows["gemini"]]
    assert "gemini-3.1-flash-image" in [row.model for row in rows["tokaify"]]
    assert "google/gemini-3.1-flash-image" in [row.model for row in rows["openrouter"]]
    vertex = build("gemini", ProviderConfig(base_url="https://aiplatform.googleapis.com"))
    assert "gemini-3.1-flash-image" in [row.model for row in vertex.models()]


def test_lite_s_own_words_and_what_it_reads_cost_something() -> None:
    """US$0.25 and 1.50 for a million tokens (litellm, model_prices_and_context_window.json)."""
    (lite,) = (row for row in GEMINI if row.model.endswith("lite-image"))
    assert (lite.price.input_per_mtok, lite.price.text_per_mtok) == (Decimal("0.25"), Decimal("1.50"))


def test_the_alias_of_pro_has_the_shapes_of_pro() -> None:
    assert "8:1" not in cautious("nano-banana-pro-preview", GEMINI).ratios
    assert "8:1" in cautious("gemini-nano-banana-3", GEMINI).ratios


@pytest.mark.parametrize(
    ("rows", "model", "successor"),
    [
        (GEMINI, "gemini-2.5-flash-image", "gemini-nano-banana-2.1"),
        (GEMINI, "gemini-nano-banana-2.1", "gemini-3.1-flash-lite-image"),
        (GEMINI, "gemini-3.1-flash-lite-image", ""),
        (GEMINI, "gemini-2.5-flash-image-preview", "gemini-2.5-flash-image"),
        (GEMINI, "gemini-3.1-flash-image", "gemini-nano-banana-2.1"),
        (GEMINI, "gemini-3.1-flash-image-preview", "gemini-nano-banana-2.1"),
        (GEMINI, "gemini-3-pro-image-preview", "gemini-3-pro-image"),
        (RELAY, "gemini-3.1-flash-image-preview", "gemini-3.1-flash-image"),
        (OPENROUTER, "google/gemini-2.5-flash-image", "google/gemini-nano-banana-2.1"),
        (OPENROUTER, "google/gemini-2.5-flash-image-preview", "google/gemini-2.5-flash-image"),
        (GEMINI, "something-else", ""),
        (AIMLAPI, "maker/new", ""),
    ],
)
def test_a_model_that_may_end_names_its_successor(rows: tuple[Capabilities, ...], model: str, successor: str) -> None:
    assert cautious(model, rows).successor == successor


def test_who_follows_is_a_model_that_is_there() -> None:
    for rows in (GEMINI, VERTEX, RELAY):
        assert {row.successor for row in rows} - {""} <= {row.model for row in rows}


def test_the_longest_prompt_is_what_the_schemas_say() -> None:
    """github.com/aimlapi/api-docs: ``maxLength`` of ``prompt``; Google's conversational models have none."""
    assert {row.max_prompt_chars for row in (*AIMLAPI, *ONEMIN)} == {0}
    known = {"google/imagen-4.0-generate-001": 400, "alibaba/qwen-image-3-edit": 800, "openai/gpt-image-2": 32_000}
    assert {model: row_of(model, model, model).max_prompt_chars for model in known} == known
    both = row_of("google/gemini-2.5-flash-image", "", "reve/edit-image")
    assert both.max_prompt_chars == 2560


@pytest.mark.parametrize("kind", [kind for kind, _ in KINDS], ids=lambda kind: kind.name)
def test_settings_offer_what_the_registry_holds(kind: Kind) -> None:
    account = Settings(_env_file=None).account(kind.name)
    assert [kind.name for kind, _ in KINDS] == list(PROVIDERS)
    assert (account.base_url, account.model) == (kind.address, kind.models[0].model)


def test_the_page_says_what_the_code_knows() -> None:
    """docs/providers.md, its first table."""
    lines = (Path(__file__).parents[2] / "docs/providers.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    start = next(place for place, row in enumerate(rows) if row[0] == "of the default model")
    table = {row[0]: row[1:-1] for row in rows[start : start + 9]}
    made = {kind.name: build(kind.name, ProviderConfig(base_url=kind.address, api_key="k")) for kind, _ in KINDS}
    made["own server"] = build("openai", ProviderConfig(base_url="http://gpu:1234/v1", model="my-model"))
    for column, name in enumerate(table["of the default model"]):
        able = made[name].models()[0]
        assert {row: cells[column] for row, cells in table.items() if row != "of the default model"} == {
            "conversation": "whole" if able.history else "folded",
            "pictures in a request": str(able.max_images),
            "shapes": str(len(able.ratios)),
            "sizes": ", ".join(able.sizes) or "–",
            "effort": ", ".join(able.thinking) or "–",
            "versions in one call": str(able.max_count),
            "price known": "yes" if expected_usd(able) is not None else "–",
            "works without a key": "yes" if made[name].is_home else "–",
        }
    assert {*table["of the default model"]} == {*made}
