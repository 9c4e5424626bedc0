"""The shells around the twin: sockets, transports, files, the command."""
