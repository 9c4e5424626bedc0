"""How many examples Hypothesis tries: fewer for `make test-fast`; none are shrunk for `make mutmut`."""

from hypothesis import Phase, settings

settings.register_profile("fast", max_examples=20, deadline=None)
settings.register_profile("mutation", settings.get_profile("fast"), phases=[Phase.explicit, Phase.generate])
settings.register_profile("whole", deadline=None)
settings.load_profile("whole")
