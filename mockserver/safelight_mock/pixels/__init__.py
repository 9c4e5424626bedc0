"""The twin's pixels: what a picture is, whether it is whole, and how a result is made from it.

Import the functions from the modules they live in: `probe.probe`, `verdict.look`, `render.render`.
None of those three loads vips or numpy before it is called: a twin nobody downloads from never pays for them.
"""
