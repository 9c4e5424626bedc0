"""The subcommands of `safelight-codegen`, each imported when it is used."""
