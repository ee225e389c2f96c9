"""Runs compose the rooms below; they hold no rules and print nothing."""
