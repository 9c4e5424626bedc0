"""Files in and out: `image_source` opens uploads, `downloads` saves results, `atomic_file` replaces files."""
