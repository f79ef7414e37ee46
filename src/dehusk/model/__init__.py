"""The main-content model: a page as columns, features of its blocks, and a small network over these."""
