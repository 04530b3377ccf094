"""Proactive discovery: whoever was found in need, and what became of them."""
