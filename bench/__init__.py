"""Honest measurements that anyone can make again; what they print is not committed."""
