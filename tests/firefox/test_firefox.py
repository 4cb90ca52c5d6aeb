"""What engines do each in their own way: scroll anchoring, focus, selection, and the way back after a fall."""

import pytest

from tests import processes
from tests.firefox.bidi import Tab

TOP = "(id) => document.getElementById(`p-${id}`).getBoundingClientRect().top"
#: The page has all up to this sequence, and has drawn it.
DRAWN = """async (sequence) => {
    if (Number(document.getElementById("live").dataset.sequence) < sequence) return false;
    for (const _frame of "ab") await new Promise(requestAnimationFrame);
    return true;
}"""
POSTS = """() => [...document.querySelectorAll("#posts [data-post]")]
    .map(({ dataset }) => [dataset.post, dataset.order, dataset.version])"""
WAITING = """(text) => {
    const { hidden, textContent } = document.getElementById("pill");
    return !hidden && textContent.includes(text);
}"""


def scroll_to(tab: Tab, post: str) -> None:
    """Bring a post to where it would be read."""
    tab.run("(id) => scrollBy(0, document.getElementById(`p-${id}`).getBoundingClientRect().top - 90)", post)
    tab.run("async () => { for (const _frame of 'ab') await new Promise(requestAnimationFrame); }")


@pytest.mark.parametrize("anchoring", ["auto", "none"])
def test_r13_the_post_being_read_does_not_move(server: processes.Server, read, publish, anchoring: str):
    tab, posts = read(10)
    tab.run("(anchor) => { document.documentElement.style.overflowAnchor = anchor; }", anchoring)
    scroll_to(tab, posts[3])
    before = tab.run(TOP, posts[3])
    for verb, order in (
        ("publish", {"headline": "Waits"}),
        ("revise", {"post": posts[8], "headline": "Longer", "body": "Many more words. " * 90}),
        ("revise", {"post": posts[8], "headline": "Short again", "body": "Few words."}),
        ("withdraw", {"post": posts[7]}),
        ("remove", {"post": posts[6]}),
    ):
        done = server.pen(verb, **order)
        tab.until(DRAWN, done["sequence"])
        assert abs(tab.run(TOP, posts[3]) - before) <= 1, (verb, order)


def test_r15_the_pill_leads_to_the_first_new_post(read, publish):
    tab, _posts = read(6)
    new = publish("It goes well")
    tab.until(WAITING, "1 new update")
    assert tab.run("(id) => document.getElementById(`p-${id}`)", new) is None
    tab.click("#pill")
    assert tab.until("() => document.activeElement.closest('[data-post]')?.dataset.post") == new
    assert tab.run("() => document.activeElement.localName") == "h3"
    assert 0 <= tab.run(TOP, new) < 700
    assert tab.run("() => document.querySelector('#posts > .since').textContent").startswith("New since")
    assert tab.run("() => document.getElementById('pill').hidden")


def test_r17_an_edit_in_view_leaves_selection_and_focus_alone(server: processes.Server, read):
    tab, posts = read(6)
    tab.run(
        """(id) => {
            const heading = document.getElementById(`h-${id}`);
            heading.tabIndex = -1;
            heading.focus();
            getSelection().selectAllChildren(document.querySelector(`#p-${id} .words p`));
            window.kept = [heading, getSelection().anchorNode];
        }""",
        posts[-1],
    )
    body = "The presidents are on the line, and both sides say so. " * 8
    done = server.pen("revise", post=posts[-1], headline="Better said", body=body)
    tab.until(DRAWN, done["sequence"])
    assert tab.run("() => kept.every((node) => node.isConnected)")
    assert tab.run("() => [kept[0].textContent, document.activeElement === kept[0]]") == ["Better said", True]
    assert tab.run("() => getSelection().toString()").startswith("The presidents are on the line")


def test_r9_after_a_restart_of_the_server_the_page_is_as_a_fresh_one(server: processes.Server, read, publish, firefox):
    tab, posts = read(8)
    server.kill()
    server.restart()
    server.pen("revise", post=posts[2], headline="Said otherwise")
    server.pen("withdraw", post=posts[4])
    publish("After the fall")
    tab.until(WAITING, "1 new update")
    tab.click("#pill")
    sequence = server.pen("move", post=posts[5], seconds=-1)["sequence"]
    tab.run("() => scrollTo(0, document.body.scrollHeight)")
    tab.until(DRAWN, sequence)
    fresh = firefox.open(f"{server.url}/events/call/")
    canonical = fresh.run(POSTS)
    fresh.close()
    tab.until(f"(wanted) => JSON.stringify(({POSTS})().slice(0, wanted.length)) === JSON.stringify(wanted)", canonical)
