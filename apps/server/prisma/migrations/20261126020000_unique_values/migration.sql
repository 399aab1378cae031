CREATE TABLE "unique_value" (
    "customer_pk" BIGINT NOT NULL,
    "meter_pk" INTEGER NOT NULL,
    "period_start" TIMESTAMPTZ(3) NOT NULL,
    "digest" TEXT NOT NULL,

    CONSTRAINT "unique_value_pkey" PRIMARY KEY ("customer_pk", "meter_pk", "period_start", "digest")
);
