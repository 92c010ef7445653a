"""Designs of the printed certificate: a folder each, with certificate.html, certificate.css and background.py."""
