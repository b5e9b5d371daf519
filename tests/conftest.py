"""What every test runs under: no example of Hypothesis has a deadline, because no test here is timed."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
