"""What a group used, and what its admins chose, counts in the supergroup that it becomes."""

from __future__ import annotations

from pathlib import Path

from tests.dialogues.limits.test_limits import BOT, limited


async def test_a_supergroup_has_what_its_group_had_left(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_group="5/day") as talk:
        group = await talk.telegram.group()
        await group.answer()
        await group.say("/limit 2/day")
        await group.answer()
        await group.say(f"/edit{BOT} a boat")
        assert "last one" not in (await group.answer()).words
        supergroup = await group.upgrade()
        await supergroup.say(f"/edit{BOT} a gull")
        assert "That was the last one for this group today; 2 more" in (await supergroup.answer()).words
        await supergroup.say("/usage")
        assert "Left for this group today: 0 pictures of 2" in (await supergroup.answer()).words
