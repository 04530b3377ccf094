"""The law engine against OpenFisca and against a kernel written by hand, on the same county."""
