/** Refusals: settings that make no sense, and states that belong to another run. */
import type { NamedArray } from '../math/arrays.js'
import { AppError } from '../errors.js'
import type { OptimizerState } from './optimizer.js'

export interface Rule {
  /** smallest value allowed */
  min?: number
  /** values must be greater than this */
  above?: number
  /** values must be less than this */
  below?: number
  /** largest value allowed */
  max?: number
  integer?: boolean
}

/**
 * A number within its bounds.
 * @throws {AppError} invalid_input: 'optimizer.beta1 must be >= 0 and < 1, got 2'
 */
export function requireNumber (name: string, value: unknown, rule: Rule): number {
  const { min = -Infinity, above = -Infinity, below = Infinity, max = Infinity, integer = false } = rule
  if (typeof value === 'number' && Number.isFinite(value) && value >= min && value > above && value < below && value <= max &&
    (!integer || Number.isInteger(value))) return value
  const bounds = [
    integer ? 'an integer' : undefined,
    min === -Infinity ? undefined : `>= ${min}`,
    above === -Infinity ? undefined : `> ${above}`,
    below === Infinity ? undefined : `< ${below}`,
    max === Infinity ? undefined : `<= ${max}`
  ].filter((bound) => bound !== undefined)
  throw new AppError('invalid_input', `optimizer.${name} must be ${bounds.length > 0 ? bounds.join(' and ') : 'a number'}, got ${String(value)}`)
}

/** @throws {AppError} invalid_input */
export function requireOneOf<T extends string> (name: string, value: unknown, allowed: readonly T[]): T {
  if ((allowed as readonly unknown[]).includes(value)) return value as T
  throw new AppError('invalid_input', `optimizer.${name} must be ${allowed.join(' or ')}, got ${String(value)}`)
}

/** Copies an array of a state into `into`, which has the size it must have. @throws {AppError} invalid_input */
export function readArray (state: OptimizerState, name: string, into: Float64Array): void {
  const data = state.arrays[name]?.data
  if (!(data instanceof Float64Array) || data.length !== into.length) {
    throw new AppError('invalid_input', `state.arrays.${name} must hold ${into.length} Float64 numbers, got ${data === undefined ? 'nothing' : `${data.length} in ${data.constructor.name}`}`)
  }
  into.set(data)
}

/** The single number of a state's array. @throws {AppError} invalid_input */
export function readNumber (state: OptimizerState, name: string): number {
  const number = new Float64Array(1)
  readArray(state, name, number)
  return number[0]!
}

/** A copy with its shape. */
export function named (data: Float64Array, shape: number[] = [data.length]): NamedArray {
  return { shape, data: data.slice() }
}
