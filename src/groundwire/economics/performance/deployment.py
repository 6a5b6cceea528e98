"""What serves: a model in a number format on devices, split in some way, under some engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundwire.economics.accelerators import Accelerator
from groundwire.economics.models import ModelShape
from groundwire.economics.precision import Precision, resolve_precision
from groundwire.errors import EconomicsError

__all__ = ["Deployment", "Disaggregation", "Host", "Parallelism", "Speculation"]

Host = Literal["server", "desktop", "board"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallelism:
    """How one replica is split; replicas fill the devices that are left."""

    tensor: int = 1
    """Devices that share each layer."""
    pipeline: int = 1
    """Stages of consecutive layers."""
    data_attention: bool = False
    """Attention runs data-parallel over the ``tensor`` devices (each keeps whole heads and its own sequences' cache), while
    feed-forward layers are shared among them: what large mixtures use."""
    expert: bool = False
    """Whole experts are spread over the ``tensor`` devices, rather than each expert cut."""

    @property
    def devices(self) -> int:
        """Devices of one replica."""
        return self.tensor * self.pipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaggregation:
    """Prefill on devices of its own, which hand the cache over to those that decode."""

    prefill_devices: int
    prefill: Parallelism


@dataclass(frozen=True, slots=True, kw_only=True)
class Speculation:
    """Speculative decoding: ``draft_tokens`` guessed per step, each right with ``acceptance``."""

    draft_tokens: int = 3
    acceptance: float = 0.7
    draft_cost: float = 0.1
    """Time of guessing one token, as a share of a decode step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A way to serve a model.

    Raises:
        EconomicsError: settings that conflict; names the field and the remedy.
    """

    model: ModelShape
    accelerator: Accelerator
    devices: int = 1
    precision: Precision | str = "auto"
    parallelism: Parallelism | None = None
    """None: one replica over as few devices as hold the weights with room for cache, a power of two, others replicas."""
    engine: str = "vllm"
    """Serving software by name, with or without version: "vllm 0.19", "TensorRT-LLM", "sglang", "llama.cpp"."""
    campaign: str = ""
    """Who measured it, if anyone did: tells one unstated release of an engine from another."""
    host: Host = "server"
    kv_bits: float | None = None
    """Cache format, where it is not the precision's own. [bit]"""
    disaggregation: Disaggregation | None = None
    speculation: Speculation | None = None
    max_sequences: int | None = None
    """The engine's own limit of sequences decoded together, per replica."""
    memory_share: float = 0.9
    """Share of device memory that the engine may fill."""

    def __post_init__(self) -> None:
        if self.devices < 1:
            raise EconomicsError("devices", f"must be at least 1, is {self.devices}")
        if not 0.1 <= self.memory_share <= 1:
            raise EconomicsError("memory_share", f"must lie in 0.1 to 1, is {self.memory_share}")
        if self.max_sequences is not None and self.max_sequences < 1:
            raise EconomicsError("max_sequences", f"must be at least 1, is {self.max_sequences}")
        split = self.parallelism
        if split and (split.tensor < 1 or split.pipeline < 1):
            raise EconomicsError("parallelism", "tensor and pipeline must be at least 1")
        decoding = self.devices - (self.disaggregation.prefill_devices if self.disaggregation else 0)
        if decoding < 1:
            raise EconomicsError("disaggregation", "leaves no device to decode; give it fewer prefill devices")
        if split and split.devices > decoding:
            raise EconomicsError(
                "parallelism", f"one replica takes {split.devices} devices, but only {decoding} are there; lower tensor"
            )
        if self.speculation and not (
            self.speculation.draft_tokens >= 1
            and 0 <= self.speculation.acceptance < 1
            and self.speculation.draft_cost >= 0
        ):
            raise EconomicsError(
                "speculation", "needs draft_tokens of 1 or more, acceptance in 0 to 1, cost of 0 or more"
            )

    @property
    def scheme(self) -> Precision:
        """The precision in full, with the cache format that is asked for."""
        found = (
            self.precision if isinstance(self.precision, Precision) else resolve_precision(self.precision, self.model)
        )
        return found if self.kv_bits is None else found.with_kv_bits(self.kv_bits)

    @property
    def split(self) -> Parallelism:
        """The parallelism in use, chosen if none was given."""
        if self.parallelism:
            return self.parallelism
        weights = self.scheme.weight_bytes(self.model)
        room = self.accelerator.memory * self.memory_share
        tensor = 1
        while tensor < self.devices and weights > 0.75 * room * tensor:
            tensor *= 2
        return Parallelism(tensor=min(tensor, self.devices))

    @property
    def replicas(self) -> float:
        """How many copies serve side by side; not whole when devices are left over."""
        decoding = self.devices - (self.disaggregation.prefill_devices if self.disaggregation else 0)
        return decoding / self.split.devices
