"""Real usage in: exports of OpenAI and Anthropic, OpenTelemetry GenAI spans, LiteLLM spend logs -> measured workload.

>>> from groundwire.economics.usage import parse_usage
>>> csv = b"start_time,model,num_model_requests,input_tokens,input_cached_tokens,output_tokens\\n"
>>> found = parse_usage(csv + b"1767225600,gpt-5.1,10,20000,5000,3000\\n")
>>> found.format, found.calls, found.input_tokens_per_call
('OpenAI usage export', 10.0, 2000.0)
"""

from groundwire.economics.usage.measured import MeasuredUsage, ModelUsage, measure, usage_application
from groundwire.economics.usage.read import parse_usage, read_usage
from groundwire.economics.usage.records import UsageRecord

__all__ = [
    "MeasuredUsage",
    "ModelUsage",
    "UsageRecord",
    "measure",
    "parse_usage",
    "read_usage",
    "usage_application",
]
