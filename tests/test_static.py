"""Scripts and styles on their way out: nothing but comments is lost, names are hashed, budgets hold."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client

from events import publishing
from events.models import Event
from events.publishing import Named
from liveblog.joined import join
from liveblog.names import shorten
from liveblog.static import JOINED, strip_script, strip_style
from tests import cast
from tests.services import ROOT

KB = 1024
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
IMPORT = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}/[^"']+)["']""")


def size(text: str) -> int:
    """Bytes on the wire."""
    return len(gzip.compress(text.encode(), 9, mtime=0))


def script(name: str) -> str:
    """The source of a script."""
    return (ROOT / "static" / "js" / name).read_text()


def graph(entry: str) -> list[Path]:
    """A module and all that it imports, itself first."""
    found, waiting = [], [ROOT / "static" / "js" / entry]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.append(path)
            waiting += [(path.parent / name).resolve() for name in IMPORT.findall(path.read_text())]
    return found


@pytest.mark.parametrize(
    ("source", "stripped"),
    [
        ('const a = "http://example.org/*x*/";', 'let a="http://example.org/*x*/";'),
        ("const a = 'it\\'s // here';", "let a='it\\'s // here';"),
        ("const a = `// ${b /2} /* ${`in // ${'}'}`} */`;", "let a=`// ${b/2} /* ${`in // ${'}'}`} */`;"),
        ("const a = `one\n\n   // two\n`;", "let a=`one\n\n   // two\n`;"),
        ("const a = `{${{ a: 1 }.a}}//  //`;", "let a=`{${{a:1}.a}}//  //`;"),
        (r"const a = /[/*]\/\/'/.test(b);", r"let a=/[/*]\/\/'/.test(b);"),
        ("return /\"'`/.test(a);", "return/\"'`/.test(a);"),
        ("const a = b ? /'  / : /\"/g;", "let a=b?/'  /:/\"/g;"),
        ("a.map((b) => /`/.test(b));", "a.map((b)=>/`/.test(b));"),
        ("const a = [/'/, /\"/];", "let a=[/'/,/\"/];"),
        ("const a = b / c / d;", "let a=b/c/d;"),
        ("const a = (b) / 2 / c; const d = 'e  f';", "let a=(b)/2/c,d='e  f';"),
        ("const a = b[0] / 2; const c = '/ /';", "let a=b[0]/2,c='/ /';"),
        ("for (; i++ / 2 < 3; ) a = '/ /';", "for(;i++ /2<3;)a='/ /';"),
        ("const a = b + +c - -d + ++e;", "let a=b+ +c- -d+ ++e;"),
        ("const a = b / /c/.lastIndex;", "let a=b/ /c/.lastIndex;"),
        ("const price = `$${a} $`;", "let price=`$${a} $`;"),
        ("if (#a in b) c = 1 / this.#d / 2;", "if(#a in b)c=1/this.#d/2;"),
        ("a = b\n[c].map(d)\ne++\nf", "a=b\n[c].map(d)\ne++\nf"),
        ("a(b, { c, },);\n[d, , ].map(e);", "a(b,{c});[d,,].map(e);"),
        ("const a = () => { b(); };", "let a=()=>{b()};"),
        ("const a = { b: 1 };\nconst { c } = a;\nd();\nconst e = 2;", "let a={b:1},{c}=a;d();let e=2;"),
        ("export const a = 1;\nconst b = 2;\nlet c;\nconst d = 3;", "export let a=1;let b=2,c,d=3;"),
        ("for (const a of b) c(a);\nconst d = 1;", "for(let a of b)c(a);let d=1;"),
        ("if (a) {\n  b();\n}\nc();", "if(a){b()}c();"),
        ("a = {}\n[b] = c\n`${d}`\ne", "a={}\n[b]=c\n`${d}`\ne"),
    ],
)
def test_what_a_script_says_stays(source: str, stripped: str):
    assert strip_script(f"{source} // gone\n") == f"{stripped}\n"
    assert strip_script(f"/* gone */\n{source}\n\n  /* gone\n too */\n  b();") == (
        f"{stripped}b();\n" if stripped.endswith(";") else f"{stripped}\nb();\n"
    )


def test_a_comment_parts_what_stands_around_it():
    assert strip_script("const/* a */b = 1;") == "let b=1;\n"
    assert strip_script("return /* over\n two lines */ a") == "return\na\n"
    assert strip_script("a // one\nb") == "a\nb\n"


def test_a_template_without_an_end_is_refused():
    with pytest.raises(ValueError, match="no end"):
        strip_script("const a = `b ${c};")


@pytest.mark.skipif(not shutil.which("node"), reason="checks with Node")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_a_script_still(path: Path):
    stripped = strip_script(path.read_text())
    assert len(stripped) < len(path.read_text())
    assert not re.search(r"(^|\s)(//|/\*)", stripped)
    command = ["node", "--input-type=module", "--check", "-"]
    answer = subprocess.run(command, input=stripped, capture_output=True, text=True, timeout=30)
    assert answer.returncode == 0, answer.stderr
    assert strip_script(stripped) == stripped


@pytest.mark.skipif(not shutil.which("node"), reason="runs in Node")
def test_the_stripped_scripts_pass_their_own_tests(tmp_path: Path):
    shutil.copytree(ROOT / "tests" / "js", tmp_path / "tests" / "js")
    for table in ("separators.json", "times.json"):
        shutil.copy(ROOT / "tests" / table, tmp_path / "tests")
    (tmp_path / "static" / "js").mkdir(parents=True)
    for path in SCRIPTS:
        (tmp_path / "static" / "js" / path.name).write_text(strip_script(path.read_text()))
    files = sorted(map(str, (tmp_path / "tests" / "js").glob("*.test.mjs")))
    answer = subprocess.run(["node", "--test", *files], capture_output=True, text=True, timeout=120)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_every_style_keeps_its_rules(path: Path):
    source, stripped = path.read_text(), strip_style(path.read_text())
    assert "/*" not in stripped
    assert stripped.count("{") == stripped.count("}") == re.sub(r"/\*.*?\*/", "", source, flags=re.S).count("{")
    assert strip_style(stripped) == stripped


def test_a_style_keeps_its_strings():
    assert strip_style('a { content: "/* x */"; } /* gone */\n  b { }') == 'a { content: "/* x */"; } \nb { }\n'


def test_r4_the_readers_styles_are_within_eight_kilobytes():
    for other in ("pages.css", "embed.css"):
        names = ("tokens.css", "reader.css", "picture.css", "print.css", other)
        styles = [strip_style((ROOT / "static" / "css" / name).read_text()) for name in names]
        assert sum(map(size, styles)) <= 8 * KB, other


@pytest.mark.django_db
def test_r4_a_page_of_twenty_posts_is_within_forty_kilobytes(client: Client, event: Event):
    named = Named(source=cast.scavino(), verb="wrote", medium="on X", quote="The call is going well.")
    begin = datetime(2025, 3, 18, 14, 0, tzinfo=UTC)
    for n in range(25):
        body = "".join(f"<p>{n} {part} {'They spoke of ships, grain and power plants. ' * 6}</p>" for part in range(3))
        words = cast.words(f"Post number {n}", body=body, attributions=(named,), key_event=n % 3 == 0)
        publishing.publish(event, words=words, by=None, at=begin + timedelta(minutes=n))
    page = client.get("/events/call/").content.decode()
    assert page.count("<article") == 20
    assert size(page) <= 40 * KB


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> Path:
    """All static files as production serves them."""
    folder = tmp_path_factory.mktemp("static")
    code = (
        "import django; from django.conf import settings; django.setup();"
        f"settings.STATIC_ROOT = {str(folder)!r};"
        "from django.core.management import call_command; call_command('collectstatic', interactive=False, verbosity=0)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "DEBUG"}
    environment |= {"DEBUG": "false", "SECRET_KEY": "for-tests-alone", "DJANGO_SETTINGS_MODULE": "liveblog.settings"}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert answer.returncode == 0, answer.stderr
    return folder


def test_collected_modules_import_hashed_modules(collected: Path):
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    for entry in ("desk.js",):
        for path in graph(entry):
            name = manifest[f"js/{path.name}"]
            assert re.fullmatch(rf"js/{path.stem}\.[0-9a-f]{{12}}\.js", name)
            served = (collected / name).read_text()
            imported = IMPORT.findall(served)
            assert len(imported) == len(IMPORT.findall(path.read_text()))
            for target in imported:
                assert re.fullmatch(r"\./[\w-]+\.[0-9a-f]{12}\.js", target), f"{name} imports {target}"
                assert (collected / "js" / target).is_file()


@pytest.mark.parametrize("entry", JOINED)
def test_r4_the_readers_scripts_are_one_file_within_ten_kilobytes(collected: Path, entry: str):
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    assert len(graph(os.path.basename(entry))) > 5
    served = (collected / manifest[entry]).read_text()
    # All that a page loads: nothing is left to be fetched, now or later.
    assert not re.search(r"\bimport\b|\bexport\b", served)
    assert size(served) <= 10 * KB


@pytest.mark.skipif(not shutil.which("node"), reason="checks with Node")
@pytest.mark.parametrize("entry", JOINED)
def test_what_was_joined_is_a_script_still(collected: Path, entry: str):
    manifest = json.loads((collected / "staticfiles.json").read_text())["paths"]
    served = (collected / manifest[entry]).read_text()
    answer = subprocess.run(["node", "--input-type=module", "--check", "-"], input=served, text=True, timeout=30)
    assert answer.returncode == 0


def test_collected_files_of_ours_have_no_comments(collected: Path):
    for path in [*SCRIPTS, *STYLES]:
        strip = strip_script if path.suffix == ".js" else strip_style
        plain = collected / path.parent.name / path.name
        source = shorten(join(path.name, script)) if f"js/{path.name}" in JOINED else path.read_text()
        assert plain.read_text() == strip(source)
    assert "/*" not in "".join(path.read_text() for path in (collected / "css").glob("reader.*.css"))
