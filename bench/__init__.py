"""The lines of docs/performance: each measured beside its limit in the same run, so that the ratio counts."""
