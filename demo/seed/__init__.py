"""The demonstration: believable people, partners, courses, sittings and certificates, made through our own actions.

A module per subject; `stages.py` lists them in order. Every step is one transaction together with its mark
(`steps.py`), so a seed that was killed goes on where it stopped, and one that is done changes nothing any more.
"""
