"""Only what was asked: the changed region of a model's answer goes back into the person's own picture.

The door is ``result.restore``; ``crop`` paints only the surroundings of a small pen mark. Models repaint the whole
frame, a little shifted, recoloured and at one or two megapixels. So the answer is aligned with the source
(``register``), its colours are matched (``tones``), what then still differs is what was changed (``changes``,
``regions``), ``verdict`` says whether that is an edit in place, and ``stitch`` puts that part alone into the source.

Everything is pure and deterministic. numpy takes 25 MB of memory, so only modules that ``result`` and ``crop`` import
inside functions import it.
"""
