"""The pages about people: signing in and up, one's account, the organization."""
