"""Who may log in and how: login, second factor, sessions. No tables of its own: those are django-allauth's.

Everything lies below /admin/, where the sessions are: readers' addresses know no account.
"""
