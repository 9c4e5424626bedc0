"""Jobs of any vendor, by its `Lifecycle`.

- `job`: submit, wait, save, cancel, delete. `status`: state and details of a job. `polling`: when to ask.
- `operations`: operations by operationId, called once or again. `job_ids`: the id in a response.
- `edit_result`: a result that came without a job.
"""
