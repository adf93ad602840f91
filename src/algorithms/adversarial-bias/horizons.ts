/** For how many steps a training of a linear classifier is run: once, or from the start again for every horizon. Pure. */
import type { Radius } from './perturbation-spec.js'

/** The shortest horizon of a tuned training. */
export const firstHorizon = 100

/** The runs of a training by their steps, ascending: all powers of ten from 100 on and the steps themselves where it is tuned. */
export function horizonsOf (radius: Radius, steps: number): number[] {
  if (radius.type !== 'tuned') return [steps]
  const powers = []
  for (let power = firstHorizon; power < steps; power *= 10) powers.push(power)
  return [...powers, steps]
}

/** Steps of all runs of a training. */
export function totalSteps (radius: Radius, steps: number): number {
  return horizonsOf(radius, steps).reduce((sum, horizon) => sum + horizon, 0)
}
