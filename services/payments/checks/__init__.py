"""The independent checker: own code, plain SQL, roles that cannot write, the banks' own books.

`python -m services.payments.checks --pay-month 2026-10 [--books FILE] [--files FOLDER] [--keys
FILE] [--noted FILE]`, with CHECKS_BENEFITS_DATABASE_URL and CHECKS_PAYMENTS_DATABASE_URL, and the
same of identification, gateway and notifications for their chains, all as readers. It prints one
JSON document {ok, findings, totals, heads, pay_month, checked_at} and exits 0 when there is no
finding.

It shares no code with the rest of payments on purpose: what it says again, it says for itself.
BOOKS is a JSON list of {bank, end_to_end_id, account_number, amount_fen, state}; FOLDER holds the
payout files by bank; KEYS are the processes' public keys, by which the manifests are signed.
NOTED is what it printed the last time: `heads` are the last rows of the audit chains, and only
whoever has them elsewhere sees that a chain was cut off or written anew.
"""
