/**
 * Linear classifiers on MNIST, 2 against 9, over HTTP: the paper's experiment. The digits are separable, which a certified
 * margin says, and the margins of clean training and of training against l2 perturbations below it grow. Which of the two is ahead
 * is no aim here: 20,000 steps are too few to tell. A cheap cut of the preset `mnist-2-9`. Called by check.ts with its service.
 */
import assert from 'node:assert/strict'
import type { AdversarialResult, LinearResult } from '../../src/algorithms/adversarial-bias/result.js'
import { train } from '../helpers/experiments.js'
import type { Service } from '../helpers/service.js'

type Aim = (name: string, value: number, is: 'at least' | 'at most', limit: number) => void

interface Trial { id: string, arm: string, result: AdversarialResult }

/** A lower bound that a plain program came to: 8 restarts of L-BFGS on the logistic loss (prototypes/oracles/separability_mnist.py). */
const leastMargin = 0.0297

/**
 * Trains clean and at 0.9 gamma, stochastic steps alone.
 * @param datasetId  MNIST, as uploaded by the caller
 * @param aim        prints a figure beside its aim, and asserts it
 */
export async function checkSeparable (service: Service, datasetId: string, aim: Aim): Promise<void> {
  const { id, seconds } = await train(service, {
    kind: 'adversarial-bias',
    preset: 'mnist-2-9',
    overrides: {
      problem: { points: { data: { datasetId } }, steps: 20_000, batch: 128 },
      trainings: [{}, { radius: { type: 'fraction', of: 0.9 } }]
    }
  })
  const { trials } = await service.json<{ trials: Trial[] }>('GET', `/v1/experiments/${id}`)
  const ended = await Promise.all(trials.map(async trial => await service.json<Trial>('GET', `/v1/trials/${trial.id}`)))
  const [clean, moved] = ['clean', 'l2 0.9 gamma'].map(arm => ended.find(trial => trial.arm === arm)!.result.of as LinearResult) as [LinearResult, LinearResult]
  assert.deepEqual([clean.points, clean.dimensions], [11_907, 657])
  const [plain, robust] = [clean.curve.at(-1)!, moved.curve.at(-1)!]
  process.stdout.write(`  ${Math.round(seconds)} s; largest margin ${clean.clean!.margin}, ${clean.clean!.supports} digits with a weight; ` +
    `after 20,000 steps clean ${plain.margin.toPrecision(3)}, error ${plain.directionError.toPrecision(3)}, at 0.9 gamma ${robust.margin.toPrecision(3)}, ${robust.directionError.toPrecision(3)}\n`)
  aim('largest margin of 2 against 9', clean.clean!.margin, 'at least', leastMargin)
  aim('how far below its bound that is, relatively', clean.clean!.gap, 'at most', 1e-8)
  for (const [name, { curve }] of [['clean training', clean], ['training at 0.9 gamma', moved]] as const) {
    const before = curve.findLast(({ step }) => step <= 2000)!
    aim(`margin of ${name} after 20,000 steps over that after 2,000`, curve.at(-1)!.margin - before.margin, 'at least', 0)
  }
}
