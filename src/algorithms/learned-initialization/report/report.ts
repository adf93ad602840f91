/** The conclusion from all trials: where each start leads, what it costs, and whether what the spec claims is so. Pure. */
import type { Interval } from '../../../math/intervals.js'
import type { Report } from '../../contract.js'
import { countTrials, decide, type Settled } from '../../kit/verdict.js'
import type { InitialiserSpec } from '../initialisers/spec.js'
import type { InitializationSpec } from '../spec.js'
import { claims } from './claims.js'
import { drawFigures } from './figures.js'
import { compareAll, compare, sayPercent } from './paired.js'
import { predictionOf } from './predicts.js'
import { makeTables } from './tables.js'
import { meanFinal, ranArms, type Finished, type RanArm, type Trial } from './trials.js'

/** Draws the conclusion of an experiment. */
export function report (spec: InitializationSpec, trials: Trial[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const arms = ranArms(spec, finished)
  const compared = compareAll(arms)
  return {
    verdict: {
      claim: 'Gradient descent ends better, and sooner, from where previous solutions of the same family say that it should start than from a start that knows nothing of the instance',
      predicts: predictionOf(spec),
      ...decide({
        finished: countTrials(arms),
        planned: spec.initialisers.length * spec.seeds.length,
        failed: trials.length - finished.length
      }, () => settle(spec, arms))
    },
    tables: arms.length === 0 ? [] : makeTables(spec, compared),
    figures: arms.length === 0 ? [] : drawFigures(spec, compared)
  }
}

function settle (spec: InitializationSpec, arms: RanArm[]): Settled {
  return {
    judged: spec.claims.map(name => claims[name].judge(arms, spec)),
    notes: [...sayUnlearned(arms), ...sayReference(arms), ...sayDiverged(arms)]
  }
}

/** Single starts that learn nothing but look at the instance: what learning must be held against is the best of them. */
function sayUnlearned (arms: RanArm[]): string[] {
  const bestOf = (...types: InitialiserSpec['type'][]) => arms.filter(({ initialiser: { type } }) => types.includes(type))
    .toSorted((a, b) => meanFinal(a) - meanFinal(b)).at(isMaximized(arms[0]!) ? -1 : 0)
  const [learned, unlearned] = [bestOf('arg-init'), bestOf('conditional', 'heuristic')]
  const paired = learned === undefined || unlearned === undefined ? undefined : compare(learned, unlearned)
  return paired === undefined ? [] : [sayBeside(learned!, unlearned!, paired.gain)]
}

const isMaximized = ({ trials: [first] }: RanArm): boolean => first!.result.objective.sense === 'maximize'

/** A reference is one local solution: the best of several starts may be better, and both are told. */
function sayReference (arms: RanArm[]): string[] {
  const [several, reference] = (['multi-start', 'reference'] as const).map(wanted => arms.find(({ initialiser: { type } }) => type === wanted))
  const paired = several === undefined || reference === undefined ? undefined : compare(several, reference)
  return paired === undefined ? [] : [sayBeside(several!, reference!, paired.gain)]
}

function sayBeside (one: RanArm, other: RanArm, gain: Interval): string {
  const [say, ends] = gain.mean < 0 ? ['worse', { ...gain, mean: -gain.mean, low: -gain.high, high: -gain.low }] as const : ['better', gain] as const
  return `${one.name} is ${sayPercent(ends, meanFinal(other))} ${say} than ${other.name}`
}

function sayDiverged (arms: RanArm[]): string[] {
  const diverged = arms.flatMap(({ name, trials }) => {
    const count = trials.filter(({ result: { outcome } }) => outcome === 'diverged').length
    return count === 0 ? [] : [`${name} (${count} of ${trials.length} trial${trials.length === 1 ? '' : 's'})`]
  })
  return diverged.length === 0 ? [] : [`Beware of objectives that became no numbers, of which the best before stand: ${diverged.join(', ')}`]
}
