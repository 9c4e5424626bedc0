"""Jobs of any API, by its `Lifecycle`.

- `job`: `Job`, to wait, save, cancel and delete; `JobClient`, to submit and list the jobs of a lifecycle.
- `submission`: a submission with idempotency key and nonce. `listing`: pages of jobs. `moves`: which
  operation changes a job. `results`: values and files. `webhooks` and `signatures`: what is received.
- `job_requests`: the requests about one job. `operations`: operations by operationId, with or without a retry
  by the caller.
- `status`: state and details of a job. `polling`: how often a job is polled.
- `edit_result`: a result without a job.
"""
