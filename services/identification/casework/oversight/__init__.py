"""Who answers for what was done: signatures, proxies, near relatives, and how fast help came."""
