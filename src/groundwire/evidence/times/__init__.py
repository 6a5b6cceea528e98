"""Dates, times and stretches of time in English and Chinese: grammars behind ``evidence.dates``."""
