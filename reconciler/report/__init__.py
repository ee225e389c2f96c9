"""What the other rooms found, as text, Markdown, JSON and annotations. Nothing here decides."""
