/** What it costs every pixel to have each label: by its colour, and without bound where a seed says another. */
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { costsByHistogram, countColours } from './colours/histogram.js'
import { openInterior } from './colours/interior.js'
import { openColours, type LabelColours } from './colours/label-colours.js'
import { openMixtures } from './colours/mixtures.js'
import { SLACK, type KernelPicture } from './kernels.js'
import { defaults, type ColourModel } from './spec.js'

export interface UnaryModel {
  /** times that pixels are labelled in all */
  iterations: number
  /** Learns the colours that labels have. @param labelling [height, width]: one of all pixels, or the seeds */
  learn (labelling: Uint8Array): void
  /** D of the colours as they were learnt: [labels, height, width]; 0 of the label that a seed says, Infinity of others */
  costs (): Float64Array
}

/** Opens the model of a picture's colours, beside the picture. @param seeds [height, width] */
export function openUnary (picture: KernelPicture, samples: Pixels, seeds: Uint8Array, labels: number, model: ColourModel): UnaryModel {
  const { kernels, pixels } = picture
  const unary = picture.lay(8 * (labels * pixels + SLACK))
  const seedsAt = picture.lay(pixels + SLACK)
  picture.bytesAt(seedsAt, pixels).set(seeds)
  const interior = openInterior(picture, seedsAt)
  const colours = openLabelColours()
  const weight = model.type === 'none' ? 0 : model.weight ?? defaults.weight

  return {
    iterations: model.type === 'none' ? 1 : model.iterations ?? defaults.iterations,
    learn (labelling) {
      interior.find(labelling)
      for (let label = 0; label < labels; label++) colours.learn(label)
    },
    costs () {
      // In this order: what is written behind the costs of a label is the next one's.
      for (let label = 0; label < labels; label++) colours.cost(label, unary + 8 * label * pixels)
      const costs = picture.numbersAt(unary, labels * pixels)
      if (weight !== 1) for (let i = 0; i < costs.length; i++) costs[i]! *= weight
      kernels.fixSeeds(pixels, labels, seedsAt, unary)
      return costs
    }
  }

  function openLabelColours (): LabelColours {
    switch (model.type) {
      case 'none': return { learn () {}, cost: (_, place) => { picture.numbersAt(place, pixels).fill(0) } }
      case 'histogram': {
        const histograms = new Array<ReturnType<typeof countColours>>(labels)
        const coloursOf = openColours(picture, interior.place)
        return {
          learn (label) { histograms[label] = countColours(coloursOf(label), samples.channels, model.bins ?? defaults.bins) },
          cost (label, place) { costsByHistogram(histograms[label]!, samples.data, picture.numbersAt(place, pixels)) }
        }
      }
      case 'mixture': {
        const { components = defaults.components, seed = defaults.seed } = model
        return openMixtures(picture, { seeds: seedsAt, taught: interior.place }, labels, { components, seed })
      }
    }
  }
}
