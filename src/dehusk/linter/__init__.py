"""``dehusk check``: the linter for corpora. From paths to findings, and to files in which these are fixed.

paths ──discovery──▶ files ──sources──▶ texts ──inspect──▶ findings ──baseline──▶ formats
                                          ▲                   │
                                          └──── script ◀──────┘ with --fix
"""
