/** What layers that slide a square kernel over pictures share. */
import { Type } from '../../schema/type.js'
import { choice } from '../../choices.js'
import { extentOf, paddingOf, type Windows } from '../patches.js'
import { refuse } from './layer.js'

/** Fields of such a layer. */
export const sliding = {
  kernel: Type.Integer({ description: 'Height and width of the kernel (unit: pixels)', minimum: 1, maximum: 31, default: 3 }),
  stride: Type.Integer({ description: 'Pixels between neighbouring positions (unit: pixels)', minimum: 1, maximum: 16, default: 1 }),
  padding: choice(['same', 'valid'], {
    default: 'same', description: 'same keeps the size at stride 1 (zeros around the picture), valid stays inside the picture'
  })
}

/** The field of those whose kernel can be spread. */
export const spreading = {
  dilation: Type.Optional(Type.Integer({
    description: 'Pixels between the kernel’s numbers, 1 when left out; more than 1 only at stride 1', minimum: 1, maximum: 32
  }))
}

/** Positions of the kernel along one axis. @throws invalid_spec when the picture is smaller than the kernel */
export function positionsAlong (size: number, windows: Windows, path: string): number {
  const extent = extentOf(windows)
  if (windows.padding === 'valid' && size < extent) refuse(path, `needs a picture of at least ${extent} pixels a side`, [size])
  return paddingOf(size, windows).positions
}

/** @throws invalid_spec when a kernel is spread and moves by more than a pixel: no kernel computes the gradient of both */
export function checkSpread ({ stride, dilation = 1 }: Windows, path: string): void {
  if (stride > 1 && dilation > 1) refuse(path, 'must have stride 1 where dilation is more than 1', { stride, dilation })
}
