"""The certification officer's desk: applications, certificates, documents that failed, results to release."""
