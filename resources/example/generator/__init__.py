"""Makes the search exports of the example review: inventing records, deciding their fate, writing export formats."""
