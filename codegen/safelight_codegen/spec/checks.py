"""What must hold of every effective document, whoever the vendor."""

from openapi_spec_validator import OpenAPIV31SpecValidator

from safelight_codegen.documents import JSON


def complaints(document: dict[str, JSON]) -> list[str]:
    """Everything that is wrong with `document`; nothing for a sound one."""
    return invalid(document)


def invalid(document: dict[str, JSON]) -> list[str]:
    """What makes it no valid OpenAPI 3.1 document, in the eyes of openapi-spec-validator."""
    return [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()]
