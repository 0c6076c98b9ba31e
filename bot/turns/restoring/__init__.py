"""Restored pictures of answers: what the model changed alone, in the picture that was to be edited.

``restoring`` is the entry point; ``sources`` says which picture an answer edits, ``making`` does the work of pixels.
"""
