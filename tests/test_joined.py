"""The reader's modules become one file."""

import shutil
import subprocess

import pytest

from liveblog.joined import join
from liveblog.names import declared, shorten, strays
from liveblog.static import JOINED
from tests.services import ROOT

MODULES = {
    "entry.js": 'import { a } from "./one.js";\nimport {\n  b,\n} from "./two.js";\nimport "./two.js";\n\na(b);\n',
    "one.js": 'import { b } from "./two.js";\n\nexport function a(c) {\n  return c + b;\n}\n',
    "two.js": "export const b = 1;\n",
}


def test_what_is_imported_stands_before_what_imports_it_and_once():
    joined = join("entry.js", MODULES.__getitem__)
    assert [line for line in joined.split("\n") if line] == [
        "const b = 1;",
        "function a(c) {",
        "  return c + b;",
        "}",
        "a(b);",
    ]


@pytest.mark.parametrize(
    "declared", ["const b = 2;\n", "async function b() {}\n", "export class b {}\n", "const { a, c: [b] } = d;\n"]
)
def test_a_name_that_two_modules_declare_is_refused(declared: str):
    modules = MODULES | {"one.js": f'import "./two.js";\n{declared}'}
    with pytest.raises(ValueError, match=r"one\.js and two\.js both declare b"):
        join("entry.js", modules.__getitem__)


@pytest.mark.parametrize(
    "line",
    [
        'import { b as c } from "./two.js";',
        'import * as two from "./two.js";',
        'import b from "./two.js";',
        "export default 1;",
        "export { b };",
        'export * from "./two.js";',
    ],
)
def test_another_form_of_import_or_export_is_refused(line: str):
    with pytest.raises(ValueError, match=r"entry\.js"):
        join("entry.js", {"entry.js": f"{line}\n", "two.js": "export const b = 1;\n"}.__getitem__)


@pytest.mark.parametrize("line", ["b();", "const { c = b } = d;", "c({ b });", "c = { d: [...b] };", "`${b}`;"])
def test_a_name_of_another_module_that_is_not_imported_is_refused(line: str):
    modules = MODULES | {"one.js": f'import {{ a }} from "./two.js";\n\n{line}\n'}
    modules["two.js"] = "export const a = 1;\nexport const b = 2;\n"
    modules["entry.js"] = 'import "./one.js";\n'
    with pytest.raises(ValueError, match=r"one\.js reads b of two\.js and does not import it"):
        join("entry.js", modules.__getitem__)


@pytest.mark.parametrize(
    "line",
    [
        "c.b();",
        "c?.b;",
        "c({ b: 1 });",
        "class C {\n  b(c) {}\n}",
        "const c = (b) => b;",
        "function c({ b }) {\n  b();\n}",
    ],
)
def test_a_property_a_method_and_a_name_of_its_own_need_no_import(line: str):
    modules = {"entry.js": f'import "./two.js";\n\n{line}\n', "two.js": "export const b = 2;\n"}
    assert line in join("entry.js", modules.__getitem__)


def test_what_a_module_declares_at_its_top_is_known():
    source = (
        "const { a, b: { c } } = d, e = 1;\nlet f;\nasync function g(h) {\n  const i = h;\n}\nclass J extends K {}\n"
    )
    assert declared(source) == {"a", "c", "e", "f", "g", "J"}
    assert strays("a(b.c, { d, e: f }, (g) => g);") == {"a", "b", "d", "f"}


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("const long = 1;\nuse(long, `${long}`, 'long');", "const a = 1;\nuse(a, `${a}`, 'long');"),
        ("function long() {}\nuse.long(long, { long: long });", "function a() {}\nuse.long(a, { long: a });"),
        ("class Long {\n  long(a) {}\n}\nnew Long();", "class b {\n  long(a) {}\n}\nnew b();"),
        ("const long = 1;\nuse(...long, c ? long : d);", "const a = 1;\nuse(...a, c ? a : d);"),
        # Read by name elsewhere: as it was.
        ("const long = 1;\nuse({ long });", "const long = 1;\nuse({ long });"),
        ("const { long } = b;\nuse(long);", "const { long } = b;\nuse(long);"),
        ("const long = 1;\nfunction use({ long }) {}", "const long = 1;\nfunction a({ long }) {}"),
        ("function use({ long = 1 }) {\n  long();\n}", "function a({ long = 1 }) {\n  long();\n}"),
        ("const long = 1;\nclass Use {\n  long = long;\n}", "const long = 1;\nclass a {\n  long = long;\n}"),
        # Worth it where it is read often.
        (
            "const long = 1;\nuse(long, long, long, long, { long });",
            "const a = 1;\nuse(a, a, a, a, { long:a });",
        ),
        (
            "function use({ long = 1 }) {\n  use(long, long, long, long, long);\n}",
            "function b({ long:a = 1 }) {\n  b(a, a, a, a, a);\n}",
        ),
        # Made further in, and hidden by another of the name: the same everywhere.
        ("const long = 1;\nuse((long) => long);", "const a = 1;\nuse((a) => a);"),
        ("const long = 1;\ntry {} catch (long) {}", "const a = 1;\ntry {} catch (a) {}"),
        ("const long = 1;\nfor (const long of use) {}", "const a = 1;\nfor (const a of use) {}"),
        ("use((long, b = long) => long.long({ long: b }));", "use((a, b = a) => a.long({ long: b }));"),
        ("const { b: long, ...rest } = use(rest);", "const { b: c, ...a } = use(a);"),
        # What the browser knows is nobody's to name.
        ("document.body.append(inside);", "document.body.append(inside);"),
        ("use((name) => name, top);", "use((name) => name, top);"),
        # Two that no statement and no member of a class has both have one.
        (
            "function one(long) {\n  long();\n}\nfunction two(other) {\n  other();\n}",
            "function b(a) {\n  a();\n}\nfunction c(a) {\n  a();\n}",
        ),
        (
            "class Row {\n  one(long) {\n    long();\n  }\n  two(other) {\n    other();\n  }\n}",
            "class a {\n  one(a) {\n    a();\n  }\n  two(a) {\n    a();\n  }\n}",
        ),
        (
            "const size = 1;\nfunction use(long) {\n  return long + size;\n}\nfunction two(it) {\n  return it;\n}",
            "const a = 1;\nfunction c(b) {\n  return b + a;\n}\nfunction b(a) {\n  return a;\n}",
        ),
        # A statement goes on after a block, and so does a piece.
        (
            "try {\n  const long = 1;\n  use(long);\n} catch (other) {\n  use(other);\n}",
            "try {\n  const a = 1;\n  use(a);\n} catch (b) {\n  use(b);\n}",
        ),
    ],
)
def test_names_that_nobody_else_sees_are_short_and_no_others(source: str, short: str):
    assert shorten(source) == short


@pytest.mark.skipif(not shutil.which("node"), reason="runs in Node")
def test_a_program_with_short_names_does_the_same(tmp_path):
    source = """
        const size = 3;
        const table = { size, at: (row) => row * size };
        class Row {
          constructor(at) {
            Object.assign(this, { at, size: size + 1 });
          }
          total(row) {
            return `${this.at + row.size} of ${size}`;
          }
          half(first, { second = first / 2, ...others } = {}) {
            return [second, ...Object.keys(others)].join();
          }
        }
        function count(rows, { from = size } = {}) {
          let sum = 0;
          for (const row of rows) sum += row.size;
          return [sum, from, new Row(table.at(2)).total({ size: 5 })];
        }
        const half = new Row(1).half(size, { other: 1 });
        console.log(JSON.stringify([...count([new Row(1), new Row(2)]), half]));
    """
    ran = [
        subprocess.run(["node", "-e", text], capture_output=True, text=True, timeout=30, check=True).stdout
        for text in (source, shorten(source))
    ]
    assert ran[0] == ran[1] == '[8,3,"11 of 3","1.5,other"]\n'
    assert "count" not in shorten(source)


@pytest.mark.parametrize("entry", JOINED)
def test_short_names_leave_every_property_of_the_readers_scripts(entry: str):
    def read(name: str) -> str:
        return (ROOT / "static" / "js" / name).read_text()

    joined = join(entry.removeprefix("js/"), read)
    assert "focusOn" in joined and "focusOn" not in shorten(joined)
    for name in ("dataset", "constructor", "visibilitychange", "prototype", "this.page", ".connection"):
        assert shorten(joined).count(name) == joined.count(name)
