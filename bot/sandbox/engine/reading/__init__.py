"""From a sentence and what was said before to a plan, and the words of the answer."""
