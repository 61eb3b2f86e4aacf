"""When everything that was measured truly was, whatever the machine's clock said. Pure.

A sample leaves only with a time that somebody vouches for. Of a boot of which nobody told the time in its own life, the
wall clock is believed if it came from a clock with a battery, and fits between the boots before and after. Else its
samples are kept and never sent: at a wrong time they would be a lie, and one from the future harms everybody.
"""

from dataclasses import dataclass, replace
from enum import Enum

from agent.buffer.scrape import Stamp
from agent.uplink.course import Course

BOOTS = 64  # that are remembered
NETWORK_TIME = 100  # the rank of the network time service; receivers have 0 and on


class Unknown(Enum):
    """Why something has no time."""

    NOT_YET = "not_yet"
    NEVER = "clock_unknown"  # nobody told the time in that boot, and its clock cannot be believed
    TAKEN = "time_taken"  # a clock was put back: something else has left with that time


@dataclass(frozen=True, slots=True)
class Timeline:
    """The boots of the machine, in their order; the last one runs."""

    courses: tuple[Course, ...] = ()

    def begun(self, stamp: Stamp, battery: bool, newest: Stamp | None) -> "Timeline":
        """The agent starts. `newest`: of the newest scrape from before; `battery`: a clock with one tells the same.

        Whatever was told of this boot before may have been used up to now.
        """
        courses = self.courses
        if newest and courses and courses[-1].boot == newest.boot:
            courses = (*courses[:-1], replace(courses[-1], ended=max(courses[-1].begun, newest.monotonic)))
        if courses and courses[-1].boot == stamp.boot:
            same = courses[-1]
            return Timeline((*courses[:-1], replace(same, ended=None, fixed=stamp.monotonic if same.knots else -1.0)))
        courses = tuple(replace(one, ended=one.begun if one.ended is None else one.ended) for one in courses)
        offset = stamp.wall - stamp.monotonic if battery else None
        return Timeline((*courses, Course(stamp.boot, stamp.monotonic, battery=offset))[-BOOTS:])

    @property
    def running(self) -> Course:
        return self.courses[-1]

    def heard(self, time: float, rank: int, at: float, late: float = 0.0) -> "Timeline":
        """Somebody tells the time of this second of the running boot; he may have done so up to `late` seconds ago."""
        return self._with(self.running.heard(time - at, rank, at, late))

    def left(self, stamp: Stamp) -> "Timeline":
        """Something of this moment is about to leave: its time holds for good."""
        if stamp.boot != self.running.boot or stamp.monotonic <= self.running.fixed:
            return self
        return self._with(replace(self.running, fixed=stamp.monotonic))

    def _with(self, course: Course) -> "Timeline":
        return self if course == self.running else Timeline((*self.courses[:-1], course))

    def skew(self, wall: float, at: float) -> float | None:
        """How far the wall clock is ahead of the truth; None while that is not known."""
        return wall - self.running.time(at) if self.courses and self.running.knots else None

    def time(self, stamp: Stamp) -> float | Unknown:
        """The Unix time of a moment."""
        for index, course in enumerate(self.courses):
            if course.boot == stamp.boot:
                return self._told(index, stamp) if course.knots else self._believed(index, stamp)
        return Unknown.NEVER

    def _told(self, index: int, stamp: Stamp) -> float | Unknown:
        course = self.courses[index]
        time = course.time(stamp.monotonic)
        earlier = (one.spans() for one in self.courses[:index] if one.knots)
        if course.stepped_back(stamp.monotonic) or any(first <= time <= last for first, last in earlier):
            return Unknown.TAKEN
        return time

    def _believed(self, index: int, stamp: Stamp) -> float | Unknown:
        """By the clock with a battery, once a later boot has been told the time."""
        course = self.courses[index]
        if course.ended is None:
            return Unknown.NOT_YET
        later = [one for one in self.courses[index + 1 :] if one.knots]
        if course.battery is None:
            return Unknown.NEVER
        if not later:
            return Unknown.NOT_YET
        first, last = course.begun + course.battery, course.ended + course.battery
        after = all(one.spans()[1] < first for one in self.courses[:index] if one.knots)
        before = all(last < one.spans()[0] for one in later)
        return stamp.monotonic + course.battery if after and before else Unknown.NEVER
