"""`python -m tests.render`: write the reference pages again."""

from tests.render import judged_pages, pages
from tests.tools.debian import CHECKOUT


def main() -> None:
    """Say which pages changed."""
    for path, text in {**pages(), **judged_pages()}.items():
        file = CHECKOUT / path
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            print(f"render: {path}")


if __name__ == "__main__":
    main()
