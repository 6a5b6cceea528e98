"""The English date grammar."""
