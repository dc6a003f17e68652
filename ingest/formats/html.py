"""HTML pages: main content and metadata, found by trafilatura."""

from ingest.formats.source import Front, decode


def read(data: bytes) -> tuple[Front, str]:
    """Return title, author and publisher as front matter, and the main content as Markdown.

    Raises:
        ValueError: the page is no text, or holds no main content.
    """
    # Imported here because it takes half a second and few corpora hold HTML.
    from trafilatura import extract, extract_metadata

    page = decode(data)
    body = extract(
        page,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_images=False,
        include_links=False,
        deduplicate=False,
        favor_recall=True,
    )
    if not body:
        raise ValueError("no main content found in the HTML page")
    found = extract_metadata(page)
    front = {"title": found.title, "author": found.author, "publisher": found.sitename}
    return {key: value for key, value in front.items() if value}, body
