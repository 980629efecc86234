"""Page → Article: title, text, authors and the other fields, each with the place it came from."""
