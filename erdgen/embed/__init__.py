"""Markdown documents: finding regions and template slots, splicing, refreshing, checking."""
