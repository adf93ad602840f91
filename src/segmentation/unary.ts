/** What it costs every pixel to have each label: by its colour, and without bound where a seed says another. */
import { UNLABELLED } from '../datasets/unlabelled.js'
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { costsByHistogram, countColours } from './colours/histogram.js'
import { coloursOf, type LabelColours } from './colours/label-colours.js'
import { interiorOf } from './colours/interior.js'
import { openMixtures } from './colours/mixtures.js'
import { defaults, type ColourModel } from './spec.js'

export interface UnaryModel {
  /** times that pixels are labelled in all */
  iterations: number
  /** Learns the colours that labels have. @param labelling [height, width]: one of all pixels, or the seeds */
  learn (labelling: Uint8Array): void
  /** D of the colours as they were learnt: [labels, height, width]; 0 of the label that a seed says, Infinity of others */
  costs (): Float64Array
}

/** Opens the model of a picture's colours. @param seeds [height, width] */
export function openUnary (picture: Pixels, seeds: Uint8Array, labels: number, model: ColourModel): UnaryModel {
  const pixels = seeds.length
  const unary = new Float64Array(labels * pixels)
  const given = listSeeds(seeds)
  const learnt = openColours(picture, seeds, labels, model)
  const weight = model.type === 'none' ? 0 : model.weight ?? defaults.weight

  return {
    iterations: model.type === 'none' ? 1 : model.iterations ?? defaults.iterations,
    learn (labelling) {
      const inside = interiorOf(labelling, seeds, picture.width)
      for (let label = 0; label < labels; label++) learnt.learn(label, inside)
    },
    costs () {
      for (let label = 0; label < labels; label++) {
        const costs = unary.subarray(label * pixels, (label + 1) * pixels)
        learnt.cost(label, costs)
        if (weight !== 1) scale(costs, weight)
        for (const p of given) costs[p] = seeds[p] === label ? 0 : Infinity
      }
      return unary
    }
  }
}

function scale (costs: Float64Array, weight: number): void {
  for (let p = 0; p < costs.length; p++) costs[p]! *= weight
}

/** Pixels that have a seed. */
function listSeeds (seeds: Uint8Array): Int32Array {
  const given = new Int32Array(seeds.length)
  let count = 0
  for (let p = 0; p < seeds.length; p++) if (seeds[p] !== UNLABELLED) given[count++] = p
  return given.slice(0, count)
}

function openColours (pixels: Pixels, seeds: Uint8Array, labels: number, model: ColourModel): LabelColours {
  switch (model.type) {
    case 'none': return { learn () {}, cost () {} }
    case 'histogram': {
      const histograms = new Array<ReturnType<typeof countColours>>(labels)
      return {
        learn (label, labelling) {
          histograms[label] = countColours(coloursOf(pixels, labelling, label), pixels.channels, model.bins ?? defaults.bins)
        },
        cost (label, costs) { costsByHistogram(histograms[label]!, pixels.data, costs) }
      }
    }
    case 'mixture': return openMixtures(pixels, seeds, labels, model.components ?? defaults.components, model.seed ?? defaults.seed)
  }
}
