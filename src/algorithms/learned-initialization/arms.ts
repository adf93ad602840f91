/** What an arm is: one initialiser of the spec. */
import type { InitialiserSpec } from './initialisers/spec.js'
import type { InitializationSpec } from './spec.js'

/** Its own name, or what it is in words. */
export function nameOf (initialiser: InitialiserSpec): string {
  return initialiser.name ?? [initialiser.type, ...detailsOf(initialiser)].join(' ')
}

/** The spec of one arm's trials: the one initialiser. */
export function specOf (spec: InitializationSpec, initialiser: InitialiserSpec): InitializationSpec {
  return { ...spec, initialisers: [initialiser] }
}

function detailsOf (initialiser: InitialiserSpec): string[] {
  switch (initialiser.type) {
    case 'heuristic': return initialiser.rule === undefined ? [] : [initialiser.rule]
    case 'multi-start': return [String(initialiser.starts)]
    case 'nearest': return sizeOf(initialiser)
    case 'arg-init': return [
      ...(initialiser.oracle ? ['oracle'] : []), ...(initialiser.loss === 'objective' ? ['by objective'] : []),
      ...(initialiser.labels > 1 ? [`best of ${initialiser.labels}`] : []), ...sizeOf(initialiser)
    ]
    case 'val-init': return [...(initialiser.oracle ? ['oracle'] : []), ...(initialiser.search === 'descent' ? ['by descent'] : []), ...sizeOf(initialiser)]
    default: return []
  }
}

function sizeOf ({ offline }: { offline?: number | undefined }): string[] {
  return offline === undefined ? [] : [`from ${offline}`]
}
