/**
 * With which law the direction's error falls: 1 / log T as of clean training, or 1 / sqrt(T) as the paper has it of a radius that
 * is tuned to T (arXiv 1906.02931, its theorems for l2). Pure.
 */
import { meanOf } from '../../../math/mean.js'
import { fitLine, slope } from '../../../math/least-squares.js'
import type { LinearResult } from '../result.js'

/** From the last two powers of ten. */
const SPAN = 100
const LEAST_POINTS = 3
const none: LinearResult['law'] = { exponent: null, logarithmic: null, logarithmicResidual: null, power: null, powerResidual: null }

/** Fits both laws. @param curve of one training, ascending; all null where it is too short to tell */
export function fitLaw (curve: readonly { step: number, directionError: number }[]): LinearResult['law'] {
  const last = curve.at(-1)?.step ?? 0
  const fitted = curve.filter(({ step, directionError }) => step >= last / SPAN && step > 1 && directionError > 0)
  if (fitted.length < LEAST_POINTS) return none
  const errors = fitted.map(({ directionError }) => directionError)
  const [logarithmic, power] = [(step: number) => 1 / Math.log(step), (step: number) => 1 / Math.sqrt(step)].map(law => {
    const { slope, residual } = fitLine(fitted.map(({ step }) => law(step)), errors)
    return { a: slope, residual: residual / meanOf(errors) }
  }) as [{ a: number, residual: number }, { a: number, residual: number }]
  return {
    exponent: slope(fitted.map(({ step }) => Math.log(step)), errors.map(Math.log)),
    logarithmic: logarithmic.a,
    logarithmicResidual: logarithmic.residual,
    power: power.a,
    powerResidual: power.residual
  }
}
