"""Jobs and time, without I/O, clock or randomness: `now` and random sources are arguments.

Which module to open:

- `job`: the transition table, and a job's state as a fold over what happened to it
- `engine`: what can be done with the jobs of one sandbox at one moment
- `sandbox`: everything one API key owns, as one serialisable value; `clock` is its time
- `lifecycle`: what an API declares under `x-async-jobs`
- `webhook`: deliveries, retry policy and when to give up
- `ledger`: credits reserved, spent and refunded
- `jobs`, `due_index`, `overlay_mapping`: many jobs, what is due first, and copies that cost nothing
- `running_totals`: sums over many jobs without a look at each; `credit_totals`, `job_counts`: which ones
- `changes`: a feed of inputs that were lost or came back, for `running_totals`
- `picture`, `aspect_fit`: metadata of images, recipes, and sizes that keep proportions
"""
