"""Which items stand on which paper, as numbers: no rows, no words of items.

`drawing` draws one paper at random, for practice and rehearsal. `solving` builds several parallel papers at once by
integer programming, `gaps` says what a bank lacks for them, `ordering` puts each in order, and `validating` checks what
came of it with code of its own. Only `solving` and `gaps` need OR-tools, and they run in a process of their own: `apart` asks
it.
"""
