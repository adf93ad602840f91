/** The conclusion from all trials: does self-influence find the wrong labels, and sooner than the loss does? Pure. */
import type { FinishedTrial, Report } from '../contract.js'
import { drawFigures, methodTitles, type Setting } from './figures.js'
import { sayLabel } from './sheet-parts.js'
import type { MethodName, TracinResult, TracinSpec } from './spec.js'

type Finished = FinishedTrial<TracinSpec, TracinResult> & { result: TracinResult }

/** Thresholds of the verdict; papers report curves, so these are the project's own, with margin below what is measured. */
const found20 = 0.9 // of the best possible within the first 20 %
const lead10 = 0.1 // over the loss within the first 10 %, in parts of the best possible
const memorisedEnough = 0.9
const concentrated = 0.5
const lossRatio = 2
/** Of values, within the first 20 %, over a random order: a swapped value may lie near the own one, so that nothing finds all. */
const overRandom = 2

/** Draws the conclusion of a tracin experiment. */
export function report (spec: TracinSpec, trials: FinishedTrial<TracinSpec, TracinResult>[]): Report {
  const finished = trials.filter((trial): trial is Finished => trial.state === 'succeeded' && trial.result !== undefined)
  const isWhole = finished.length === trials.length && finished.length > 0
  const setting = settingOf(spec, finished[0]?.result)
  const judged = finished.length === 0
    ? { holds: false, evidence: 'No trial succeeded' }
    : setting.noise === 'none' ? judgeClean(finished) : judgeNoisy(setting, finished)
  return {
    verdict: {
      ...(setting.noise === 'none' ? cleanClaim : noisyClaim(setting)),
      holds: isWhole ? judged.holds : null,
      evidence: isWhole ? judged.evidence : `${judged.evidence}; ${trials.length - finished.length} of ${trials.length} trials have no result`
    },
    tables: finished.length === 0
      ? []
      : [...methodTable(finished), setting.isOfValues ? errorTable(finished) : accuracyTable(finished), rankingTable(finished[0]!)],
    figures: finished.length === 0 ? [] : drawFigures(setting, finished)
  }
}

const cleanClaim = {
  claim: 'Without wrong labels, self-influence belongs to the few examples that the model finds hard',
  predicts: 'The tenth of the examples with the highest self-influence holds more than ' +
    `${percent(concentrated)} of all of it, and its mean loss is more than ${lossRatio} times that of all`
}

/** What the trials had before them: the data decide what a spec left open. */
function settingOf ({ labelNoise: { kind }, selfInfluence }: TracinSpec, result: TracinResult | undefined): Setting {
  const noise = result?.labelNoise ?? (kind === 'auto' ? 'hardest' : kind)
  const units = new Set(result?.errors?.map(({ unit }) => unit))
  return {
    noise,
    main: selfInfluence.includes('last') ? 'tracin-last' : 'tracin-all',
    isOfValues: result?.errors !== undefined,
    unit: units.size === 1 ? [...units][0] : undefined
  }
}

function noisyClaim ({ noise, main, isOfValues }: Setting) {
  const claim = 'Wrong labels have high self-influence: checking the most self-influential examples first finds them soonest'
  if (isOfValues) {
    return {
      claim,
      predicts: `${methodTitles[main]}, finds at least ${overRandom} times as many of the swapped values within the first 20 % of the ` +
        'examples as a random order, and no fewer than the loss does, give or take 5 points'
    }
  }
  const compared = noise === 'hardest'
    ? `; where the model repeats at least ${percent(memorisedEnough)} of the wrong labels, it is within the first 10 % ` +
      `at least ${percent(lead10)} of the best possible ahead of the loss`
    : ', and within the first 10 % no less than the loss does, give or take 5 points'
  return {
    claim,
    predicts: `${methodTitles[main]}, finds at least ${percent(found20)} of what can be found ` +
      `within the first 20 % of the examples${compared}`
  }
}

function judgeNoisy ({ noise, main, isOfValues }: Setting, trials: Finished[]) {
  const best = (share: number) => Math.min(1, share / (trials[0]!.result.flipped.length / trials[0]!.result.trainExamples))
  const at = (name: MethodName, share: 5 | 10 | 20 | 30) => mean(trials.map(({ result }) =>
    result.methods.find(method => method.name === name)!.foundAt[share]))
  const lead = at(main, 10) - at('loss', 10)
  const memorised = mean(trials.map(({ result }) => result.memorised ?? 0))
  const mustLead = noise === 'hardest' && memorised >= memorisedEnough
  const isEarly = noise === 'hardest' && !mustLead ? true : lead >= (mustLead ? lead10 * best(0.1) : -0.05)
  return {
    holds: isOfValues
      ? at(main, 20) >= overRandom * at('random', 20) && at(main, 20) >= at('loss', 20) - 0.05
      : at(main, 20) >= found20 * best(0.2) && isEarly,
    evidence: `${methodTitles[main]}, found ${percent(at(main, 20))} of the wrong labels in the first 20 % of the examples ` +
      `(best possible ${percent(best(0.2))}, loss ${percent(at('loss', 20))}, random order ${percent(at('random', 20))}) and ` +
      `${percent(at(main, 10))} in the first 10 % (loss ${percent(at('loss', 10))}); the model ${isOfValues
        ? `comes nearer to the wrong value than to the own one for ${percent(memorised)} of them`
        : `repeats ${percent(memorised)} of the wrong labels`}; ` +
      `mean of ${trials.length} seed${trials.length === 1 ? '' : 's'}`
  }
}

function judgeClean (trials: Finished[]) {
  const concentration = mean(trials.map(({ result }) => result.concentration))
  const ratio = mean(trials.map(({ result }) => result.topLossRatio))
  return {
    holds: concentration > concentrated && ratio > lossRatio,
    evidence: `The top tenth holds ${percent(concentration)} of all self-influence and has ${ratio.toFixed(1)} times ` +
      `the mean loss; mean of ${trials.length} seed${trials.length === 1 ? '' : 's'}`
  }
}

/** Fraction found per method: the mean first, then every seed. */
function methodTable (trials: Finished[]): Report['tables'] {
  const names = trials[0]!.result.methods.map(method => method.name)
  if (names.length === 0) return []
  const shares = [5, 10, 20, 30] as const
  const rows = names.flatMap(name => {
    const perSeed = trials.map(({ definition, result }) => {
      const method = result.methods.find(candidate => candidate.name === name)!
      return { seed: definition.seed, values: [...shares.map(share => method.foundAt[share]), method.auc] }
    })
    const means = perSeed[0]!.values.map((_, i) => mean(perSeed.map(({ values }) => values[i]!)))
    return [
      [methodTitles[name], 'mean', ...means.map(round)],
      ...perSeed.map(({ seed, values }) => [methodTitles[name], seed, ...values.map(round)])
    ]
  })
  return [{
    name: 'fraction-found',
    title: 'Fraction of the wrong labels found within the first part of the examples',
    columns: ['method', 'seed', ...shares.map(share => `@ ${share} %`), 'AUC'],
    rows
  }]
}

function accuracyTable (trials: Finished[]): Report['tables'][number] {
  const values = trials.map(({ result: { accuracy, memorised } }) =>
    [accuracy!.test, accuracy!.cleanTest, accuracy!.trainGiven, accuracy!.trainTrue, memorised])
  const means = values[0]!.map((_, i) => {
    const present = values.map(row => row[i]).filter((value): value is number => typeof value === 'number')
    return present.length === 0 ? null : mean(present)
  })
  const rows = [
    ['mean', ...means.map(roundOrNull)],
    ...trials.map(({ definition }, t) => [definition.seed, ...values[t]!.map(value => roundOrNull(value ?? null))])
  ]
  return {
    name: 'training',
    title: 'What the models learned (accuracies)',
    columns: [
      'seed', 'test', 'test, trained on clean labels', 'training, by training labels', 'training, own labels', 'wrong labels repeated'
    ],
    rows
  }
}

/** Per predicted value: the mean over seeds first, then every seed. */
function errorTable (trials: Finished[]): Report['tables'][number] {
  const rows = trials[0]!.result.errors!.flatMap(({ name, unit }, k) => {
    const perSeed = trials.map(({ definition, result }) => {
      const { test, deviation, trainGiven, trainTrue } = result.errors![k]!
      return { seed: definition.seed, values: [test, deviation, trainGiven, trainTrue] }
    })
    const means = perSeed[0]!.values.map((_, i) => mean(perSeed.map(({ values }) => values[i]!)))
    return [{ seed: 'mean', values: means }, ...perSeed].map(({ seed, values }) => [name, unit ?? null, seed, ...values.map(precise)])
  })
  return {
    name: 'training',
    title: 'What the models learned (root mean squared errors in the unit of the value)',
    columns: ['value', 'unit', 'seed', 'test', 'test, who says their mean', 'training, by training labels', 'training, own labels'],
    rows
  }
}

function rankingTable ({ definition, result }: Finished): Report['tables'][number] {
  const name = (label: number | number[]) => typeof label === 'number' ? result.classNames[label] ?? label : sayLabel(result, label)
  return {
    name: 'most-self-influential',
    title: `The most self-influential training examples (seed ${definition.seed})`,
    columns: ['rank', 'index', 'training label', 'own label', 'self-influence'],
    rows: result.ranking.slice(0, 40).map(({ index, label, trueLabel, score }, i) =>
      [i + 1, index, name(label), name(trueLabel), precise(score)])
  }
}

function mean (values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function round (value: number): number {
  return Math.round(value * 10000) / 10000
}

function precise (value: number): number {
  return Number(value.toPrecision(6))
}

function roundOrNull (value: number | null): number | null {
  return value === null ? null : round(value)
}

function percent (part: number): string {
  return `${Math.round(part * 1000) / 10} %`
}
