"""Datasets of the Hugging Face Hub: their rows become tasks, annotations become datasets."""
