"""Tests of the local BMS."""
