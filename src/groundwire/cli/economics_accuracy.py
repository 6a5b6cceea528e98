"""`groundwire economics validate` and `calibrate`: how good the predictions are, and fitting them anew."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from groundwire.cli.context import out, print_json
from groundwire.cli.economics_tables import plain_table
from groundwire.economics.calibration import load_calibration, render_calibration
from groundwire.economics.catalog import load_catalog
from groundwire.economics.cross_validation import calibrate
from groundwire.economics.measurements import Measurement, Skipped, read_measurements
from groundwire.economics.validation import GROUPS, Errors, Point, errors_of, validate, validation_json

Files = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="CSV files, or folders of them, in either format.")
]
_NOTE = "Written by: groundwire economics calibrate. Figures only; values with their 95 % confidence intervals."
_SHORT = {"output_tokens_per_s": "token/s", "inter_token_latency": "s/token", "ttft": "first token", "power": "power",
          "energy_per_token": "J/token"}  # fmt: skip
_ERRORS = ("n", "median", "mean", "P90", "in interval")


def register(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("validate", epilog="Example: groundwire economics validate measured.csv --json")(validate_command)
    app.command("calibrate", epilog="Example: groundwire economics calibrate measured.csv")(calibrate_command)


def _read(files: list[Path]) -> Iterator[Measurement | Skipped]:
    catalog = load_catalog()
    for file in files:
        yield from read_measurements(file, catalog)


def validate_command(
    files: Files, as_json: Annotated[bool, typer.Option("--json", help="For programs: errors as fractions.")] = False
) -> None:
    """Compare predictions with measurements: absolute percentage errors by metric, device and more; the worst rows."""
    found = validate(_read(files), load_calibration())
    if as_json:
        print_json(validation_json(found))
        return
    table = plain_table("rows", "metric", *_ERRORS, right=_ERRORS)
    _add(table, "all", errors_of(found.points))
    for key in GROUPS.values():
        groups: dict[str, list[Point]] = {}
        for point in found.points:
            groups.setdefault(key(point), []).append(point)
        for group, points in sorted(groups.items()):
            _add(table, group, errors_of(points))
    out.print(table)
    worst = plain_table(
        "worst rows", "metric", "model", "device", "measured", "predicted", right=("measured", "predicted")
    )
    for p in found.worst():
        worst.add_row(
            *map(escape, (p.row, _SHORT[p.metric], p.model, p.device)), f"{p.measured:.4g}", f"{p.predicted:.4g}"
        )
    out.print(worst)
    out.print(f"\n{found.rows} rows read, {sum(found.skipped.values())} skipped")
    for reason, count in sorted(found.skipped.items(), key=lambda kv: -kv[1]):
        out.print(f"  {count} x {escape(reason)}")


def _add(table: Table, group: str, errors: Mapping[str, Errors]) -> None:
    for metric, e in errors.items():
        percents = (f"{100 * x:.1f} %" for x in (e.median_ape, e.mean_ape, e.p90_ape))
        table.add_row(escape(group), _SHORT[metric], str(e.n), *percents, f"{100 * e.coverage:.0f} %")


def calibrate_command(
    files: Files,
    target: Annotated[
        Path, typer.Option("--out", metavar="FILE", help="Where to write; the catalogue that is in use if not given.")
    ] = Path(str(resources.files("groundwire.economics") / "data" / "calibration.toml")),
) -> None:
    """Fit the few physical parameters to measurements and write them with their confidence intervals (figures only).

    The fit starts from the values in use; then models, devices, families and single rows are left out in turn, which makes
    the intervals of predictions. Some minutes for some thousand rows.
    """
    rows = list(_read(files))
    fitted = calibrate([m for m in rows if isinstance(m, Measurement)], start=load_calibration())
    target.write_text(render_calibration(fitted, _NOTE), encoding="utf-8")
    skipped = sum(isinstance(m, Skipped) for m in rows)
    out.print(f"fitted to {len(rows) - skipped} measurements ({skipped} skipped), written to {escape(str(target))}")
