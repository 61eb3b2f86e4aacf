"""Problem: one finding about a file that a person wrote, in a form that leads them to the line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """`inventory/04/links.yml:42 links[3].contract.down: '10O' is not a number (hint: ...)`."""

    where: str
    path: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.where} {self.path}" if self.path else self.where
        return f"{place}: {self.message}" + (f" (hint: {self.hint})" if self.hint else "")


class DecodeError(Exception):
    """A file was refused. Carries every problem found in it, not only the first."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems
