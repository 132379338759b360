"""Protocol: question, eligibility, outcomes, team."""
