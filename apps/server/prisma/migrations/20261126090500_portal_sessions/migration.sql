-- CreateTable
CREATE TABLE "portal_session" (
    "id" UUID NOT NULL,
    "project_id" UUID NOT NULL,
    "customer_pk" BIGINT NOT NULL,
    "return_url" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "portal_session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "portal_session_expires_at_idx" ON "portal_session"("expires_at");

-- AddForeignKey
ALTER TABLE "portal_session" ADD CONSTRAINT "portal_session_customer_pk_fkey" FOREIGN KEY ("customer_pk") REFERENCES "customer"("pk") ON DELETE RESTRICT ON UPDATE CASCADE;

