/** Attacks a stored classifier as a request asks, and answers in numbers or with a contact sheet. */
import { openClasses, type ClassesDataset } from '../../datasets/classes.js'
import { AppError } from '../../errors.js'
import { createAttack, type Attack, type AttackedChunk, type Budget } from '../../tensor/attack.js'
import { normOf, type Norm } from '../../tensor/balls.js'
import type { Examples } from '../../tensor/batches.js'
import type { Engine } from '../../tensor/engine.js'
import { allOf } from '../../tensor/forward.js'
import { requireClasses } from '../../tensor/heads/index.js'
import { selectCheckpoints, trainedOn } from '../bundle.js'
import type { OpenModel } from '../open-model.js'
import type { AnswerType } from '../operation.js'
import { refuse } from '../refusals.js'
import { planChecks } from './checks.js'
import type { AttackRequest, AttackResponse } from './schema.js'
import { collectSheet, isPicture } from './sheet.js'
import { checkBox, extentOf, inBothUnits, inNetworkUnits, rangeOf } from './units.js'

/**
 * Answers an attack request.
 * @throws invalid_input for what does not fit the model, no_dataset, non_finite_output, not_acceptable for a picture of what is none
 */
export function answerAttack (
  engine: Engine, model: OpenModel, request: AttackRequest, mediaType: AnswerType
): AttackResponse | Uint8Array {
  const { architecture, preprocessing } = model.bundle
  requireClasses(architecture, 'an attack')
  const dataset = openClasses(trainedOn(model.bundle).dataset)
  const { inputShape } = dataset
  const [checkpoint] = selectCheckpoints(model.bundle, request.checkpoint === undefined ? undefined : [request.checkpoint]).slice(-1)
  const data = dataset[request.examples.split]
  const indices = indicesOf(request.examples, dataset)
  const examples: Examples = { data, inputShape, preprocessing, target: data.labels }
  if (mediaType === 'image/png' && !isPicture(inputShape)) {
    throw new AppError('not_acceptable', `only inputs of [height, width, 1 or 3] have a picture, got [${inputShape.join(', ')}]`)
  }
  const { norm, objective, steps, restarts, seed } = request
  const { box, stretch, ...sizes } = inNetworkUnits(request, preprocessing, dataset)
  const range = rangeOf(examples, indices)
  if (box) checkBox(box, range)

  const budget: Budget = { ...sizes, steps, restarts, seed, startRadius: sizes.radius }
  const labels = Int32Array.from(indices, index => data.labels[index]!)
  const attack = createAttack(engine, model.networkAt(checkpoint!), { ...examples, norm, objective, box, stretch })
  try {
    if (mediaType === 'image/png') {
      const sheet = collectSheet(inputShape, box)
      runAttack(attack, { indices, norm, budget, onChunk: chunk => { sheet.add(chunk, labels) } })
      return sheet.draw()
    }
    const run = (changes: Partial<Budget>) => runAttack(attack, { indices, norm, budget: { ...budget, ...changes } })
    const outcome = run({})
    const robust = accuracyOf(outcome.attacked, labels)
    const checked = {
      norm,
      budget,
      isUsualStep: request.stepSize === undefined,
      robust,
      count: indices.length,
      width: data.inputs.length / data.count,
      extent: extentOf(box ?? range, stretch)
    }
    return {
      cleanAccuracy: accuracyOf(outcome.clean, labels),
      robustAccuracy: robust,
      norm,
      radius: inBothUnits(budget.radius, preprocessing, stretch),
      stepSize: inBothUnits(budget.stepSize, preprocessing, stretch),
      box: box ?? null,
      steps,
      restarts,
      examples: Array.from(indices, (index, i) => describe(index, labels[i]!, outcome, i)),
      checks: request.checks ? planChecks(checked).map(({ changes, judge }) => judge(accuracyOf(run(changes).attacked, labels))) : [],
      checkpoint: checkpoint!.step
    }
  } finally {
    attack.dispose()
  }
}

/** One attack on all examples of a question. */
interface Outcome {
  clean: Int32Array
  attacked: Int32Array
  /** sizes of the perturbations, in the norm */
  sizes: Float64Array
  margins: Float64Array
}

interface Work { indices: Int32Array, norm: Norm, budget: Budget, onChunk?: (chunk: AttackedChunk) => void }

/** @throws non_finite_output naming the example */
function runAttack (attack: Attack, { indices, norm, budget, onChunk }: Work): Outcome {
  const { length } = indices
  const [clean, attacked] = [new Int32Array(length), new Int32Array(length)]
  const [sizes, margins] = [new Float64Array(length), new Float64Array(length)]
  attack.run(indices, budget, chunk => {
    const { at, perturbations } = chunk
    clean.set(chunk.clean, at)
    attacked.set(chunk.attacked, at)
    const width = perturbations.length / chunk.clean.length
    chunk.margins.forEach((margin, i) => {
      if (!Number.isFinite(margin) || margin < -1e38) {
        throw new AppError('non_finite_output', `example ${indices[at + i]} must have finite logits, got ${margin} as its margin`)
      }
      margins[at + i] = margin
      sizes[at + i] = normOf(norm, perturbations.subarray(i * width, (i + 1) * width))
    })
    onChunk?.(chunk)
  })
  return { clean, attacked, sizes, margins }
}

type Described = AttackResponse['examples'][number]

function describe (index: number, label: number, { clean, attacked, sizes, margins }: Outcome, i: number): Described {
  const [predictedBefore, predictedAfter] = [clean[i]!, attacked[i]!]
  const succeeded = predictedBefore === label && predictedAfter !== label
  return { index, label, predictedBefore, predictedAfter, perturbation: sizes[i]!, margin: margins[i]!, succeeded }
}

/** @throws invalid_input naming the index that the split does not have */
function indicesOf ({ split, indices, count = 100 }: AttackRequest['examples'], dataset: ClassesDataset): Int32Array {
  const { count: all } = dataset[split]
  if (all === 0) refuse('examples.split', 'must have examples', split)
  if (indices === undefined) return allOf(Math.min(count, all))
  indices.forEach((index, i) => {
    if (index >= all) refuse(`examples.indices[${i}]`, `must be < ${all}, the examples of split ${split}`, index)
  })
  return Int32Array.from(indices)
}

function accuracyOf (predictions: Int32Array, labels: Int32Array): number {
  return predictions.reduce((sum, predicted, i) => sum + Number(predicted === labels[i]), 0) / labels.length
}
