/** What models of the kind can be asked: their first kernels, as numbers or as a picture. */
import { Type } from '../../../src/schema/type.js'
import { closed } from '../../../src/choices.js'
import { defineOperation } from '../../../src/influence/operation.js'

export const kernels = defineOperation({
  title: 'Ask for the kernels of the first layer',
  description: 'Of the last checkpoint. With Accept: image/png side by side.',
  request: Type.Object({}, closed),
  response: Type.Object({ shape: Type.Array(Type.Integer()), numbers: Type.Array(Type.Number()) }, closed),
  mediaTypes: ['application/json', 'image/png'],
  codes: [],
  load: async () => {
    const { drawKernels, firstKernels } = await import('./kernels.js')
    return {
      run (_, { bundle }, __, mediaType) {
        const first = firstKernels(bundle.checkpoints.at(-1)!.arrays)
        return mediaType === 'image/png' ? drawKernels(first) : { shape: first.shape, numbers: [...first.data] }
      }
    }
  }
})
