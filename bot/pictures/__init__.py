"""Pictures as bytes: looked at without trust, made fit without loss, drawn into boards.

Reads in the order ``sniff`` (what is it), ``inspect`` (how big, which way up), ``prepare`` (what a provider gets),
``telegram_fit`` (what Telegram takes). What a person sends and what a provider answers is judged by the same rules.
Imports nothing of ours. Everything is synchronous and pure; ``pool.off_loop`` runs it beside the event loop, and pixels
are held within one budget, ``pool.room_for``.

Most pictures go through by their structure alone, and Pillow takes 7 MB of memory. So only modules that decode or draw
import it, and the four above and ``draw`` import those when they are called, in the caller's thread.
"""
