"""The reader's modules become one file."""

import pytest

from liveblog.joined import join

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


@pytest.mark.parametrize("declared", ["const b = 2;\n", "async function b() {}\n", "export class b {}\n"])
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
