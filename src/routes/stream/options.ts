/** The clocks and bounds of streams, in one place because the documentation promises them. */
import type { AdmissionOptions } from './admissions.js'
import type { FeedOptions } from './feeds.js'
import type { Patience } from './keep-alive.js'

export interface StreamOptions extends Patience, Pick<FeedOptions, 'lookEveryMs'>, Pick<AdmissionOptions, 'checkEveryMs'> {
  /** a quiet stream says where it is after this long */
  headEveryMs: number
  /** bytes that may wait for one client in this process: about 2,000 frames; larger gains nothing on a local network */
  highWaterBytes: number
}

/** head after 15 s, the stream of a revoked key ended within 15 s, a client that takes nothing cut after about 3 minutes. */
export const streamDefaults: StreamOptions = {
  headEveryMs: 15_000, lookEveryMs: 15_000, checkEveryMs: 5000, pingEveryMs: 15_000, patienceMs: 180_000, highWaterBytes: 256 * 1024
}
