/** Tells the Prisma command line where the schema is; the service itself connects through src/storage/database.ts. */
import { defineConfig } from 'prisma/config'

export default defineConfig({ schema: 'prisma/schema.prisma' })
