/**
 * Which test examples withstand an attack within a radius, whether that attack is a weak one (src/influence/attack/checks.ts),
 * and pictures of it.
 */
import { sizeOf } from '../../../math/arrays.js'
import { checkNames, planChecks } from '../../../influence/attack/checks.js'
import { collectSheet, isPicture } from '../../../influence/attack/sheet.js'
import { extentOf, rangeOf, usualStep } from '../../../influence/attack/units.js'
import type { AttackedChunk, Budget } from '../../../tensor/attack.js'
import type { RunEvent } from '../../contract.js'
import { examplesPerBoundary } from '../../kit/cost.js'
import type { Learner } from '../../kit/learner.js'
import { inParts } from '../../kit/passes.js'
import { checkedRadius, effortOf } from './adversary.js'
import type { TrialState } from './trial-state.js'

/** A gradient costs as much as so many forward passes. */
const gradientCost = 3

/** Attacks after an epoch, lightly. */
export async function * withstandAfterEpoch (trial: TrialState, learner: Learner, radius: number): AsyncGenerator<RunEvent, void> {
  const { known, progress, work, problem: { evaluation } } = trial
  const accuracy = yield * inParts(attack(trial, budgetOf(trial, 'epoch', radius)), trial.boundary)
  known.epochs.at(-1)!.robust.push(accuracy)
  yield {
    type: 'metrics',
    step: learner.steps(),
    values: { [`robustAccuracy/${radius}`]: accuracy, ...(radius === trial.radius ? { robustError: 1 - accuracy } : {}) }
  }
  yield * progress.add(work.attack(effortOf(evaluation, 'epoch', radius)))
}

/** Attacks at the end, as hard as the spec says; pictures are drawn where the attack is checked. */
export async function * withstandAtEnd (trial: TrialState, learner: Learner, radius: number): AsyncGenerator<RunEvent, void> {
  const { known, progress, work, problem: { evaluation }, dataset: { inputShape }, threat: { box }, test: { target } } = trial
  const sheet = radius === checkedOf(trial) && isPicture(inputShape) ? collectSheet(inputShape, box) : undefined
  const accuracy = yield * inParts(attack(trial, budgetOf(trial, 'end', radius), chunk => { sheet?.add(chunk, target) }), trial.boundary)
  known.curve.push({ radius, accuracy })
  if (sheet) {
    known.sheet = learner.steps()
    yield { type: 'artifact', name: 'attacked', step: known.sheet, mediaType: 'image/png', bytes: sheet.draw() }
  }
  yield * progress.add(work.attack(effortOf(evaluation, 'end', radius)))
}

type CheckName = typeof checkNames[number]

/** The checks that a trial makes: none where no radius is above 0. */
export function checksOf (trial: TrialState): readonly CheckName[] {
  return checkedOf(trial) === undefined ? [] : checkNames
}

/** Makes one of the checks. */
export async function * checkAttack (trial: TrialState, name: CheckName): AsyncGenerator<RunEvent, void> {
  const { known, progress, work, threat: { norm, box }, test, attacked, dataset: { inputShape } } = trial
  const radius = checkedOf(trial)!
  const budget = budgetOf(trial, 'end', radius)
  const { changes, judge } = planChecks({
    norm,
    budget,
    isUsualStep: true,
    robust: known.curve.find(point => point.radius === radius)!.accuracy,
    count: attacked.length,
    width: sizeOf(inputShape),
    extent: extentOf(box ?? rangeOf(test, attacked), undefined)
  })[checkNames.indexOf(name)]!
  known.checks.push(judge(yield * inParts(attack(trial, { ...budget, ...changes }), trial.boundary)))
  yield * progress.add(work.checks / checkNames.length)
}

function checkedOf ({ problem: { evaluation: { radii } }, radius }: TrialState): number | undefined {
  return checkedRadius(radii, radius)
}

/** Starts are drawn from the seed, the same ones for all trainings and after every epoch. */
function budgetOf ({ problem: { evaluation }, random }: TrialState, when: 'epoch' | 'end', radius: number): Budget {
  const { steps, restarts } = effortOf(evaluation, when, radius)
  const stepSize = steps === 0 ? 0 : usualStep(radius, steps)
  return { radius, steps, restarts, stepSize, startRadius: radius, seed: random('attack').integer(2 ** 30) }
}

/** Attacks the examples. @returns the part of them that is still read rightly */
function * attack (trial: TrialState, budget: Budget, onChunk?: (chunk: AttackedChunk) => void): Generator<void, number> {
  const { attacked, test: { target }, architecture, engine } = trial
  let right = 0
  yield * trial.attack().runInParts(attacked, budget, chunk => {
    chunk.attacked.forEach((predicted, i) => { right += Number(predicted === target[chunk.at + i]) })
    onChunk?.(chunk)
  }, examplesPerBoundary(architecture, gradientCost, engine.backend))
  return right / attacked.length
}
