"""A package written by hand against docs/generated-project.md, without nbprod."""
