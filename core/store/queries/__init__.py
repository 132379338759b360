"""What can be read of a review. Every function that could show a colleague's judgement takes the viewer's `Sight`."""
