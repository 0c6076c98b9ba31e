"""Guests, about whom an owner decides: asks the owners, and carries out what they decide."""
