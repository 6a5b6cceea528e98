"""How the devices of a measured row share its model, out of the words that publishers use for it."""

from __future__ import annotations

import math
import re

from groundwire.economics.accelerators import Accelerator
from groundwire.economics.models import ModelShape
from groundwire.economics.performance.deployment import Disaggregation, Parallelism
from groundwire.economics.precision import resolve_precision

__all__ = ["devices_by_batch", "devices_in", "split_of"]

_BATCH = re.compile(r"agg .*\bdp(\d+) .*\bbs(\d+)$")
_SIZES = re.compile(
    r"(?<![a-z_])(tp|pp|dp|ep|dep|tensor|pipeline|data|expert)(?:[ _-]?parallel(?:ism)?)?(?:[ _-]?size)?[ =:_-]{0,3}(\d{1,4})\b",
    re.IGNORECASE,
)
_SHORT = {"tensor": "tp", "pipeline": "pp", "data": "dp", "expert": "ep"}
_AGG = re.compile(r"agg tp(\d+) pp(\d+) dp(\d+) moe_tp(\d+) ep(\d+)")
_DISAGG = re.compile(r"disagg P(\d*)x\(tp(\d+) dp(\d+) ep(\d+)\) D(\d*)x\(tp(\d+) dp(\d+) ep(\d+)")


def _sizes(text: str) -> dict[str, int]:
    """ "TP4 PP2", "tensor_parallel=8", "dep8": by short name."""
    found = ((kind.lower(), max(int(size), 1)) for kind, size in _SIZES.findall(text))
    return {_SHORT.get(kind, kind): size for kind, size in found}


def devices_in(text: str) -> int:
    """How many devices a description of a split takes; 1 if it does not say."""
    sizes = _sizes(text)
    return max(sizes.get("tp", 1) * sizes.get("pp", 1) * sizes.get("dp", 1), sizes.get("ep", 1), sizes.get("dep", 1))


def devices_by_batch(text: str, concurrency: float) -> int:
    """How many devices the batch of each, where a row states it, makes of the requests in flight; 0 if it does not."""
    found = _BATCH.match(text)
    each = int(found[1]) * int(found[2]) if found else 0
    return round(concurrency / each) if each and math.isfinite(concurrency) else 0


def split_of(
    text: str, devices: int, model: ModelShape, device: Accelerator, concurrency: float, precision: str, engine: str
) -> tuple[Parallelism | None, Disaggregation | None]:
    """How a row says that its devices share the model; None: it does not say."""
    if (found := _AGG.match(text)) is not None:
        tensor, pipeline, data, expert_tensor, expert = (max(int(x), 1) for x in found.groups())
        if tensor * pipeline * data > devices:  # sizes given as products with expert parallelism: the devices decide
            data, tensor = (data if data > 1 else 1), devices
            return Parallelism(tensor=devices, data_attention=data > 1, expert=expert > 1), None
        if data > 1 and model.mixture and (expert > 1 or expert_tensor > 1):  # attention data-parallel, experts shared
            return Parallelism(tensor=tensor * data, pipeline=pipeline, data_attention=True, expert=expert > 1), None
        return Parallelism(tensor=tensor, pipeline=pipeline, expert=expert > 1), None
    if (found := _DISAGG.match(text)) is not None:
        pn = int(found[1] or 0)
        pt, pd, pe, dt, dd, de = (max(int(found[i]), 1) for i in (2, 3, 4, 6, 7, 8))
        prefill = _side(pt, pd, pe, model, device, precision, math.inf)
        decode = _side(dt, dd, de, model, device, precision, concurrency)
        prefilling = pt * pd * (pn or max(1, (devices - dt * dd) // (pt * pd)))
        prefilling = min(max(prefilling, 1), devices - decode.devices)
        if prefilling < prefill.devices:
            prefill = Parallelism(tensor=max(prefilling, 1))
        return decode, Disaggregation(prefill_devices=max(prefilling, 1), prefill=prefill)
    if sizes := _sizes(text):
        experts = model.mixture and sizes.get("ep", 1) > 1
        wide = "dep" in sizes or (experts and sizes.get("dp", 1) > 1)  # attention data-parallel, experts shared
        tensor = sizes.get("dep") or sizes.get("tp", sizes.get("ep", 1)) * (sizes.get("dp", 1) if wide else 1)
        pipeline = min(sizes.get("pp", 1), devices)
        tensor = max(min(tensor, devices // pipeline), 1)
        return Parallelism(
            tensor=tensor, pipeline=pipeline, data_attention=wide, expert=experts or "dep" in sizes
        ), None
    if "layer split" in text or ("llama.cpp" in engine and devices > 1):
        return Parallelism(pipeline=devices), None
    return (Parallelism() if devices == 1 else None), None


def _side(
    tensor: int, data: int, expert: int, model: ModelShape, device: Accelerator, precision: str, concurrency: float
) -> Parallelism:
    """One side of a disaggregated deployment.

    Some rows give a side's devices all as "tp". More than a server's worth is then either one wide mixture with
    data-parallel attention, which pays at many sequences per device, or several replicas that fit.
    """
    if data > 1:
        return Parallelism(tensor=tensor * data, data_attention=True, expert=model.mixture)
    if tensor <= 8 or concurrency == math.inf:
        whole = min(tensor, 8)
        return Parallelism(tensor=whole if tensor % whole == 0 else tensor, expert=expert > 1)
    if concurrency >= 8 * tensor:
        return Parallelism(tensor=tensor, data_attention=model.mixture, expert=model.mixture)
    weights = resolve_precision(precision, model).weight_bytes(model)
    fitting = next((g for g in (8, 4, 16, tensor) if tensor % g == 0 and weights < 0.8 * g * device.memory), tensor)
    return Parallelism(tensor=fitting, expert=expert > 1)
