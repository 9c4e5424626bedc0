"""`python -m safelight_codegen.spec NAME` is `safelight-codegen vendor NAME`."""

from safelight_codegen.spec.cli import vendor

vendor()
