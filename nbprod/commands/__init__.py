"""One file a command; the file name is the command's name, its ``command`` the click command."""
