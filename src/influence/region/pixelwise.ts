/** Which networks can be asked about regions: those whose outputs are pixel by pixel linear in their last weights. No tensor import. */
import { AppError } from '../../errors.js'
import { planOf, type Architecture } from '../../tensor/architecture.js'
import { requireHead } from '../../tensor/heads/index.js'

/** Layers without weights that are linear, do the same to each channel, and leave what is the same everywhere as it is. */
const alike = ['resize-bilinear', 'average-pool']

/** @throws invalid_input for another head, or where the last layer with weights multiplies no patches or is followed by others */
export function checkPixelwise (architecture: Architecture): void {
  requireHead(architecture, 'class-map', 'a question about regions')
  const plan = planOf(architecture)
  const last = plan.findLast(({ parameters }) => parameters.some(({ role }) => role === 'trainable'))!
  const isAlike = plan.slice(last.index + 1).every(({ layer: { type }, sources }) => alike.includes(type) && sources[0]! >= last.index)
  const activation = 'activation' in last.layer ? last.layer.activation ?? 'linear' : 'linear'
  if (isAlike && activation === 'linear' && last.kind.influence?.activations) return
  throw new AppError('invalid_input', `a question about regions must get a network that ends with a convolution without activation, and layers ${alike.join(' or ')} after it, got ${last.path} of type ${last.layer.type} as its last with weights`)
}
