-- What is older than 30 days is forgotten every hour: not by reading every mail.
-- CreateIndex
CREATE INDEX "email_created_at_idx" ON "email"("created_at");
