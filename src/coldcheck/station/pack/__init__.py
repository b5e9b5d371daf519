"""The evidence pack: a signed PDF and a bag of data beside it, which anybody verifies with tools that are not ours."""
