"""The stages in order; each takes what is due from storage, works, and commits per item, so a kill loses nothing."""

from groundwire.pipeline.briefing import BriefWriter
from groundwire.pipeline.building import EventBuilder, constraints
from groundwire.pipeline.collecting import fetch_settings
from groundwire.pipeline.desk import Desk, run_once
from groundwire.pipeline.lease import AnotherRun, only_run, this_process
from groundwire.pipeline.metering import Meter
from groundwire.pipeline.report import Clock, Progress, Report

__all__ = [
    "AnotherRun",
    "BriefWriter",
    "Clock",
    "Desk",
    "EventBuilder",
    "Meter",
    "Progress",
    "Report",
    "constraints",
    "fetch_settings",
    "only_run",
    "run_once",
    "this_process",
]
