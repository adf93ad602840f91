/**
 * Power allocation on interference channels: K senders, each with its own receiver, all heard by all (the setting of Sun et al.
 * 2017, "Learning to optimize", on which Ahuja et al. 2020 draw). Maximize the sum of rates over powers 0 .. Pmax.
 */
import type { Family } from '../family.js'
import { featuresOf, heuristics, leakageRatios, sampleGains, type Channel } from './channels.js'
import { openObjective } from './objective.js'
import { minusRates } from './tensors.js'
import { decode, encode, powersOf, sigmoid, startsAt, statesAt } from './variable.js'
import { solveWmmse } from './wmmse.js'

/** Logits of a conditional start lie around at most this. */
const MOST_LOGIT = 3

export function openSumRate (channel: Channel): Family {
  const { users, variable, power } = channel
  const stateOf = (t: number): number => variable === 'power' ? power * sigmoid(t) : t
  return {
    instanceSize: users * users,
    least: 0,
    size: users,
    objective: { name: 'sum rate', unit: 'bit/s/Hz', sense: 'maximize' },
    sample: (count, random) => sampleGains(count, users, random),
    start: (count, random) => Float64Array.from({ length: count * users }, () => stateOf(random.normal())),
    startGiven: (instances, random) => leakageRatios(instances, channel).map(ratio =>
      stateOf(Math.min(Math.max(Math.log(ratio), -MOST_LOGIT), MOST_LOGIT) + random.normal())),
    heuristics: Object.fromEntries(Object.entries(heuristics).map(([name, partsOf]) =>
      [name, instances => startsAt(partsOf(instances, users), channel)])),
    open: instances => openObjective(instances, channel),
    reference: {
      name: 'WMMSE',
      solve: instances => {
        const { powers, rates } = solveWmmse(instances, channel)
        return { states: statesAt(powers, channel), objectives: rates }
      }
    },
    features: { size: users * users, of: featuresOf },
    coding: {
      size: users,
      loss: 'logistic',
      encode: states => encode(states, channel),
      decode: outputs => decode(outputs, channel)
    },
    objectiveOf: (engine, outputs, instances) => minusRates(engine, outputs, instances, channel),
    decisionOf: states => powersOf(states, channel)
  }
}
