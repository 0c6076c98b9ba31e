"""Exports a conversation: original pictures, the tree, a page to read, and ``contents.json`` to replay.

Imports ``archive``, ``plan``, ``source`` and ``writing``. The size is known before any picture is read. The export is
written one picture at a time, in threads, to zips that can each be opened alone, or to a folder.
"""

from __future__ import annotations

from bot.turns.export.archive import Folder, Zip
from bot.turns.export.plan import Part
from bot.turns.export.source import Source
from bot.turns.export.writing import Export, plan_export

__all__ = ["Export", "Folder", "Part", "Source", "Zip", "plan_export"]
