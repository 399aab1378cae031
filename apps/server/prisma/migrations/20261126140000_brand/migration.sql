-- CreateTable
CREATE TABLE "brand" (
    "project_id" UUID NOT NULL,
    "name" TEXT,
    "color" TEXT,
    "terms_url" TEXT,
    "privacy_url" TEXT,
    "support_url" TEXT,
    "support_email" TEXT,
    "logo_hash" TEXT,

    CONSTRAINT "brand_pkey" PRIMARY KEY ("project_id")
);

-- CreateTable
CREATE TABLE "brand_logo" (
    "project_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "bytes" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "brand_logo_pkey" PRIMARY KEY ("project_id","hash")
);

-- AddForeignKey
ALTER TABLE "brand" ADD CONSTRAINT "brand_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "brand" ADD CONSTRAINT "brand_project_id_logo_hash_fkey" FOREIGN KEY ("project_id", "logo_hash") REFERENCES "brand_logo"("project_id", "hash") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "brand_logo" ADD CONSTRAINT "brand_logo_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand: a colour goes into style sheets, and a logo is served to strangers.
ALTER TABLE "brand" ADD CONSTRAINT "brand_color" CHECK ("color" ~ '^#[0-9a-f]{6}$');
ALTER TABLE "brand_logo" ADD CONSTRAINT "brand_logo_type" CHECK ("type" IN ('png', 'jpg'));
ALTER TABLE "brand_logo" ADD CONSTRAINT "brand_logo_size" CHECK (octet_length("bytes") <= 262144);
