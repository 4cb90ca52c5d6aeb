"""The reader's page over a real server and a real database."""

import time

from playwright.sync_api import Browser, Page, expect

from tests import processes
from tests.browser.newsroom import Line, Publish


def top(page: Page, post: str) -> float:
    return page.locator(f"#p-{post}").evaluate("post => post.getBoundingClientRect().top")


def read(page: Page, post: str) -> None:
    page.evaluate("id => scrollBy(0, document.getElementById(id).getBoundingClientRect().top - 90)", f"p-{post}")
    page.wait_for_timeout(250)


def test_r7_a_post_waits_within_a_second_and_a_tap_shows_it(live, publish: Publish, page: Page):
    began = time.monotonic()
    new = publish("It goes well")
    expect(page.locator("#pill")).to_contain_text("1 new update", timeout=1500)
    assert time.monotonic() - began < 1.5
    assert page.locator(f"#p-{new}").count() == 0
    page.locator("#pill").click()
    expect(page.locator(f"#h-{new}")).to_be_focused()
    expect(page.locator(f"#h-{new}")).to_be_in_viewport()
    expect(page.locator("#posts > .since")).to_contain_text("New since")
    expect(page.locator("#pill")).to_be_hidden()


def test_the_first_post_comes_to_an_empty_page_by_itself(server: processes.Server, publish: Publish, page: Page):
    page.goto(f"{server.url}/events/call/")
    expect(page.locator("#empty")).to_be_visible()
    first = publish("It has begun")
    expect(page.locator(f"#h-{first}")).to_be_visible()
    expect(page.locator("#empty")).to_be_hidden()
    expect(page.locator("#pill")).to_be_hidden()
    # The next one waits: there is something to be read by now.
    publish("It goes on")
    expect(page.locator("#pill")).to_have_text("1 new update")
    expect(page.locator("#posts article")).to_have_count(1)


def test_background_waits_without_a_number(live, publish: Publish, page: Page):
    publish("What came before", kind="background")
    expect(page.locator("#pill")).to_be_visible()
    assert not any(char.isdigit() for char in page.locator("#pill").inner_text())


def test_r17_a_revise_is_made_in_place(live, server: processes.Server, page: Page):
    page.locator(f"#h-{live[-1]}").evaluate("heading => { window.kept = heading }")
    server.pen("revise", post=live[-1], headline="Better said", body="Better words.")
    expect(page.locator(f"#p-{live[-1]}")).to_contain_text("Better words.")
    assert page.evaluate("kept.isConnected && kept.textContent") == "Better said"


def test_r17_a_withdrawal_in_view_moves_nothing_and_takes_the_words(live, server: processes.Server, page: Page):
    read(page, live[6])
    below = top(page, live[5])
    server.pen("withdraw", post=live[6])
    expect(page.locator(f"#p-{live[6]}")).to_contain_text("This post was withdrawn.")
    assert "Post 7" not in page.locator("#posts").inner_text()
    assert abs(top(page, live[5]) - below) <= 1


def test_a_removal_leaves_no_trace(live, server: processes.Server, page: Page):
    server.pen("remove", post=live[6])
    expect(page.locator(f"#p-{live[6]}")).to_have_count(0)
    assert "Post 7" not in page.locator("#posts").inner_text()


#: What stands in the column, from the top, and whether a post's words are seen.
COLUMN = """all => all.map(({ className, dataset, children }) => [className.replace(' fresh', ''), dataset.post,
    [...children].some((one) => one.matches('.words') && one.checkVisibility())])"""


def column(page: Page) -> list[list[str]]:
    return page.locator("#posts > *").evaluate_all(COLUMN)


def test_r21_what_is_pinned_under_the_readers_eyes_is_a_line_as_soon_as_they_are_elsewhere(
    live, server: processes.Server, page: Page, browser: Browser
):
    read(page, live[4])
    before = top(page, live[4])
    server.pen("pin", post=live[4])
    expect(page.locator(".pinned")).to_be_attached()
    page.wait_for_timeout(300)
    expect(page.locator(f"#p-{live[4]} .words")).to_be_visible()
    assert abs(top(page, live[4]) - before) <= 1
    page.locator(f"#p-{live[0]}").evaluate("post => scrollBy(0, post.getBoundingClientRect().top - 90)")
    before = top(page, live[0])
    expect(page.locator(f"#p-{live[4]} .words")).to_be_hidden()
    assert abs(top(page, live[0]) - before) <= 1
    fresh = browser.new_page()
    fresh.goto(page.url)
    assert column(page) == column(fresh)
    fresh.close()


def test_r21_a_tap_shows_the_pin_and_folds_the_post(live, server: processes.Server, page: Page, browser: Browser):
    server.pen("pin", post=live[7])
    expect(page.locator("#pill")).to_have_text("Top of the page changed")
    expect(page.locator(f"#p-{live[7]} .words")).to_be_visible()
    page.locator("#pill").click()
    expect(page.locator(f"#p-{live[7]} .words")).to_be_hidden()
    fresh = browser.new_page()
    fresh.goto(page.url)
    assert column(page) == column(fresh)
    fresh.close()


def test_r12_the_parts_follow(live, server: processes.Server, page: Page):
    read(page, live[1])
    server.pen("summarise", text="The call goes on.")
    server.pen("pin", post=live[2])
    server.pen("pause")
    server.pen("mark", post=live[3], key_event=True)
    expect(page.locator("#live")).to_have_attribute("data-state", "paused")
    page.wait_for_timeout(500)
    # The summary is in view beside the posts, and grows: that waits for a tap.
    expect(page.locator("#pill")).to_contain_text("Top of the page changed")
    page.locator("#pill").click()
    expect(page.locator("[data-part=summary]")).to_contain_text("The call goes on.")
    expect(page.locator("[data-part=pinned]")).to_contain_text("Post 3")
    expect(page.locator("[data-part=header]")).to_contain_text("Paused")
    expect(page.locator("[data-part=keys]")).to_contain_text("Post 4")


def test_r13_the_post_being_read_stays(live, server: processes.Server, publish: Publish, page: Page):
    read(page, live[3])
    before = top(page, live[3])
    deeds = [
        lambda: publish("More news"),
        lambda: server.pen("revise", post=live[7], headline="Longer", body="Many more words. " * 90),
        lambda: server.pen("withdraw", post=live[6]),
        lambda: server.pen("remove", post=live[5]),
        lambda: server.pen("summarise", text="One more thing is known."),
        lambda: server.pen("pin", post=live[0]),
    ]
    for number, deed in enumerate(deeds):
        deed()
        page.wait_for_timeout(500)
        assert abs(top(page, live[3]) - before) <= 1, number


def test_r7_refused_sockets_mean_polling(server: processes.Server, publish: Publish, page: Page):
    publish("Post 1")
    page.route_web_socket("**/ws/**", lambda socket: socket.close(code=1011))
    page.goto(f"{server.url}/events/call/")
    publish("Post 2")
    expect(page.locator("#pill")).to_contain_text("1 new update", timeout=15000)


def test_a_server_killed_and_back_loses_nothing(live, server: processes.Server, publish: Publish, page: Page):
    server.kill()
    page.wait_for_timeout(1500)
    server.restart()
    publish("After the fall")
    expect(page.locator("#pill")).to_contain_text("1 new update", timeout=15000)


def test_words_withdrawn_while_offline_do_not_show(
    line: Line, live, server: processes.Server, publish: Publish, page: Page
):
    line.cut()
    gone = publish("Said too early")
    server.pen("withdraw", post=gone)
    server.pen("withdraw", post=live[7])
    publish("Said in time")
    page.wait_for_timeout(500)
    expect(page.locator("#pill")).to_be_hidden()
    line.mend()
    expect(page.locator("#pill")).to_contain_text("1 new update", timeout=15000)
    page.locator("#pill").click()
    words = page.locator("#posts").inner_text()
    assert "Said too early" not in words
    assert "Post 8" not in words
    assert "Said in time" in words


def test_r3_a_page_from_a_cache_is_right_within_two_seconds(server: processes.Server, publish: Publish, page: Page):
    posts = [publish(f"Post {number}") for number in range(1, 4)]
    stale = page.request.get(f"{server.url}/events/call/").text()
    server.pen("revise", post=posts[0], headline="Other", body="Other words.")
    server.pen("withdraw", post=posts[1])
    publish("Post 4")
    page.route("**/events/call/", lambda route: route.fulfill(body=stale, content_type="text/html; charset=utf-8"))
    page.goto(f"{server.url}/events/call/")
    expect(page.locator("#pill")).to_contain_text("1 new update", timeout=2000)
    expect(page.locator(f"#p-{posts[0]}")).to_contain_text("Other words.", timeout=500)
    expect(page.locator(f"#p-{posts[1]}")).to_contain_text("This post was withdrawn.", timeout=500)


def test_r1_the_page_reads_without_scripts(server: processes.Server, publish: Publish, browser: Browser):
    publish("Post 1")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{server.url}/events/call/")
    expect(page.locator("#posts h3")).to_have_text("Post 1")
    expect(page.locator("#pill")).to_be_hidden()
    expect(page.get_by_label("Show new updates")).to_be_hidden()
    # Nothing would take LIVE back.
    expect(page.locator(".state .badge:visible")).to_have_text("Live coverage")
    context.close()


def test_r30_the_pill_is_a_button_before_the_posts_and_takes_no_focus(live, publish: Publish, page: Page):
    page.locator(f"#p-{live[-1]} .when").focus()
    publish("News")
    pill = page.get_by_role("button", name="1 new update")
    expect(pill).to_be_visible()
    expect(page.locator(f"#p-{live[-1]} .when")).to_be_focused()
    box = pill.bounding_box()
    assert box and box["width"] >= 44 and box["height"] >= 44
    following = "pill => pill.compareDocumentPosition(document.getElementById('posts'))"
    assert pill.evaluate(following) & 4


def test_r31_the_switch_stands_beside_the_badge(live, publish: Publish, page: Page):
    switch = page.locator(".state .badge ~ label input")
    expect(switch).to_have_accessible_name("Show at once: Show new updates at once")
    switch.check()
    post = publish("News")
    expect(page.locator(f"#p-{post}")).to_be_visible()
    # The header has changed meanwhile ("Updated"), and the switch is as it was.
    expect(switch).to_be_checked()
    switch.uncheck()
    publish("More news")
    expect(page.locator("#pill")).to_have_text("1 new update")
