"""The explanations on the page: found by what has the focus, shown in a popover. Loaded when first asked for."""
