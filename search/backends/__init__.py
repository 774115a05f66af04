"""Engines behind one protocol; nothing else imports them."""
