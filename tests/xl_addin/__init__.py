"""The worksheet functions: cells in, cells out."""
