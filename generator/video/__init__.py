"""Pictures, videos and sound, in from files and out to files: once, for films and for any footage."""
