/** What an arm is: one method with one length of scribbles. */
import type { Method, Pairs } from './methods.js'
import type { SegmentationSpec } from './spec.js'

export interface Arm { name: string, method: Method, length: number | undefined }

/** All arms, in the order of the spec. What reads no scribbles is one arm. */
export function armsOf ({ methods, scribbles }: Pick<SegmentationSpec, 'methods' | 'scribbles'>): Arm[] {
  return methods.flatMap(method => lengthsOf(method, scribbles).map(length => ({ name: nameOf(method, length), method, length })))
}

/** The spec of one arm's trials: the one method and the one length. */
export function specOf (spec: SegmentationSpec, { method, length }: Arm): SegmentationSpec {
  const scribbles = spec.scribbles.type === 'drawn' && length !== undefined ? { ...spec.scribbles, lengths: [length] } : spec.scribbles
  return { ...spec, methods: [method], scribbles }
}

/** Full supervision has the masks, and a sweep trains nothing. */
export function readsScribbles ({ type }: Method): boolean {
  return type !== 'full' && type !== 'sweep'
}

function lengthsOf (method: Method, scribbles: SegmentationSpec['scribbles']): (number | undefined)[] {
  if (scribbles.type === 'stored') return [undefined]
  return readsScribbles(method) ? scribbles.lengths : scribbles.lengths.slice(0, 1)
}

function nameOf (method: Method, length: number | undefined): string {
  return [method.name ?? sayMethod(method), ...(length === undefined || !readsScribbles(method) ? [] : [`length ${length}`])].join(', ')
}

/**
 * 'grid adm 5', 'dense 10 gd 1' for a Gaussian of 10 pixels, 'dense 10 at 1/4 gd 1' at a quarter of the size, 'grid gd quadratic 0.3';
 * of sweeps 'grid', 'grid tv ramp 2'.
 */
function sayMethod (method: Method): string {
  switch (method.type) {
    case 'gd': return [sayPairs(method.pairs), 'gd', ...(method.relaxation === 'bilinear' ? [] : [method.relaxation]), method.lambda].join(' ')
    case 'adm': return [sayPairs(method.pairs), 'adm', method.lambda].join(' ')
    case 'sweep': return [sayPairs(method.pairs), ...(method.ramp === 0 ? [] : [...(method.relaxation === 'bilinear' ? [] : [method.relaxation]), `ramp ${method.ramp}`])].join(' ')
    default: return method.type
  }
}

function sayPairs (pairs: Pairs): string {
  if (pairs.type === 'grid') return 'grid'
  return `dense ${pairs.position}${pairs.scale === 1 ? '' : ` at 1/${pairs.scale}`}`
}
