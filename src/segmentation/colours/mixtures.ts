/** The colours of a picture's labels as mixtures, of the seeds and then of what was found (mixture.ts), for all pixels at once. */
import { openStream } from '../../math/random.js'
import { SLACK, type KernelPicture } from '../kernels.js'
import { fitMixture, refitMixture, SIZE, type Mixture } from './mixture.js'
import { openColours, type LabelColours } from './label-colours.js'

/** @property components of a label, at most @property seed of the random choice of the first Gaussians */
export interface MixtureOptions { components: number, seed: number }

/** @param seeds, taught where they lie: Uint8 [height, width]; the pixels that teach are seeds and others */
export function openMixtures (
  picture: KernelPicture, { seeds, taught }: Record<'seeds' | 'taught', number>, labels: number, { components, seed }: MixtureOptions
): LabelColours {
  const { kernels, pixels, channels } = picture
  const [gaussiansAt, ownAt, foundAt] = [0, 1, 2].map(() => picture.lay(8 * SIZE * components)) as [number, number, number]
  const likeliest = Array.from({ length: labels }, () => picture.lay(pixels + SLACK))
  const coloursOf = openColours(picture, taught)
  const mixtures = new Array<Mixture | undefined>(labels)

  return {
    learn (label) {
      const known = mixtures[label]
      mixtures[label] = known === undefined
        ? fitMixture(coloursOf(label), channels, components, openStream(seed, 'colours', label))
        : refit(known, label)
    },
    cost (label, place) {
      const { gaussians } = mixtures[label]!
      picture.numbersAt(gaussiansAt, gaussians.length).set(gaussians)
      kernels.costs(pixels, gaussiansAt, gaussians.length / SIZE, place, likeliest[label]!)
    }
  }

  function refit (mixture: Mixture, label: number): Mixture {
    const size = mixture.gaussians.length
    const [own, found] = [picture.numbersAt(ownAt, size).fill(0), picture.numbersAt(foundAt, size).fill(0)]
    kernels.addMoments(pixels, label, taught, seeds, likeliest[label]!, ownAt, foundAt)
    return refitMixture(mixture, own, found)
  }
}
