"""No cookie changes a public byte, and no public answer sets one."""

import pytest

from tests import cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cookie", ["x", "short", "a" * 32, "never-was-a-session-of-ours"])
@pytest.mark.parametrize(
    "path", ["/", "/events/call/", "/events/call/updates/?after=0", "/embed/call/", "/events/none/"]
)
def test_a_public_answer_sets_no_cookie_and_does_not_vary_by_one(client, path, cookie):
    cast.post(cast.event())
    bare = client.get(path)
    client.cookies["sessionid"] = cookie
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    assert "sessionid" not in answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    assert answer.content == bare.content


def test_the_admin_keeps_its_sessions(client, editor):
    client.force_login(editor)
    assert client.get("/admin/").status_code == 200
