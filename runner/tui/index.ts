// The terminal's full-screen front end: what events and sources tell as screens, and keys as wishes of whoever looks on.
