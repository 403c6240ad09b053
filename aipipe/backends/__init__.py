"""Where calls are carried out: the only room that calls plug-ins."""
