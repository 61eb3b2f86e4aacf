"""What a look at a line leaves open, for whoever may want a second opinion of another method."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LineLook:
    """Of both directions together; None = it cannot say.

    low          far below the contract
    unsaturated  no limit was met that a train can tell: the line may be faster, or a policer lets bursts pass
    contended    the office itself used a notable share of the line meanwhile
    """

    low: bool | None = None
    unsaturated: bool = False
    contended: bool | None = None
