/** What the routes are given: everything that is opened once per process and closed with it. Types only. */
import type { PgBoss } from 'pg-boss'
import type { Config } from '../config.js'
import type { Renderer } from '../figures/renderer.js'
import type { Bus } from '../storage/bus.js'
import type { BlobStore } from '../storage/blobs.js'
import type { Database } from '../storage/database.js'
import type { Catalog } from '../datasets/catalog/index.js'
import type { DatasetPool } from '../datasets/dataset-pool.js'
import type { SegmentPool } from '../segmentation/pictures/pool.js'
import type { StreamOptions } from './stream/options.js'

export interface Parts {
  db: Database
  blobs: BlobStore
  bus: Bus
  boss: PgBoss
  /** turns uploads and generator specs into data sets, in a thread */
  datasetPool: DatasetPool
  /** well-known data sets by name */
  catalog: Catalog
  /** segments pictures, in threads */
  segmentPool: SegmentPool
  /** draws figures, in a thread */
  renderer: Renderer
  /** this process's own, for uploads while they are worked on */
  temporaryFolder: string
}

/** What a file of routes is made with. */
export interface RouteContext {
  config: Config
  parts: Parts
  streams: StreamOptions
}
