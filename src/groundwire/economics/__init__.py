"""Unit economics of AI inference: catalogue, performance, power; knows nothing of news.

>>> from groundwire.economics import Deployment, Workload, load_catalog, predict
>>> catalog = load_catalog()
>>> served = Deployment(model=catalog.model("llama-3.1-8b"), accelerator=catalog.accelerator("h100"), precision="fp8")
>>> answer = predict(served, Workload(input_tokens=1000, output_tokens=300), [1, 8, 64])
>>> answer.tpot.shape, answer.tier
((3,), 'calibrated on this pair')
"""

from groundwire.economics.accelerators import Accelerator, PriceRange
from groundwire.economics.calibration import Calibration, load_calibration
from groundwire.economics.catalog import Catalog, generic_model, load_catalog
from groundwire.economics.config_json import read_config
from groundwire.economics.models import Attention, Experts, LinearMixer, ModelShape
from groundwire.economics.performance.deployment import Deployment, Disaggregation, Parallelism, Speculation
from groundwire.economics.precision import PRECISIONS, Precision, resolve_precision
from groundwire.economics.prediction import BINDING, Interval, Prediction, Tier, Workload, best_concurrency, predict

__all__ = [
    "BINDING",
    "PRECISIONS",
    "Accelerator",
    "Attention",
    "Calibration",
    "Catalog",
    "Deployment",
    "Disaggregation",
    "Experts",
    "Interval",
    "LinearMixer",
    "ModelShape",
    "Parallelism",
    "Precision",
    "Prediction",
    "PriceRange",
    "Speculation",
    "Tier",
    "Workload",
    "best_concurrency",
    "generic_model",
    "load_calibration",
    "load_catalog",
    "predict",
    "read_config",
    "resolve_precision",
]
