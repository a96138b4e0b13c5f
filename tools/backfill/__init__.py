"""Measures the reading of web archives: `make warc-bench`."""
