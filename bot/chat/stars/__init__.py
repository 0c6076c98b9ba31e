"""Selling pictures for Telegram Stars (core.telegram.org/bots/payments-stars)."""
