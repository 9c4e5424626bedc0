"""How much the unit tests try: fewer examples for `make test-fast`."""

from hypothesis import settings

settings.register_profile("fast", max_examples=20, deadline=None)
settings.register_profile("whole", deadline=None)
settings.load_profile("whole")
