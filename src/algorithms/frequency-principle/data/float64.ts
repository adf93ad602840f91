/**
 * A small network on a data set in Float64: line searches go on where float32 stalls, and methods that need the whole
 * Hessian, or no gradient at all, can be had. All examples at once.
 */
import { createOptimizer, type OptimizerSettings } from '../../../optimizers/index.js'
import { splitWeights } from '../../../tensor/flat-weights.js'
import { parameterShapes } from '../../../tensor/architecture.js'
import { classifierNetOf, createClassifier, drawWeights } from '../../../tensor/float64/classifier.js'
import type { RunContext } from '../../contract.js'
import { evaluationsPerBoundary } from '../work.js'
import { seenInputs } from './inputs.js'
import { judgeOutputs } from './look.js'
import { classifierSize } from './size.js'
import type { Task, Training } from './training.js'

/** Opens the training: afresh, from the weights that float32 has for the same seed, or where its optimizer was saved. */
export function openFloat64 ({ random }: Pick<RunContext, 'random'>, task: Task): Training {
  const { spec, target: { loss }, optimizer, inputs: { examples, architecture }, goal, budget, saved } = task
  const { gradientTolerance = 1e-5, targetValue } = spec
  const { target: labels } = examples
  const parameters = parameterShapes(architecture)
  const objective = createClassifier(classifierNetOf(architecture), { x: seenInputs(examples), labels }, loss)
  const settings = { ...optimizer, gradientTolerance, ...(targetValue === undefined ? {} : { targetValue }) } as OptimizerSettings
  const start = drawWeights(architecture, random('init'))
  const learner = createOptimizer(settings, objective, { start, random, budget, ...(saved ? { state: saved } : {}) })
  return {
    learner,
    evaluationsPerBoundary: evaluationsPerBoundary(classifierSize(architecture, labels.length)),
    precision: `Float64 throughout; gradientTolerance ${gradientTolerance}`,
    look: () => judgeOutputs(objective.outputs(learner.theta), { labels, goal, loss }),
    weights: () => splitWeights(parameters, learner.theta),
    close () {}
  }
}
