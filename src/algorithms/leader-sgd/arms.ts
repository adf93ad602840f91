/** What an arm is: one method of the spec, with what it says of itself in place of what the spec says of all. */
import type { LeaderSpec } from './spec.js'
import type { Method } from './methods/spec.js'

/** A method with all that belongs to it. */
export interface Arm {
  name: string
  method: Method
  workers: number
  learningRate: number
  momentum: number
  mode: LeaderSpec['mode']
}

/** Methods whose workers exchange and need not wait for each other: they can be run in mode async. */
export const asyncMethods: readonly Method['type'][] = ['lsgd', 'easgd', 'eamsgd', 'downpour']
/** Methods whose workers never exchange: nobody waits for anybody in either mode, and both are the same. */
export const aloneMethods: readonly Method['type'][] = ['sgd', 'independent']

/** Joins a method with the spec. */
export function armOf (spec: LeaderSpec, method: Method): Arm {
  const isAlone = method.type === 'sgd'
  return {
    name: nameOf(method),
    method,
    workers: isAlone ? 1 : method.workers ?? spec.workers,
    learningRate: method.learningRate ?? spec.learningRate,
    momentum: method.momentum ?? spec.momentum,
    mode: aloneMethods.includes(method.type) ? 'sync' : method.mode ?? spec.mode
  }
}

/** Its own name, or that of its type. */
export function nameOf ({ name, type }: Method): string {
  return name ?? type
}

/** All arms, in the order of the spec. */
export function armsOf (spec: LeaderSpec): Arm[] {
  return spec.methods.map(method => armOf(spec, method))
}

/** The spec of one arm's trials: the one method, and what it has in place of the spec's already in the spec. */
export function specOf (spec: LeaderSpec, { method, workers, learningRate, momentum, mode }: Arm): LeaderSpec {
  return { ...spec, methods: [method], workers, learningRate, momentum, mode }
}

/** Every arm in mode async with every one of the same type in mode sync. */
export function pairsOfModes<Of extends Pick<Arm, 'method' | 'mode'>> (arms: readonly Of[]): { async: Of, sync: Of }[] {
  const [late, even] = [arms.filter(({ mode }) => mode === 'async'), arms.filter(({ mode }) => mode === 'sync')]
  return late.flatMap(async => even.filter(({ method }) => method.type === async.method.type).map(sync => ({ async, sync })))
}
