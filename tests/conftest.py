"""What holds for every test."""

from hypothesis import settings

# Two shared cores decide how long an example takes, not our code; CI must not fail by chance.
settings.register_profile("communewatch", deadline=None, derandomize=True, print_blob=True)
# For a look after each change; the whole suite tries the full number.
settings.register_profile("quick", settings.get_profile("communewatch"), max_examples=20)
settings.load_profile("communewatch")
