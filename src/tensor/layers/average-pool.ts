/** Mean over disjoint squares; a rest at the right and lower edge is dropped. */
import type { Tensor4D } from '@tensorflow/tfjs-core'
import { Type } from '../../schema/type.js'
import { closed, defineLayer, wiring } from './layer.js'
import { pooledShape, poolSize } from './pool.js'

export const averagePool = defineLayer({
  schema: Type.Object({
    type: Type.Literal('average-pool', { description: 'Mean of every square' }), size: poolSize, ...wiring
  }, closed),
  arity: 'one',
  shape: ({ size }, place) => pooledShape('average-pool', size, place),
  scaling: ({ size }) => ({ down: size }),
  forward: ({ size }, [x], _, { engine: { tf } }) => tf.avgPool(x as Tensor4D, size, size, 'valid')
})
