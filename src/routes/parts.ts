/** What the routes are given: everything that is opened once per process and closed with it. Types only. */
import type { PgBoss } from 'pg-boss'
import type { Config } from '../config.js'
import type { Artist } from '../figures/artist.js'
import type { Bus } from '../storage/bus.js'
import type { BlobStore } from '../storage/blobs.js'
import type { Database } from '../storage/database.js'
import type { Preparer } from '../datasets/preparer.js'
import type { StreamOptions } from './stream/options.js'

export interface Parts {
  db: Database
  blobs: BlobStore
  bus: Bus
  boss: PgBoss
  /** turns uploads and generator specs into data sets, in a thread */
  preparer: Preparer
  /** draws figures, in a thread */
  artist: Artist
  /** this process's own, for uploads while they are worked on */
  temporaryFolder: string
}

/** What a file of routes is made with. */
export interface RouteContext {
  config: Config
  parts: Parts
  streams: StreamOptions
}
