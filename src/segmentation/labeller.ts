/** What labels the pixels of a picture at least cost, whatever the model of what two pixels with different labels cost. */

export interface Energy { unary: number, pairs: number, total: number }

/** unary: [labels, height, width], finite, or Infinity for a label that a pixel must not have; labellings: [height, width] */
export interface Labeller {
  /** Labels a picture. @param start a labelling that may be near */
  label (unary: Float64Array, start: Uint8Array): Uint8Array
  energyOf (unary: Float64Array, labelling: Uint8Array): Energy
  /** Gives its memory back; nothing is asked of it any more. */
  close (): void
}
