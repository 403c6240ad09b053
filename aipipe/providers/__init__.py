"""Services that run models, one file each."""
