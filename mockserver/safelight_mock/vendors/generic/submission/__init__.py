"""What a new job is made of.

- `new_job`: the job of a submission; `inputs`: its input; `sizes`: the size of its result
- `idempotency`: submissions that are sent again
- `input_limits`, `public_hosts`: what is not accepted
"""
