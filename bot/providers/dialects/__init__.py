"""One file for each provider that does not speak Gemini's dialect."""
