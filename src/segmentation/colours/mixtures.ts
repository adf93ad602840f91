/** The colours of a picture's labels as mixtures, of the seeds and then of what was found (mixture.ts), for all pixels at once. */
import type { Pixels } from '../../datasets/formats/pictures/picture.js'
import { openStream } from '../../math/random.js'
import { loadKernels } from '../kernels.js'
import { fitMixture, refitMixture, SIZE, type Mixture } from './mixture.js'
import { coloursOf, type LabelColours } from './label-colours.js'

/** @param seeds [height, width] @param components of a label, at most @param seed of the random choice of the first Gaussians */
export function openMixtures (pixels: Pixels, seeds: Uint8Array, labels: number, components: number, seed: number): LabelColours {
  const count = seeds.length
  const ofMoments = 8 * SIZE * components
  const { kernels, buffer, places } = loadKernels(pixels, [
    ofMoments, ofMoments, ofMoments, count, count, 8 * (count + SLACK), labels * (count + SLACK)
  ])
  const [gaussiansAt, ownAt, foundAt, seedsAt, labellingAt, costsAt, likeliestAt] =
    places as [number, number, number, number, number, number, number]
  const numbersAt = (place: number, length: number): Float64Array => new Float64Array(buffer, place, length)
  const [given, current] = [new Uint8Array(buffer, seedsAt, count), new Uint8Array(buffer, labellingAt, count)]
  given.set(seeds)
  const mixtures = new Array<Mixture | undefined>(labels)
  const likeliestOf = (label: number): number => likeliestAt + label * (count + SLACK)

  return {
    learn (label, labelling) {
      const known = mixtures[label]
      mixtures[label] = known === undefined
        ? fitMixture(coloursOf(pixels, labelling, label), pixels.channels, components, openStream(seed, 'colours', label))
        : refit(known, label, labelling)
    },
    cost (label, costs) {
      const { gaussians } = mixtures[label]!
      numbersAt(gaussiansAt, gaussians.length).set(gaussians)
      kernels.costs(count, gaussiansAt, gaussians.length / SIZE, costsAt, likeliestOf(label))
      costs.set(numbersAt(costsAt, count))
    }
  }

  function refit (mixture: Mixture, label: number, labelling: Uint8Array): Mixture {
    const [own, found] = [ownAt, foundAt].map(place => numbersAt(place, mixture.gaussians.length).fill(0)) as [Float64Array, Float64Array]
    current.set(labelling)
    kernels.addMoments(count, label, labellingAt, seedsAt, likeliestOf(label), ownAt, foundAt)
    return refitMixture(mixture, own, found)
  }
}

/** Four pixels are written at once. */
const SLACK = 3
