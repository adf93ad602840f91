/** The experiments that can be made of experiments that ended: each kind declares its own. Which kinds there are: registry.ts. */
import { AppError } from '../errors.js'
import type { Algorithm, FollowUp } from './contract.js'

type Asked = Pick<Algorithm, 'kind' | 'followUps'>

/** It stands in a URL. */
const namePattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/
/** What already stands there after the id of an experiment. */
const taken = ['cancel', 'pause', 'resume', 'retry', 'events', 'stream', 'metrics', 'report', 'figures', 'models']

/**
 * The follow-ups of all kinds by name.
 * @throws Error when a name is not fit for a URL, is taken, or stands for two follow-ups, which is a mistake of the kind
 */
export function collectFollowUps (algorithms: readonly Asked[]): Readonly<Record<string, FollowUp>> {
  const all: Record<string, FollowUp> = {}
  for (const { kind, followUps = {} } of algorithms) {
    for (const [name, followUp] of Object.entries(followUps)) {
      if (!namePattern.test(name)) throw new Error(`The name of a follow-up must be small letters and digits with - between words, got ${name} of kind ${kind}`)
      if (taken.includes(name) || Object.hasOwn(all, name)) throw new Error(`The name of a follow-up must be its own, got ${name} of kind ${kind}`)
      all[name] = followUp
    }
  }
  return all
}

/** Finds a follow-up of a kind by its name. @throws AppError unknown_follow_up */
export function pickFollowUp (kind: string, { followUps = {} }: Pick<Algorithm, 'followUps'>, name: string): FollowUp {
  if (Object.hasOwn(followUps, name)) return followUps[name]!
  const known = Object.keys(followUps).join(', ')
  throw new AppError('unknown_follow_up', `an experiment of kind ${kind} ${known === '' ? 'has no follow-ups' : `must be followed up by one of ${known}`}, got ${name}`)
}
