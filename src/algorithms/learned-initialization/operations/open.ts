/** What a question is about: the trained initialiser with its family, and the instances, drawn or checked. */
import { selectCheckpoints } from '../../../influence/bundle.js'
import type { OpenModel } from '../../../influence/open-model.js'
import { refuse } from '../../../influence/refusals.js'
import { openStream } from '../../../math/random.js'
import { forwardFlops } from '../../../tensor/architecture.js'
import type { Engine } from '../../../tensor/engine.js'
import type { Network } from '../../../tensor/network.js'
import type { Family, Instances } from '../families/family.js'
import { openFamily } from '../families/index.js'
import type { Details } from '../initialisers/details.js'
import { fromPredictor, type Starts } from '../initialisers/from-predictor.js'
import type { Predictor, Random } from '../initialisers/initialiser.js'
import { passesOf } from '../initialisers/val-init.js'
import { sampleInParts, takeInstances } from '../instances.js'
import { createPredictor } from '../learning/predictor.js'
import type { InitializeRequest } from './schema.js'

export interface Asked {
  family: Family
  details: Details
  instances: Instances
  /** whether they were drawn */
  drawn: boolean
  random: Random
}

/** Numbers of an answer: some ten megabytes of JSON. */
const MOST_NUMBERS = 1_000_000
/** Rows that the network is asked about at once. */
const MOST_ROWS = 2 ** 16

/** What an answer is bounded by. */
export interface Bounds {
  /** numbers that an answer has for each instance, when it does not repeat the instance */
  numbersOf (asked: Pick<Asked, 'family' | 'details'>): number
  /** floating-point operations of the network */
  flops: number
}

/**
 * Opens a question.
 * @throws invalid_input for a row that is no instance, and for more instances than an answer can have
 */
export function openAsked (
  { bundle }: OpenModel, { instances: rows, count, seed }: InitializeRequest, { numbersOf, flops }: Bounds
): Asked {
  const details = bundle.details as unknown as Details
  const family = openFamily(details.family)
  const random: Random = (purpose, ...keys) => openStream(seed, purpose, ...keys)
  const drawn = rows === undefined
  const wanted = rows?.length ?? count!
  const numbers = numbersOf({ family, details }) + (drawn ? family.instanceSize : 0)
  refuseMore(drawn, wanted, MOST_NUMBERS / numbers, `an answer has at most ${MOST_NUMBERS} numbers`)
  const passes = details.initialiser.type === 'val-init' ? passesOf(details.initialiser) : 1
  refuseMore(drawn, wanted, flops / passes / forwardFlops(bundle.architecture), `${passes} passes of the network each`)
  return { family, details, instances: drawn ? draw(family, wanted, random) : read(family, rows), drawn, random }
}

/** @param reason why there may be no more @throws invalid_input */
export function refuseMore (drawn: boolean, wanted: number, most: number, reason: string): void {
  if (wanted > most) refuse(drawn ? 'count' : 'instances', `must be at most ${Math.floor(most)} instances: ${reason}`, wanted)
}

function read ({ instanceSize, least = -Infinity }: Family, rows: number[][]): Instances {
  const data = new Float64Array(rows.length * instanceSize)
  rows.forEach((row, i) => {
    if (row.length !== instanceSize) refuse(`instances[${i}]`, `must have ${instanceSize} numbers`, row.length)
    const wrong = row.findIndex(value => !(Number.isFinite(value) && value >= least))
    if (wrong >= 0) refuse(`instances[${i}][${wrong}]`, least === -Infinity ? 'must be finite' : `must be finite and >= ${least}`, row[wrong])
    data.set(row, i * instanceSize)
  })
  return { count: rows.length, data }
}

function draw (family: Family, count: number, random: Random): Instances {
  const drawing = sampleInParts(family, count, random, 'test instances')
  for (;;) {
    const { done, value } = drawing.next()
    if (done) return value
  }
}

/** Gives the starts of all instances: those that a trial of the same seed would give them. */
export function startAll (engine: Engine, model: OpenModel, { family, details, instances, random }: Asked): Starts {
  const { initialiser } = details
  const candidates = initialiser.type === 'val-init' ? initialiser.candidates : 1
  const starts = fromPredictor(family, details, predictorOf(engine, model))
  const states = new Float64Array(instances.count * family.size)
  const predicted = initialiser.type === 'val-init' ? new Float32Array(instances.count * candidates) : undefined
  const part = Math.max(1, Math.floor(MOST_ROWS / candidates))
  for (let from = 0; from < instances.count; from += part) {
    const some = starts(takeInstances(instances, from, Math.min(instances.count, from + part)), from, random)
    states.set(some.states, from * family.size)
    predicted?.set(some.predicted!, from * candidates)
  }
  return { states, predicted }
}

/** Compiled once for a network; its memory goes with it. */
const predictors = new WeakMap<Network, Predictor>()

/** The network with the weights of the last checkpoint. */
function predictorOf (engine: Engine, { bundle, networkAt }: OpenModel): Predictor {
  const network = networkAt(selectCheckpoints(bundle, undefined).at(-1)!)
  const known = predictors.get(network) ?? createPredictor(engine, network)
  predictors.set(network, known)
  return known
}

/** Row i of so many numbers each. */
export function rowOf (numbers: Float64Array | Float32Array, i: number, width: number): number[] {
  return [...numbers.subarray(i * width, (i + 1) * width)]
}

/** What every answer begins with. */
export function headOf ({ family, instances, drawn }: Asked) {
  const { objective, instanceSize } = family
  const rows = drawn ? { instances: Array.from({ length: instances.count }, (_, i) => rowOf(instances.data, i, instanceSize)) } : {}
  return { objective, ...rows }
}
