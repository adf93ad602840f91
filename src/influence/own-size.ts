/**
 * Pictures of another size than those that a model was trained on, asked of one that reads a class for each pixel: read at
 * their own size where its weights serve any (src/tensor/any-size.ts), with black (0) at the right and below as its strides
 * need, and answered without that.
 */
import { sizeOf } from '../math/arrays.js'
import { layWindow, type Size } from '../math/windows.js'
import { findSizeBound, shapeAround, wireOrRefusal } from '../tensor/any-size.js'
import { outputsOf, type ModelBundle } from './bundle.js'
import { refuse } from './refusals.js'
import type { RawPicture } from './raw-pictures.js'
import type { Prediction } from './schemas.js'

/** Numbers that the layers together make of one picture: half a gigabyte, of which sums and activations are alive at once. */
export const MOST_NUMBERS = 2 ** 27

/** Whether a picture has the size that the model was trained on. */
export function hasTrainedSize (bundle: Pick<ModelBundle, 'architecture' | 'fields'>, { size }: Pick<RawPicture, 'size'>): boolean {
  return outputsOf(bundle).inputShape.slice(0, 2).join() === size.join()
}

/** @param why of that rule, where other models have none @throws invalid_input naming the size that the model was trained on */
export function refuseSize ({ fields: { inputs } }: Pick<ModelBundle, 'fields'>, { size, path }: RawPicture, why = ''): never {
  const shape = 'shape' in inputs ? inputs.shape.slice(0, 2) : []
  return refuse(path, `must have the size of the pictures that the model was trained on, [${shape.join(', ')}]${why && `, for ${why}`}`, [...size])
}

/**
 * The shape that a picture is read in: its own, or a larger one.
 * @throws invalid_input where the model is bound to its size, saying by what, or the picture is too large or too small for its layers
 */
export function shapeOf (bundle: Pick<ModelBundle, 'architecture' | 'fields'>, picture: RawPicture): number[] {
  const { architecture } = bundle
  const { inputShape } = outputsOf(bundle)
  const bound = findSizeBound(architecture, inputShape)
  if (bound !== undefined) refuseSize(bundle, picture, bound)
  const shape = shapeAround(architecture, inputShape, picture.size)
  const plan = wireOrRefusal(architecture, shape)
  if (typeof plan === 'string') return refuse(picture.path, `must be a picture that the layers fit: ${plan}`, [...picture.size])
  const map = plan.at(-1)!.shape
  if (map[0] !== shape[0] || map[1] !== shape[1]) {
    refuseSize(bundle, picture, `its maps are not as large as its pictures: [${map.slice(0, 2).join(', ')}] of [${shape.slice(0, 2).join(', ')}]`)
  }
  const numbers = plan.reduce((sum, layer) => sum + sizeOf(layer.shape), 0)
  if (numbers > MOST_NUMBERS) refuse(picture.path, `must be so small that the layers make at most ${MOST_NUMBERS} numbers of it`, numbers)
  return shape
}

/** Lays a picture into a shape, with 0 at the right and below. @param values [...size, channels] */
export function fillUp (values: ArrayLike<number>, [height, width]: Size, shape: readonly number[]): Float32Array {
  const into = new Float32Array(sizeOf(shape))
  const [rows, columns, channels] = shape as [number, number, number]
  layWindow(Float32Array.from(values), { maps: 1, size: [rows, columns], numbers: channels }, { top: 0, left: 0, height, width }, into)
  return into
}

/** What is predicted of the picture itself. */
export function cutBack (prediction: Prediction, [height, width]: Size): Prediction {
  if (prediction.head !== 'class-map') throw new Error(`Only a class map is cut, got ${prediction.head}`)
  return { ...prediction, labels: prediction.labels.slice(0, height).map(row => row.slice(0, width)) }
}
