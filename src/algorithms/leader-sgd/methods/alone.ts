/** sgd and independent: workers that never exchange. */
import type { Vector } from '../../../exchange/exchange.js'
import { without, type Method } from './method.js'

/** Makes the method. */
export function createAlone<V extends Vector> (): Method<V> {
  return {
    ...without,
    period: Infinity,
    agree () {},
    follow () {},
    traffic: () => ({ sent: 0, received: 0 }),
    sequential: () => 0
  }
}
