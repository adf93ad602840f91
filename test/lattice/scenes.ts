/** Pictures that filters and dense CRFs are tried on. */
import type { RandomStream } from '../../src/math/random.js'
import type { DensePicture } from '../../src/lattice/pairwise.js'

export const scenes = ['smooth', 'flat', 'edges'] as const

/** A picture of one kind, in three channels, with noise but where it is flat. */
export function drawScene (kind: typeof scenes[number], side: number, stream: RandomStream): DensePicture {
  const waves = Array.from({ length: 9 }, () => [6 * stream.uniform() / side, 6 * stream.uniform() / side, 6 * stream.uniform()] as const)
  const pixels = Float64Array.from({ length: 3 * side * side }, (_, i) => {
    const channel = i % 3
    const [x, y] = [Math.floor(i / 3) % side, Math.floor(i / 3 / side)]
    if (kind === 'flat') return 100 + 20 * channel
    if (kind === 'edges') return ((x < y) === (channel < 2) ? 60 : 200) + 10 * stream.normal()
    const sum = waves.slice(3 * channel, 3 * channel + 3).reduce((total, [a, b, phase]) => total + Math.sin(a * x + b * y + phase), 0)
    return 128 + 30 * sum + 4 * stream.normal()
  })
  return { width: side, height: side, channels: 3, pixels }
}
