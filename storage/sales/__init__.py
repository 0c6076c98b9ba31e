"""Payments in Telegram Stars, as they enter the books."""
