"""Sections of docs/benchmarks.md that can be made anew by themselves. Pure."""


def with_section(page: str, section: str) -> str:
    """The page with this section, which begins with its title, in place of the older one or at the end."""
    title = section.partition("\n")[0]
    before, found, rest = page.partition(f"{title}\n")
    after = rest.partition("\n## ") if found else ("", "", "")
    tail = f"\n## {after[2]}" if after[1] else ""
    return f"{before.rstrip()}\n\n{section.rstrip()}\n{tail}"
