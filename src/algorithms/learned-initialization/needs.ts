/** What a trial takes of a lane. Pure. */
import { parameterCount } from '../../tensor/architecture.js'
import type { Needs, TrialDefinition } from '../contract.js'
import { takeSlots } from '../kit/slots.js'
import { openFamily } from './families/index.js'
import { wantsOf } from './initialisers/index.js'
import { architectureOf, isTrained } from './learning/architecture.js'
import type { InitializationSpec } from './spec.js'
import { offlineOf, workOf } from './work.js'

/** Only arms that train a network take the tensor engine; with a crew its threads solve, one core each. */
export function needsOf ({ spec }: TrialDefinition<InitializationSpec>): Needs {
  const { family: familySpec, testInstances, crew, slots: wish } = spec
  const initialiser = spec.initialisers[0]!
  const family = openFamily(familySpec)
  const { past, runs } = wantsOf(initialiser)
  const stored = offlineOf(spec, initialiser)
  const numbers = (stored + testInstances) * family.instanceSize + (2 * stored * past + testInstances * runs) * family.size
  const estimate = { steps: workOf(spec, family).all, bytes: 8 * numbers }
  if (!isTrained(initialiser)) {
    return { slots: crew, threads: 1, device: 'any', engine: 'float64', crew, deterministic: true, estimate }
  }
  const architecture = architectureOf(initialiser, family)
  const rows = Math.min(initialiser.batchSize, stored) * (initialiser.type === 'val-init' ? past : 1)
  const { slots, threads } = takeSlots(wish, architecture, rows)
  const learned = rows / Math.min(initialiser.batchSize, stored) * stored * (family.features.size + 2 * family.coding.size)
  return {
    slots: slots === 'all' ? slots : slots * crew,
    threads,
    device: 'any',
    engine: 'tensor',
    crew,
    deterministic: true,
    estimate: { ...estimate, bytes: estimate.bytes + 4 * learned + 16 * parameterCount(architecture) }
  }
}
