"""Pictures as bytes: checked without trust, converted without loss, drawn into boards.

To read in this order: ``sniff`` (what is it), ``inspect`` (size and orientation), ``prepare`` (for a provider),
``telegram_fit`` (for Telegram). The same rules apply to pictures of people and of providers. Imports nothing of ours.
Everything is synchronous and pure; ``threads.off_loop`` runs it in a thread, and ``threads.room_for`` bounds the memory
for pixels.

Most pictures are handled by their structure alone, and Pillow takes 7 MB of memory. So only modules that decode or draw
import Pillow, and the four above and ``draw`` import those modules inside functions.
"""
