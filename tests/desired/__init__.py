"""Tests of the desired state."""
