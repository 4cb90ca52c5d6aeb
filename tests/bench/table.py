"""What a run found: figures, bars with what was wanted, and the ways to print them."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Bar:
    """One promise of delivery: `met` is None where it could not be measured."""

    number: int
    what: str
    figure: float | None
    unit: str
    wanted: str
    met: bool | None


@dataclass
class Found:
    """What one subject found: tables of figures (title, heads, rows), bars, and notes."""

    tables: list[tuple[str, list[str], list[list[str]]]] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def most(self, number: int, what: str, figure: float | None, limit: float, unit: str = "") -> None:
        """A bar that is met at or below the limit."""
        met = None if figure is None else figure <= limit
        self.bars.append(Bar(number, what, figure, unit, f"≤ {limit:g}{unit}", met))

    def least(self, number: int, what: str, figure: float | None, limit: float, unit: str = "") -> None:
        """A bar that is met at or above the limit."""
        met = None if figure is None else figure >= limit
        self.bars.append(Bar(number, what, figure, unit, f"≥ {limit:g}{unit}", met))


def number(value: float | None) -> str:
    """Three significant figures, thousands with a comma; a dash for none."""
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def ratio(above: float | None, below: float | None) -> float | None:
    """One figure by another; None where either is missing."""
    return above / below if above is not None and below else None


def markdown(heads: list[str], rows: list[list[str]]) -> str:
    """A table that reads well as plain text and as Markdown."""
    widths = [max(len(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    rule = ["-" * width for width in widths]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in [heads, rule, *rows]
    ]
    return "\n".join(lines)


def bars_table(bars: list[Bar]) -> str:
    """The bars, met and missed."""
    said = {True: "met", False: "MISSED", None: "not measured"}
    rows = [
        [str(bar.number), bar.what, f"{number(bar.figure)}{bar.unit if bar.figure is not None else ''}", bar.wanted,
         said[bar.met]]
        for bar in sorted(bars, key=lambda bar: bar.number)
    ]  # fmt: skip
    return markdown(["bar", "what", "measured", "wanted", ""], rows)


def report(result: dict[str, Any]) -> str:
    """The whole result as text."""
    parts = [f"Measured {result['when']}" + (" (quick: not to be quoted)" if result["quick"] else "")]
    parts.append(markdown(["machine", ""], [[name, text] for name, text in result["machine"].items()]))
    if result["notes"]:
        parts.append("\n".join(f"- {note}" for note in result["notes"]))
    parts.append("### Bars\n\n" + bars_table([Bar(**bar) for bar in result["bars"]]))
    parts += [f"### {title}\n\n{markdown(heads, rows)}" for title, heads, rows in result["tables"]]
    return "\n\n".join(parts) + "\n"


def result(found: list[Found], *, machine: dict[str, str], when: str, quick: bool, notes: list[str]) -> dict[str, Any]:
    """All that was found, ready for JSON."""
    figures: dict[str, Any] = {}
    for one in found:
        figures |= one.figures
    return {
        "when": when,
        "quick": quick,
        "machine": machine,
        "notes": [*notes, *(note for one in found for note in one.notes)],
        "bars": [asdict(bar) for one in found for bar in one.bars],
        "tables": [table for one in found for table in one.tables],
        "figures": figures,
    }
