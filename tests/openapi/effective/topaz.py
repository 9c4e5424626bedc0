"""Topaz' operations that submit a job, and an id one may have."""

ID = "d7b3b3b3-7b3b-4b3b-8b3b-3b3b3b3b3b3b"
ASYNC = [
    "postEnhanceAsync",
    "postEnhanceGenAsync",
    "postSharpen",
    "postSharpenGen",
    "postDenoise",
    "postRestoreGen",
    "postLighting",
    "postMatting",
    "postTool",
]
SYNC = ["postEnhanceSync", "postDenoiseSync", "postSharpenSync", "postLightingSync"]
SUBMITS = [*ASYNC, *SYNC]
