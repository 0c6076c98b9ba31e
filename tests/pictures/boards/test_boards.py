"""Boards: every turn has its place, the pictures are legal for Telegram, and they look as they were approved."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bot.pictures.boards import canvas
from bot.pictures.boards.draw import compare, numbered, thumbnail, timelapse, tree_board
from bot.pictures.boards.film import Gif, has_video
from bot.pictures.boards.lettering import balanced, font, lettering, wrapped
from bot.pictures.boards.tree_layout import Tie, ancestors, arrange
from bot.pictures.boards.values import Animation, Frame, TreeNode
from bot.pictures.convert.telegram_fit import telegram_fit
from bot.pictures.formats.inspect import inspect
from tests.pictures.made import made, photo

GOLDEN = Path(__file__).parent / "golden"
WISH = "add the text HELLO at the top"


@st.composite
def forests(draw: st.DrawFn) -> dict[int, int | None]:
    size = draw(st.integers(1, 60))
    parents: dict[int, int | None] = {1: None}
    for key in range(2, size + 1):
        likely = draw(st.sampled_from([key - 1, key - 1, draw(st.integers(1, key - 1)), None]))
        parents[key] = likely
    return parents


@given(parents=forests(), columns=st.integers(1, 12), data=st.data())
def test_every_turn_has_a_cell_of_its_own_and_a_line_from_its_parent(
    parents: dict[int, int | None], columns: int, data: st.DataObject
) -> None:
    head = data.draw(st.sampled_from([None, *parents]))
    found = arrange(parents, head, columns)
    assert set(found.cells) == set(parents)
    assert len(set(found.cells.values())) == len(parents)
    assert max(column for _, column in found.cells.values()) + 1 == found.columns <= columns
    assert max(row for row, _ in found.cells.values()) + 1 == found.rows
    assert {link.child: link.parent for link in found.links} == {key: up for key, up in parents.items() if up}
    assert len(found.links) == len({link.child for link in found.links})
    path = ancestors(parents, head)
    for link in found.links:
        (parent_row, parent_column), (row, column) = found.cells[link.parent], found.cells[link.child]
        if link.tie is Tie.NEXT:
            assert (row, column) == (parent_row, parent_column + 1)
        else:
            assert row > parent_row
        if {link.parent, link.child} <= path:
            assert link.tie is not Tie.BRANCH


def test_a_line_reads_like_a_page() -> None:
    found = arrange({1: None, 2: 1, 3: 2, 4: 3, 5: 4}, 5, 2)
    assert found.cells == {1: (0, 0), 2: (0, 1), 3: (1, 0), 4: (1, 1), 5: (2, 0)}


def test_short_trees_share_a_row() -> None:
    found = arrange({1: None, 2: 1, 3: None, 4: None, 5: 4}, None, 5)
    assert {row for row, _ in found.cells.values()} == {0}


def nodes(count: int, *, branch_every: int = 0) -> list[TreeNode]:
    """Return a line of turns with failures, words and branches in between, and pictures of two shapes."""
    pictures = [made("JPEG", photo(300, 200, seed=n)) for n in range(3)]
    pictures.append(made("JPEG", ImageOps.grayscale(photo(200, 300)).convert("RGB")))
    result, last = [], None
    for number in range(1, count + 1):
        parent = number // 2 if branch_every and number % branch_every == 0 else last
        failed, words = number % 9 == 5, "What colour should the sky have?" if number % 7 == 4 else ""
        result.append(
            TreeNode(
                number=number,
                parent=parent,
                picture=None if failed or words else pictures[number % 4],
                label="сделай небо темнее" if number % 3 else WISH,
                words=words,
                failed=failed,
            )
        )
        last = last if failed else number
    return result


@pytest.mark.parametrize(("count", "branch_every"), [(1, 0), (2, 0), (12, 5), (80, 0), (80, 4), (200, 3)])
def test_a_tree_of_any_size_is_a_legal_photo(count: int, branch_every: int) -> None:
    info = inspect(tree_board(nodes(count, branch_every=branch_every), count))
    assert telegram_fit(info).send_as == "photo"
    assert info.mime == "image/jpeg"
    assert 0.3 < info.width_px / info.height_px < 3
    assert max(info.width_px, info.height_px) <= 2400


def accents(data: bytes) -> np.ndarray:
    """Return where a board has the colour of the head and of the way to it."""
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)
    return np.abs(pixels - np.array(canvas.ACCENT)).max(axis=-1) < 12


def test_the_head_is_marked_and_nothing_else() -> None:
    grey = made("PNG", ImageOps.grayscale(photo(300, 200)).convert("RGB"))
    tree = [TreeNode(number=n, parent=n - 1 or None, picture=grey) for n in range(1, 5)]
    assert not accents(tree_board(tree, None)).any()
    marked = accents(tree_board([tree[0], *(TreeNode(number=n, parent=1, picture=grey) for n in range(2, 5))], 3))
    plain = accents(tree_board(tree, 1))
    assert plain.any()
    assert marked.sum() > plain.sum(), "the line to the head is marked too"


def test_a_broken_picture_does_not_hide_the_tree() -> None:
    broken = TreeNode(number=2, parent=1, picture=b"not a picture")
    assert inspect(tree_board([*nodes(1), broken], 1)).mime == "image/jpeg"


def _grain(width_px: int, height_px: int) -> bytes:
    """Return a picture of which a JPEG takes more than two bytes a pixel."""
    noise = np.random.default_rng(1).integers(0, 256, (height_px, width_px, 3), dtype=np.uint8)
    return made("PNG", Image.fromarray(noise))


def test_a_picture_of_pure_grain_can_be_drawn_like_any_other() -> None:
    """The smallest files of it do not fit into the buffer that Pillow gives libjpeg for them."""
    grain = _grain(900, 600)
    tree = [TreeNode(number=1, parent=None, picture=grain), TreeNode(number=2, parent=1, picture=thumbnail(grain, 400))]
    for board in (tree_board(tree, 2), compare(grain, grain, ("Before", "After")), numbered(grain, 1)):
        assert inspect(board).mime == "image/jpeg"
        Image.open(io.BytesIO(board)).load()


def test_a_tree_without_turns_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="without turns"):
        tree_board([], None)


@pytest.mark.parametrize(("name", "count", "branch_every"), [("one", 1, 0), ("twelve", 12, 5), ("eighty", 80, 6)])
def test_boards_look_as_they_were_approved(name: str, count: int, branch_every: int) -> None:
    drawn = Image.open(io.BytesIO(tree_board(nodes(count, branch_every=branch_every), count - 1 or 1)))
    approved = Image.open(GOLDEN / f"tree-{name}.png").convert("RGB")
    assert abs(drawn.width / drawn.height - approved.width / approved.height) < 0.01
    small = drawn.convert("RGB").resize(approved.size, Image.Resampling.LANCZOS)
    difference = np.abs(np.asarray(small, dtype=int) - np.asarray(approved, dtype=int))
    assert difference.mean() < 2.0
    assert (difference.max(axis=-1) > 60).mean() < 0.004


@pytest.mark.parametrize("shapes", [((300, 200), (600, 400)), ((200, 300), (800, 100)), ((4000, 200), (30, 900))])
def test_before_and_after_have_one_height(shapes: tuple[tuple[int, int], tuple[int, int]]) -> None:
    first, second = (made("JPEG", photo(*shape)) for shape in shapes)
    data = compare(first, second, ("Before", "После"))
    info = inspect(data)
    assert telegram_fit(info).send_as == "photo"
    expected = min(18, sum(width / height for width, height in shapes))
    assert info.width_px / info.height_px == pytest.approx(expected, rel=0.05)
    assert data != compare(first, second, ("", ""))


SHAPES = [(1024, 1024), (1536, 1024), (1024, 1536), (2560, 1440), (300, 200)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("label", ["Before", "make it black and white and a little warmer"])
def test_labels_of_before_and_after_can_be_read_on_a_phone(shape: tuple[int, int], label: str) -> None:
    """It shows a photo about 390 px wide. There the line of a label is at least 18 px high, its letters 12."""
    first, second = (made("JPEG", photo(*shape, seed=n)) for n in range(2))
    bare, labelled = (opened(compare(first, second, (words, words))) for words in ("", label))
    lettered = np.argwhere(np.abs(labelled - bare).max(axis=-1) > 60)
    (top, left), (bottom, right) = lettered.min(axis=0), lettered.max(axis=0)
    height, width = bare.shape[:2]
    assert (bottom - top) / width * 390 >= 16
    assert bottom < height - 1
    assert left > 0
    assert right < width - 1


def opened(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), dtype=int)


STEPS = [Frame(data=made("PNG", photo(320, 240, seed=n)), caption=WISH if n else "") for n in range(3)]
STEPS.append(Frame(data=made("JPEG", photo(121, 301)), caption="сделай небо темнее и добавь звёзды"))
STEPS.append(Frame(data=made("WEBP", ImageOps.invert(photo(321, 241)))))


def filmed(frames: list[Frame], size_px: tuple[int, int] = (320, 240)) -> Animation:
    film = timelapse(len(frames), *size_px)
    try:
        for frame in frames:
            film.add(frame)
        return film.end()
    finally:
        film.close()


def test_the_way_becomes_an_animation() -> None:
    animation = filmed(STEPS, (321, 241))
    assert animation.mime == ("video/mp4" if has_video() else "image/gif")
    assert (animation.width_px, animation.height_px) == (320, 240)
    assert 8 < animation.duration_s < 12
    first, last = ends(animation)
    assert np.abs(first - np.asarray(photo(320, 240, seed=0), dtype=int))[:180].mean() < 12
    assert np.abs(last - np.asarray(ImageOps.invert(photo(321, 241)).resize((320, 240)), dtype=int))[:180].mean() < 12


def ends(animation: Animation) -> tuple[np.ndarray, np.ndarray]:
    """Return the first and the last picture of an animation."""
    if animation.mime == "image/gif":
        film = Image.open(io.BytesIO(animation.data))
        first = np.asarray(film.convert("RGB"), dtype=int)
        film.seek(film.n_frames - 1)
        return first, np.asarray(film.convert("RGB"), dtype=int)
    import av

    with av.open(io.BytesIO(animation.data)) as film:
        assert [(stream.type, stream.codec_context.name) for stream in film.streams] == [("video", "h264")]
        assert film.streams.video[0].codec_context.pix_fmt == "yuv420p"
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert animation.data.index(b"moov") < animation.data.index(b"mdat"), "plays while it loads"
    return pictures[0].astype(int), pictures[-1].astype(int)


def test_without_a_video_encoder_it_is_a_gif() -> None:
    film = Gif()
    for number, seconds in enumerate([0.5, 0.5, 2]):
        film.show(photo(64, 48, seed=number), seconds)
    animation = film.end()
    first, last = ends(animation)
    assert animation.duration_s == 3
    assert np.abs(first - np.asarray(photo(64, 48, seed=0), dtype=int)).mean() < 10
    assert np.abs(last - np.asarray(photo(64, 48, seed=2), dtype=int)).mean() < 10


def test_eighty_steps_take_about_a_minute_at_most() -> None:
    tiny = made("JPEG", photo(32, 32))
    assert filmed([Frame(data=tiny)] * 80, (32, 32)).duration_s < 64


def test_a_way_without_steps_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="without steps"):
        filmed([])


def test_words_are_cut_to_lines() -> None:
    face = font(20)
    lines = wrapped("one two three four five six seven", face, 90, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(face.getlength(line) <= 90 for line in lines)
    assert balanced("add the text HELLO at the top", face, 250, 2) == ["add the text", "HELLO at the top"]
    assert wrapped("Donaudampfschifffahrt", face, 90, 9)[0].startswith("Donau")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("Hello  мир\nΩ", "Hello мир Ω"), ("🙂 funnier!", "funnier!"), ("", ""), ("𓀀𓀁𓀂", ""), ("São Tomé", "São Tomé")],
)
def test_only_what_the_font_has_is_written(text: str, shown: str) -> None:
    assert lettering(text, 20)[0] == shown
