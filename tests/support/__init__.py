"""What the tests of all rooms share: paths, golden files, random models."""
