"""Code sets and words: ICD-10-CM and the normalisation of clinical phrases."""
