"""What months in the life of a shop do, on a clock that is moved by hand.

Made-up customers and one operator use the shop's own commands and the worker's own jobs, on a
database thrown away afterwards. Beside it a ledger keeps what each of them did; at the end the
shop's rows must say the same.
"""
