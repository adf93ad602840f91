/** What labels the pixels of a picture at least cost, whatever the model of what two pixels with different labels cost. Types only. */

export interface Energy { unary: number, pairs: number, total: number }

/**
 * Labels a picture.
 * @param unary  [labels, height, width]: finite, or Infinity for a label that a pixel must not have
 * @param start  [height, width]: a labelling that may be near; none when left out
 */
export type Labeller = (unary: Float64Array, start?: Uint8Array) => { labelling: Uint8Array, energy: Energy }
