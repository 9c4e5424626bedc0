"""Sleeps of the program under test, which pass on the clock of the test.

Which module to open:

- `sleep_schedule`: who sleeps until when, in threads and tasks; who wakes next, and when
- `idle_threads`: whether every other thread waits
- `loop_timers`: timers of event loops, which fall due between sleeps
- `clock_functions`: `time.sleep`, `asyncio.sleep` and the clocks, as they are while sleeps pass
- `exempt_modules`: the modules whose sleeps and clocks stay real
"""
