-- Whether a grant was ended, and how: asked when credits go back to it. Draws, which are nearly all entries, are not in it.
CREATE INDEX "ledger_entry_grant_end_idx" ON "ledger_entry" ("grant_id") WHERE "kind" IN ('EXPIRE', 'VOID');
