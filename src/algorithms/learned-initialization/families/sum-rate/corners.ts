/** Two users: a corner is the best point (Gjendemsjø, Gesbert, Øien, Kiani 2008, "Binary power control for sum rate maximization"). */
import type { Instances } from '../family.js'
import type { Channel } from './channels.js'
import { powerGradients } from './rates.js'

/** The sum rate of the best of the corners 10, 01, 11 of each instance, [count]. K must be 2. */
export function bestCorners ({ count, data }: Instances, { users, noise, power }: Channel): Float64Array {
  if (users !== 2) throw new Error(`Corners are known to be best for 2 users, got ${users}`)
  const corners = [[power, 0], [0, power], [power, power]].map(corner => Float64Array.from(corner))
  return Float64Array.from({ length: count }, (_, n) => {
    const gains = data.subarray(n * 4, n * 4 + 4)
    return Math.max(...corners.map(p => powerGradients(gains, p, noise)))
  })
}
