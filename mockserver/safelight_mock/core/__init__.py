"""Jobs and time, without I/O, clock or chance."""
