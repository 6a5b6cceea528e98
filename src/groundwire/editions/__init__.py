"""What goes out: front page, recap, digest mail, feeds, lists of sources."""
