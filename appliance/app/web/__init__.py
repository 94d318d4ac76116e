"""What rooms share at the web: pages, forms, signing in, errors. It knows no room; main hands it callbacks."""
