"""Jobs of any API, by its `Lifecycle`.

- `job`: `Job`, to wait, save, cancel and delete; `JobClient`, to submit and list the jobs of a lifecycle.
- `status`: state and details of a job. `polling`: how often a job is polled.
- `operations`: operations by operationId, with or without a retry by the caller.
- `edit_result`: a result without a job.
"""
