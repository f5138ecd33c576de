"""The engine: three-valued evaluation of packs over a request; no input or output, no clock."""
