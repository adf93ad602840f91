/** What solvers move: t with p = Pmax sigmoid(t), without bounds, or p itself; and what a network predicts of it. */
import type { Channel } from './channels.js'

/** Where the slope of the sigmoid vanishes no descent gets away: predictions keep off it. */
const NEAREST = 0.02
/** Of heuristics, which say who sends and who does not, and nothing of how sure that is: p is .88 or .12 of the most. */
const MOST_LOGIT = 2
/** Ends of a solver that are corners: logits of them are infinite. */
const NEAREST_END = 1e-12

export function sigmoid (t: number): number {
  return 1 / (1 + Math.exp(-t))
}

export function logit (part: number): number {
  return Math.log(part / (1 - part))
}

const clip = (part: number, margin: number): number => Math.min(Math.max(part, margin), 1 - margin)

/** Powers that states stand for. */
export function powersOf (states: Float64Array, { variable, power }: Channel): Float64Array {
  return variable === 'power' ? states.slice() : states.map(t => power * sigmoid(t))
}

/** States near parts of the most power, 0 .. 1, from which a solver gets away. */
export function startsAt (parts: Float64Array, { variable, power }: Channel): Float64Array {
  return parts.map(part => variable === 'power' ? power * part : Math.min(Math.max(logit(part), -MOST_LOGIT), MOST_LOGIT))
}

/** States of powers; logits come within 1e-12 of the corners. */
export function statesAt (powers: Float64Array, { variable, power }: Channel): Float64Array {
  return variable === 'power' ? powers.slice() : powers.map(p => logit(clip(p / power, NEAREST_END)))
}

/** Parts of the most power, for a logistic loss. */
export function encode (states: Float64Array, channel: Channel): Float32Array {
  return Float32Array.from(powersOf(states, channel), p => p / channel.power)
}

/** States that logits stand for, within 2 % .. 98 % of the most power. */
export function decode (logits: Float32Array, { variable, power }: Channel): Float64Array {
  return Float64Array.from(logits, value => {
    const part = clip(sigmoid(value), NEAREST)
    return variable === 'power' ? power * part : logit(part)
  })
}
