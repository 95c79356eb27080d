"""The staff console under ``/staff``: sign-in, the review queue, releases, notices, accounts."""
