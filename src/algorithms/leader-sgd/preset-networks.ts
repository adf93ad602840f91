/** The convolutional network of the paper. */
import type { Cnn, CnnLayer } from '../kit/preset-networks.js'

const conv = (filters: number, kernel: number): CnnLayer =>
  ({ type: 'conv', filters, kernel, stride: 1, padding: 'valid', activation: 'relu' })

/**
 * CNN7, for pictures of 22 x 22 or more. As in the released code there is no activation after the first dense layer. Of 28 x 28,
 * to which the paper crops, it flattens 256 numbers; of the whole 32 x 32, 576.
 */
export const cnn7: Cnn = {
  type: 'cnn',
  layers: [
    conv(64, 5), { type: 'max-pool', size: 2 }, conv(128, 5), { type: 'max-pool', size: 2 }, conv(64, 3),
    { type: 'dense', units: 256, activation: 'linear' }, { type: 'dropout', rate: 0.5 }
  ]
}
