/**
 * Values to be predicted from named features: the way a vehicle takes to stop,
 * distance = speed · reaction + speed² / (2 · friction · g), g = 9.81 m/s², and normal noise on it.
 */
import { Type } from '../../../schema/type.js'
import { openStream } from '../../../math/random.js'
import type { Split } from '../../dataset.js'
import { counts, defineGenerator, seed } from '../generator.js'

/** Bounds of the features, which are uniform between them, in the order of the columns. */
const features = [
  { name: 'speed', unit: 'm/s', low: 5, high: 40 },
  { name: 'reaction', unit: 's', low: 0.5, high: 2 },
  { name: 'friction', unit: '1', low: 0.2, high: 1 }
]

/** m/s² */
const GRAVITY = 9.81

export const NonlinearSpec = Type.Object({
  type: Type.Literal('nonlinear', { description: 'The way a vehicle takes to stop' }),
  ...counts,
  noise: Type.Number({ description: 'Standard deviation of the noise on the distance (unit: m)', minimum: 0, maximum: 1000, default: 2 }),
  seed
}, {
  additionalProperties: false,
  description: 'The way a vehicle takes to stop, in m: speed · reaction + speed² / (2 · friction · 9.81) and noise; speed 5 .. 40 m/s, reaction 0.5 .. 2 s, friction 0.2 .. 1'
})

export const nonlinear = defineGenerator({
  spec: NonlinearSpec,
  describe: ({ train, test }) => ({
    fields: {
      inputs: { type: 'features', shape: [features.length], dtype: 'float32', columns: features.map(({ name, unit }) => ({ name, unit })) },
      target: { type: 'values', columns: [{ name: 'distance', unit: 'm' }] }
    },
    counts: { train, test }
  }),
  generate ({ noise, seed, train, test }) {
    const split = (name: string, count: number): Split => {
      const inputs = new Float32Array(count * features.length)
      const target = new Float32Array(count)
      const stream = openStream(seed, `nonlinear ${name}`)
      for (let i = 0; i < count; i++) {
        features.forEach(({ low, high }, j) => { inputs[i * features.length + j] = low + (high - low) * stream.uniform() })
        const [speed, reaction, friction] = inputs.subarray(i * features.length, (i + 1) * features.length)
        target[i] = stoppingDistance(speed!, reaction!, friction!) + noise * stream.normal()
      }
      return { count, arrays: { inputs, target } }
    }
    return { train: split('train', train), test: split('test', test) }
  }
})

/** The closed form, in m. */
export function stoppingDistance (speed: number, reaction: number, friction: number): number {
  return speed * reaction + speed ** 2 / (2 * friction * GRAVITY)
}
