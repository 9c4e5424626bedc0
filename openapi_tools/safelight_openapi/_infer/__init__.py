"""The lifecycles that a document most likely has, each fact with a reason.

- `engine`: `infer_lifecycles`, which puts the parts together.
- `facts`: a value with its reason, lifecycles made of them, and the result.
- `lexicon`: which state a word means. `schemas`, `operations`: the document as the rules look at it.
- `reads`, `submits` with `evidence`, `identifiers`: operations that read and start jobs, and where the id is.
- `chosen_ids`: operations that start a job whose id the client chooses.
- `states`, `moves`, `lists`, `progress`, `deliveries`, `errors`: one part each; `errors`: why a job failed.
- `results` with `result_names`, `addresses`, `media` and `validity`: where the result is, and of which kind.
- `unread`: jobs that are not read but delivered.
- `overlay`: what was inferred as an overlay for a person to read.
- `playable`: what of it a mock server plays.
"""
