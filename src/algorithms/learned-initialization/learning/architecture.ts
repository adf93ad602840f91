/** The networks of initialisers: what they read and say. Pure. */
import type { Architecture } from '../../../tensor/architecture.js'
import type { ModelEvent } from '../../contract.js'
import type { Family } from '../families/family.js'
import type { InitialiserOf, InitialiserSpec } from '../initialisers/spec.js'

/** Initialisers that train one. */
export type Trained = InitialiserOf<'arg-init'> | InitialiserOf<'val-init'>

/** Whether an initialiser trains a network. */
export function isTrained (spec: InitialiserSpec): spec is Trained {
  return (spec.type === 'arg-init' || spec.type === 'val-init') && !spec.oracle
}

/** arg-init: from features to the code of a solution; val-init: from features and the code of a start to a value. */
export function architectureOf ({ type, hidden }: Trained, { features, coding }: Family): Architecture {
  return {
    inputShape: [type === 'arg-init' ? features.size : features.size + coding.size],
    layers: [
      ...hidden.map(units => ({ type: 'dense' as const, units, activation: 'relu' as const })),
      { type: 'dense', units: type === 'arg-init' ? coding.size : 1, activation: 'linear' }
    ],
    head: { type: 'values', loss: 'squared' }
  }
}

/** What its inputs and outputs are called. */
export function fieldsOf ({ type }: Trained, { features, coding }: Family): NonNullable<ModelEvent['fields']> {
  const named = (what: string, count: number) => Array.from({ length: count }, (_, k) => ({ name: `${what} ${k + 1}`, unit: '1' }))
  const seen = named('feature', features.size)
  const columns = type === 'arg-init' ? seen : [...seen, ...named('start', coding.size)]
  return {
    inputs: { type: 'features', shape: [columns.length], dtype: 'float32', columns },
    target: {
      type: 'values',
      columns: type === 'arg-init' ? named(coding.loss === 'logistic' ? 'logit' : 'number', coding.size) : [{ name: 'value', unit: '1' }]
    }
  }
}
