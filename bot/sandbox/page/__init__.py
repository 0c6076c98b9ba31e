"""The browser chat of the sandbox: static files and the routes that serve them.

Imports Starlette only. It never talks to the bot: everything that the page does goes over HTTP to the person API.
"""
