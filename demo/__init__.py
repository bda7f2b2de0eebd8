"""The demonstration: a sample city, and one person's journey played through it from outside."""
