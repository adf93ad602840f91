/**
 * How fast the service is over HTTP and WebSocket on loopback (`npm run bench:service`), whatever the trials compute:
 * submissions and charts (service/database.ts).
 */
import { record } from './record.js'
import { measureDatabase } from './service/database.js'

await record('service', await measureDatabase(), { node: process.version })
