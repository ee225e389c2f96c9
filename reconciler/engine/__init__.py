"""The pure middle: no clock, no file, no network; the same input gives the same output."""
