"""How a roster gets into the register: received, surveyed, loaded, handed on, and said."""
