"""The lifecycles that a document most likely has, each fact with a reason.

- `engine`: `infer_lifecycles`, which puts the parts together.
- `facts`: a value with its reason, lifecycles made of them, and the result.
- `lexicon`: which state a word means. `schemas`, `operations`: the document as the rules look at it.
- `reads`, `submits`, `identifiers`: operations that read and start jobs, and where the id is.
- `states`, `moves`, `lists`, `results` with `media` and `validity`, `progress`, `deliveries`: one part each.
- `unread`: jobs that are not read but delivered.
"""
