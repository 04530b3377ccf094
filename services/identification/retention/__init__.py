"""How long what nobody needs any more is kept, and that it then goes."""
