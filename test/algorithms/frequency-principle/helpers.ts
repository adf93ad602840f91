/** What the tests of this kind share: specs by a few fields, and trials run without a service. */
import { frequencyPrinciple } from '../../../src/algorithms/frequency-principle/index.js'
import { run } from '../../../src/algorithms/frequency-principle/run.js'
import type { FrequencyPrincipleResult } from '../../../src/algorithms/frequency-principle/result.js'
import type { FrequencyPrincipleSpec } from '../../../src/algorithms/frequency-principle/spec.js'
import type { FinishedTrial, RunEvent, TrialDefinition } from '../../../src/algorithms/contract.js'
import { openStream } from '../../../src/math/random.js'
import { fillSpec } from '../../helpers/drive.js'

export const algorithm = frequencyPrinciple

type Trial = TrialDefinition<FrequencyPrincipleSpec>
export type Finished = FinishedTrial<FrequencyPrincipleSpec, FrequencyPrincipleResult> & { result: FrequencyPrincipleResult }

/** A spec with its defaults filled. @throws Error when it does not fit the schema */
export function makeSpec (changes: object = {}): FrequencyPrincipleSpec {
  return fillSpec<FrequencyPrincipleSpec>(algorithm, changes)
}

/** A sum of sines of amplitude 1 unless said otherwise. */
export function sines (frequencies: number[], changes: { amplitudes?: number[], points?: number } = {}) {
  const { amplitudes = [], points = 128 } = changes
  return { type: 'sines', terms: frequencies.map((frequency, i) => ({ frequency, amplitude: amplitudes[i] ?? 1 })), points }
}

/** Runs one trial of a Float64 target to its end. */
export async function runTrial (trial: Trial): Promise<{ events: RunEvent[], result: FrequencyPrincipleResult }> {
  const events: RunEvent[] = []
  const running = run(trial, {
    random: (purpose, ...keys) => openStream(trial.seed, purpose, ...keys),
    data: {},
    models: {},
    artifacts: {},
    engine: async () => { throw new Error('Float64 targets need no tensor engine') },
    resume: undefined,
    slots: 1,
    threads: 1,
    crew: () => { throw new Error('One thread is enough') },
    clock: () => 0
  })
  for (;;) {
    const { done, value } = await running.next()
    if (done) return { events, result: value }
    events.push(value)
  }
}

/** Runs all trials of a spec, one after the other. */
export async function runAll (spec: FrequencyPrincipleSpec): Promise<Finished[]> {
  const finished: Finished[] = []
  for (const definition of frequencyPrinciple.plan(spec)) {
    const { result } = await runTrial(definition)
    finished.push({ id: `t${finished.length}`, definition, state: 'succeeded', result, metrics: {} })
  }
  return finished
}

/** Steps at which the bands were learned; Infinity: never. */
export function learnedSteps ({ learned }: FrequencyPrincipleResult): number[] {
  return learned.map(passage => passage?.step ?? Infinity)
}

/** Error of a band at a recorded step. */
export function errorAt ({ bands, history }: FrequencyPrincipleResult, key: string, step: number): number {
  return history.errors[history.steps.indexOf(step)]![bands.findIndex(band => band.key === key)]!
}
