"""Saved searches that say when something new answers them: by feed, webhook or mail.

notice      articles that just arrived → alerts in the journal, one for each story
deliver     alerts → webhooks and mail, tried until they are taken
rehearse    what a draft would have sent over past days
"""
