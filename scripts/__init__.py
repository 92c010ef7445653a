"""What make calls: setting up a machine, running the site, and checks that no other tool makes."""
