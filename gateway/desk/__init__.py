"""The staff's face: the county's month, act by act, each by the person whose act it is."""
