"""Calls, replies and what a spec says of them, without sockets."""
