"""What holds for every test."""

from hypothesis import settings

# Two shared cores decide how long an example takes, not our code; CI must not fail by chance.
settings.register_profile("communewatch", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("communewatch")
