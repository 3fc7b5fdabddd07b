"""What the core computes, module by module."""
