"""From bytes to pixels and back: decode, scale, encode, prepare for a provider or Telegram."""
