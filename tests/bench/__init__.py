"""`make bench`: what delivery promises, measured side by side with other ways in one run."""
