"""Who may use the bot, and how much. Plain ids and numbers go in; knows neither Telegram nor SQL."""
