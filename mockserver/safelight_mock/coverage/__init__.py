"""Coverage of a test suite: which parts of the APIs that a server serves its clients have reached.

- `recorder`: counts what is sent and received, while it happens; `recorded`: all of it at a moment
- `fields`: the described fields of a body, and which of them values had; `states`: the words for jobs that a
  response shows
- `report`: a coverage as a value, which can be merged, stored and read; `collecting` makes it from what was
  recorded, the documents and the lifecycles
- `summary`: how much of it there is, and what is missing; `text`, `junit` and `page` render it, `writing`
  chooses one of them and writes a file
"""
