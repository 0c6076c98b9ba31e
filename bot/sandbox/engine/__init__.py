"""The offline engine: a stand-in for an image model that needs no key and no network.

Read ``routes`` for its HTTP face, ``wire`` for the Gemini form, ``conversation`` for what a wish means after earlier
ones, ``parser`` for the words, ``vocabulary`` for what it can do, ``drift`` for how it plays a real model. Imports
nothing of the bot's; Pillow and numpy only.
"""
