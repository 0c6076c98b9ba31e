"""People and groups as the bot's owners see them: whom they let in or keep out, and what each of them spent."""
