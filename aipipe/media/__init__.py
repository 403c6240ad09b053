"""Pictures, sound, video and subtitles: made, read, changed; the only user of their libraries."""
