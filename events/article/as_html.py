"""An article as html that any page can take: headings, paragraphs, quotations; no class, no style, no script."""

from html import escape as escaped

from events.article.blocks import Article, Block, What

#: Blocks that are one element around their text.
_ELEMENTS = {What.DAY: "h2", What.HEADLINE: "h3", What.BYLINE: "p"}


def escape(text: str) -> str:
    """Text for html, between tags or double quotes: an apostrophe is itself in either."""
    return escaped(text, quote=False).replace('"', "&quot;")


def html(article: Article) -> str:
    """Return the whole `<article>`, a line for each block."""
    lines = [
        f'<article lang="{escape(article.language)}" dir="{article.direction}">',
        f"<h1>{escape(article.title)}</h1>",
    ]
    if article.standfirst:
        lines.append(f"<p>{escape(article.standfirst)}</p>")
    lines += [_block(block) for block in article.blocks]
    return "\n".join([*lines, "</article>\n"])


def document(article: Article, *, style: str = "") -> str:
    """Return a whole page that needs nothing beside itself; `style` is CSS of ours."""
    css = f"<style>\n{style.strip()}\n</style>\n" if style else ""
    return (
        f'<!doctype html>\n<html lang="{escape(article.language)}" dir="{article.direction}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(article.title)}</title>\n{css}</head>\n<body>\n{html(article)}</body>\n</html>\n"
    )


def _block(block: Block) -> str:
    text = escape(block.text)
    if block.what is What.WORDS:
        # Cleaned when it was stored.
        return block.text
    if block.what is What.BREAK:
        return "<hr>"
    if block.what is What.TIME:
        kind = f" · {escape(block.label)}" if block.label else ""
        return f'<p><small><time datetime="{escape(block.mark)}">{text}</time>{kind}</small></p>'
    if block.what is What.QUOTE:
        return _quotation(block)
    if block.what is What.PICTURE:
        return _picture(block)
    if block.what is What.SOURCE:
        return f"<p><small>{_linked(text, block.link)}</small></p>"
    if block.what in (What.NOTE, What.FACT):
        label = f"<strong>{escape(block.label)}</strong>" if block.label else ""
        return f"<p>{' '.join(part for part in (label, text) if part)}</p>"
    element = _ELEMENTS[block.what]
    return f"<{element}>{text}</{element}>"


def _quotation(block: Block) -> str:
    language = f' lang="{escape(block.mark)}"' if block.mark else ""
    lines = "<br>".join(escape(line) for line in block.text.splitlines())
    cite = _linked(escape(block.cite), block.link)
    return f"<figure><blockquote{language}><p>{lines}</p></blockquote><figcaption>{cite}</figcaption></figure>"


def _picture(block: Block) -> str:
    width, height = block.mark.split("x")
    image = f'<img src="{escape(block.link)}" width="{width}" height="{height}" alt="{escape(block.text)}">'
    return f"<figure>{image}{f'<figcaption>{escape(block.cite)}</figcaption>' if block.cite else ''}</figure>"


def _linked(text: str, link: str) -> str:
    return f'<a href="{escape(link)}" rel="noopener nofollow">{text}</a>' if link else text
