"""What goes wrong in the lab and is worth telling a person."""


class LabError(Exception):
    """The lab cannot do what it was asked for. The text says why, and what to do next."""
