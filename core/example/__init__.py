"""The example review: a published review rebuilt through the public door from files in real export formats."""
