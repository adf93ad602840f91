/** Maximum over disjoint squares; a rest at the right and lower edge is dropped. */
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { closed, defineLayer, wiring } from './layer.js'
import { pooledShape, poolSize } from './pool.js'

export const maxPool = defineLayer({
  schema: Type.Object({
    type: Type.Literal('max-pool', { description: 'Largest value of every square' }), size: poolSize, ...wiring
  }, closed),
  arity: 'one',
  shape: ({ size }, place) => pooledShape('max-pool', size, place),
  scaling: ({ size }) => ({ down: size }),
  forward: ({ size }, [x], _, { engine: { tf } }) => tf.maxPool(x as Tensor4D, size, size, 'valid'),
  selects: true
})
