"""The person API: what people do in the emulated Telegram, over HTTP."""
