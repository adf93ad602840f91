/** What it costs every pixel to have each label: by its colour, and without bound where a seed says another. */
import { UNLABELLED } from '../datasets/unlabelled.js'
import type { Pixels } from '../datasets/formats/pictures/picture.js'
import { openStream } from '../math/random.js'
import { costsByHistogram, countColours } from './colours/histogram.js'
import { costsOf, fitMixture, refitMixture, type Mixture } from './colours/mixture.js'
import type { ColourModel } from './spec.js'

export interface UnaryModel {
  /** times that pixels are labelled in all */
  iterations: number
  /** Learns the colours that labels have. @param labelling [height, width]: one of all pixels, or the seeds */
  learn (labelling: Uint8Array): void
  /** D of the colours as they were learnt: [labels, height, width]; 0 of the label that a seed says, Infinity of others */
  costs (): Float64Array
}

/** Opens the model of a picture's colours. @param seeds [height, width] */
export function openUnary ({ channels, data }: Pixels, seeds: Uint8Array, labels: number, model: ColourModel): UnaryModel {
  const pixels = seeds.length
  const unary = new Float64Array(labels * pixels)
  const ofLabel = Array.from({ length: labels }, (_, label) => unary.subarray(label * pixels, (label + 1) * pixels))
  const learnt = openColours(model, channels, labels)

  return {
    iterations: model.type === 'none' ? 1 : model.iterations ?? 2,
    learn (labelling) {
      for (let label = 0; label < labels; label++) learnt.learn(label, () => coloursOf(labelling, label))
    },
    costs () {
      const weight = model.type === 'none' ? 0 : model.weight ?? 1
      for (const [label, costs] of ofLabel.entries()) {
        learnt.cost(label, data, costs)
        for (let p = 0; p < pixels; p++) {
          const seed = seeds[p]!
          costs[p] = seed === UNLABELLED ? costs[p]! * weight : seed === label ? 0 : Infinity
        }
      }
      return unary
    }
  }

  function coloursOf (labelling: Uint8Array, label: number): Uint8Array {
    let count = 0
    for (let p = 0; p < pixels; p++) count += Number(labelling[p] === label)
    const colours = new Uint8Array(count * channels)
    for (let p = 0, at = 0; p < pixels; p++) {
      if (labelling[p] === label) for (let channel = 0; channel < channels; channel++) colours[at++] = data[p * channels + channel]!
    }
    return colours
  }
}

/** The colours of labels, one by one. */
interface LabelColours {
  learn (label: number, colours: () => Uint8Array): void
  cost (label: number, colours: Uint8Array, costs: Float64Array): void
}

function openColours (model: ColourModel, channels: 1 | 3, labels: number): LabelColours {
  switch (model.type) {
    case 'none': return { learn () {}, cost () {} }
    case 'histogram': {
      const histograms = new Array<ReturnType<typeof countColours>>(labels)
      return {
        learn (label, colours) { histograms[label] = countColours(colours(), channels, model.bins ?? 16) },
        cost (label, colours, costs) { costsByHistogram(histograms[label]!, colours, costs) }
      }
    }
    case 'mixture': {
      const mixtures = new Array<Mixture | undefined>(labels)
      return {
        learn (label, colours) {
          const known = mixtures[label]
          mixtures[label] = known === undefined
            ? fitMixture(colours(), channels, model.components ?? 5, openStream(model.seed ?? 0, 'colours', label))
            : refitMixture(known, colours())
        },
        cost (label, colours, costs) { costsOf(mixtures[label]!, colours, costs) }
      }
    }
  }
}
