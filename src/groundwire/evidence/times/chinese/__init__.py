"""The Chinese date grammar."""
