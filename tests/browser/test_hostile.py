"""Hostile html, stored by the writing path and parsed by a real browser: nothing in it can run."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from events import text
from tests import processes
from tests.browser.newsroom import Publish

#: Ways in, each of which tries to set `window.ran` or to open a dialog.
WAYS = [
    "<script>ran=1</script>",
    "<scr<script>ipt>ran=1</scr</script>ipt>",
    "<img src=x onerror=ran=1>",
    "<img src=x:x onerror&#61;ran=1>",
    "<svg/onload=ran=1>",
    "<svg><script>ran=1</script></svg>",
    "<svg><animate onbegin=ran=1 attributeName=x dur=1s>",
    "<body onload=ran=1>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    "<a href=javascript:ran=1>x</a>",
    "<a href='java&#x09;script:ran=1'>x</a>",
    "<a href=' &#14; javascript:ran=1'>x</a>",
    "<a href=data:text/html;base64,PHNjcmlwdD5yYW49MTwvc2NyaXB0Pg==>x</a>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=ran=1&gt;'>",
    "<noscript><p title='</noscript><img src=x onerror=ran=1>'></noscript>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=ran=1>",
    "<template><img src=x onerror=ran=1></template>",
    "<details open ontoggle=ran=1><summary>x</summary></details>",
    "<video><source onerror=ran=1></video>",
    "<input autofocus onfocus=ran=1>",
    "<object data=javascript:ran=1></object><embed src=javascript:ran=1>",
    "<meta http-equiv=refresh content='0;url=javascript:ran=1'><base href=javascript:ran=1//>",
    "<style>@import 'javascript:ran=1'; *{background:url(javascript:ran=1)}</style>",
    "<p style='animation-name:x' onanimationstart=ran=1>x</p>",
    "<xmp><p title='</xmp><img src=x onerror=ran=1>'></xmp>",
    "<!--><img src=x onerror=ran=1>-->",
    "<p id=pill name=live data-post=x class=pill>x</p>",
    '"><script>ran=1</script><p title="',
    "{{constructor.constructor('ran=1')()}}",
]

#: Whatever could run, load or stand in for something of ours, inside the words of a post.
FOUND = """root => [...root.querySelectorAll("*")].filter((node) =>
    /^(script|iframe|object|embed|svg|math|style|link|meta|base|form|input|template|img|video|audio)$/i.test(node.localName)
    || [...node.attributes].some(({ name, value }) => /^(on|style$|id$|src|data-)/i.test(name)
        || (name === "href" && !/^(https?:|mailto:)/i.test(value)))).map((node) => node.outerHTML)"""


def test_nothing_that_editors_paste_runs_at_the_readers(live, server: processes.Server, publish: Publish, page: Page):
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    for number, way in enumerate(WAYS):
        server_said = publish(f"Way {number}", body=f"<p>before</p>{way}<p>after</p>")
        assert server_said
    page.locator("#pill").click()
    page.reload()
    assert page.evaluate("window.ran") is None
    assert dialogs == []
    for words in page.locator(".words").all():
        assert words.evaluate(FOUND) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.sampled_from(WAYS), st.text(alphabet="<>/=\"' abiphrefonscuty!-&;#x", max_size=12)), max_size=6
    ).map("".join)
)
def test_no_mixture_of_them_leaves_a_node_that_can_run(page: Page, body: str):
    clean = text.clean(body)
    found = page.evaluate(f"html => ({FOUND})(new DOMParser().parseFromString(html, 'text/html').body)", clean)
    assert found == []
