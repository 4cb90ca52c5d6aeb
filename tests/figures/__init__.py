"""The figures of the reader's page: `python -m tests.figures`, or `make page-figures`."""
