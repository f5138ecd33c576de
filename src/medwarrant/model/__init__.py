"""The words of the field as small frozen values; no input or output happens here."""
