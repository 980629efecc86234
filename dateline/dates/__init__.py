"""When an article was published, and which days its text speaks of. Import the module that you need."""
