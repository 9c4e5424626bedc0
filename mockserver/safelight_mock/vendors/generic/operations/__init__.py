"""The handlers of operations on jobs and files.

- `handlers`: which one an operation has
- `submit`: starts a job, and waits for its end if the request asks for that
- `reads`, `streams`: one job, now or as it goes on; `lists`, `paging`: several
- `moves`: changes jobs; `results`: responds with what they give
- `files`: uploaded files, and those of jobs; `linked_files`: what links lead to
"""
