"""The ledger of forecasts: what was predicted, by whom and by when, what came of it, and how good each source is."""

from groundwire.forecasts.probability import Probability
from groundwire.forecasts.record import Outcome, Proposal, Registered, State, Verdict, state_of
from groundwire.forecasts.register import forecast_key, register
from groundwire.forecasts.rule import Rule, parse_rule

__all__ = [
    "Outcome",
    "Probability",
    "Proposal",
    "Registered",
    "Rule",
    "State",
    "Verdict",
    "forecast_key",
    "parse_rule",
    "register",
    "state_of",
]
