"""What every test runs under: no deadline for Hypothesis, because no test is timed, and no net under the custody room."""

from hypothesis import settings

import nets

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
nets.take_away()
