"""Wishes from elsewhere: where their answers go, copies that people keep, and what strangers lent."""
