/** Initialisers by the type that a spec names. A new one is its file, its schema in spec.ts and a line here. */
import { argInit } from './arg-init.js'
import { conditional } from './conditional.js'
import { heuristic } from './heuristic.js'
import { nothing, type Given, type Initialiser, type InitialiserKind, type Wants } from './initialiser.js'
import { nearest } from './nearest.js'
import { multiStart, random } from './random.js'
import type { InitialiserOf, InitialiserSpec } from './spec.js'
import { valInit } from './val-init.js'

/** All but the reference, which starts no solver of ours. */
type Starting = Exclude<InitialiserSpec, { type: 'reference' }>

const kinds: { [T in Starting['type']]: InitialiserKind<InitialiserOf<T>> } = {
  random, conditional, heuristic, nearest, 'multi-start': multiStart, 'arg-init': argInit, 'val-init': valInit
}

/** What an arm wants. */
export function wantsOf (spec: InitialiserSpec): Wants {
  return spec.type === 'reference' ? nothing : (kinds[spec.type] as InitialiserKind<Starting>).wants(spec)
}

/** Opens an initialiser with what it wants. */
export function openInitialiser (spec: Starting, given: Given): Initialiser {
  return (kinds[spec.type] as InitialiserKind<Starting>).open(spec, given)
}
