"""A small province on one machine, made of real parts. What it is and how to use it: docs/lab.md."""
