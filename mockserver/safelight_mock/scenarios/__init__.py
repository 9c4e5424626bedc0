"""Scenarios: what goes wrong, from files, the library or Python values.

Which module to open:

- `reading`: a scenario from JSON-like values, validated by `scenario.schema.json`; errors name rule and line
- `rules`: one rule of it as `safelight_mock.core.scenario` has it
- `files`: scenarios from YAML and JSON files, and their lines
- `library`: the scenarios that come with the server, one file each in `named`
- `registry`: all scenarios of a server by name, and its default
"""
