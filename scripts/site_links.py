"""Links of the pages that leave docs/, for `make docs`: the site holds no copy of the repository.

Such a link becomes the name of the file, as code. A link to a file that is not there is an error.
"""

import os
import re
from pathlib import Path
from typing import Any

from mkdocs.exceptions import PluginError

ROOT = Path(__file__).resolve().parents[1]
LINK = re.compile(r"(?<!!)\[([^\]]+)\]\(((?:\.\./)+[^()\s#]*)(#[^()\s]*)?\)")


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Called by mkdocs with the text of each page."""
    folder = (ROOT / "docs" / page.file.src_uri).parent

    def named(link: re.Match) -> str:
        path = Path(os.path.normpath(folder / link[2]))
        if path.is_relative_to(ROOT / "docs"):
            return link[0]
        if not path.exists():
            raise PluginError(f"{page.file.src_uri} links to {link[2]}, which is not there")
        words, name = link[1].strip("`"), path.relative_to(ROOT).as_posix()
        return f"`{name}`" if words in (name, path.name) else f"{link[1]} (`{name}`)"

    return LINK.sub(named, markdown)
