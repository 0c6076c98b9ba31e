"""From bytes to pixels and back: decoded, made smaller, encoded anew, fit for a provider or Telegram."""
