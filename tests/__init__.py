"""Tests, the lab and the benchmarks. Nothing of the product imports from here."""
