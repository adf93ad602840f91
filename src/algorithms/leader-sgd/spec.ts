/** What a leader-sgd experiment asks for, and what it measures on the way. What a trial returns: result.ts. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import type { MetricDescription } from '../contract.js'
import { seedsField } from '../kit/seeds.js'
import { claimNames } from './claim-names.js'
import { Method } from './methods/spec.js'
import { Problem } from './problems/spec.js'
import { StepSchedule } from './schedule.js'
import { Execution } from './execution-spec.js'

/** Schema of the spec. */
export const LeaderSpec = Type.Object({
  problem: Problem,
  methods: Type.Array(Method, {
    minItems: 1, maxItems: 24, default: [{ type: 'lsgd' }, { type: 'easgd' }, { type: 'sgd' }], description: 'Ways to train together, an arm each'
  }),
  workers: Type.Integer({ minimum: 1, maximum: 16, default: 4, description: 'Copies that are trained, where the method does not say; sgd has one' }),
  learningRate: Type.Number({ exclusiveMinimum: 0, maximum: 100, default: 0.1, description: 'Full learning rate, where the method does not say; of matrix-completion in units of 1 / sigma_1(M)' }),
  workerRates: choice(['equal', 'linear', 'power'], {
    default: 'equal', description: 'Rates of the single workers r = 0, 1, …: equal; linear: (r + 1) times the rate; power: 2^r times the rate'
  }),
  momentum: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0, description: 'Of every worker’s own steps; never told to others' }),
  nesterov: Type.Boolean({ default: true, description: 'Whether momentum looks ahead (Nesterov), as the released code does; of no meaning without momentum' }),
  weightDecay: Type.Number({ minimum: 0, maximum: 1, default: 0, description: 'L2: added to every gradient times the weights' }),
  schedule: StepSchedule,
  steps: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 100, description: 'Steps of every worker' }),
  start: choice(['shared', 'independent'], {
    default: 'independent', description: 'First weights: the same for all workers, or drawn for each. sinc with starts of its own has those'
  }),
  mode: choice(['sync', 'async'], {
    default: 'sync', description: 'sync: all meet at every exchange; async: each exchanges when it comes, nobody waits (lsgd, easgd, eamsgd, downpour)'
  }),
  execution: Execution,
  records: Type.Integer({ minimum: 1, maximum: 1000, default: 50, description: 'How often the centre and the leader are measured on the way, evenly; exchanges are recorded as often at most' }),
  claims: Type.Array(choice(claimNames, { description: 'One of the statements' }), {
    maxItems: claimNames.length, uniqueItems: true, default: [], description: 'What the verdict is held against, all of them; nothing is claimed when empty. The report says each in words'
  }),
  seeds: seedsField('One trial per method and seed: problem, first weights, order of examples, speeds')
}, closed)
export type LeaderSpec = Static<typeof LeaderSpec>

/** The metrics of a trial. Steps are those of a worker: its samples are steps x batch. */
export const metrics = {
  workerLoss: { description: 'Loss by which a worker may lead: of its last batches, or as the criterion says', unit: 'as the problem', better: 'lower', per: 'worker' },
  leader: { description: 'Worker that leads after an exchange: of all', unit: 'worker', better: 'neither' },
  groupLeader: { description: 'Worker that leads its group', unit: 'worker', better: 'neither', per: 'group' },
  spread: { description: 'Root of the mean squared distance of the workers from their mean', unit: 'as the weights', better: 'neither' },
  leaderDistance: { description: 'Mean distance of the workers from the leader', unit: 'as the weights', better: 'neither' },
  centreLoss: { description: 'Loss of the centre: of the centre variable of easgd, eamsgd and downpour, of the average of the workers otherwise. On the test split of data', unit: 'as the problem', better: 'lower' },
  leaderLoss: { description: 'Loss of the leader: the worker of least loss; on the test split of data', unit: 'as the problem', better: 'lower' },
  reestimatedLoss: { description: 'Of the average, its statistics of batches estimated anew; where layers keep any', unit: 'as the problem', better: 'lower' },
  centreError: { description: 'Part of the test split that the centre takes for another class', unit: '1', better: 'lower' },
  leaderError: { description: 'The same of the leader', unit: '1', better: 'lower' },
  reestimatedError: { description: 'The same of the average, its statistics of batches estimated anew; where layers keep any', unit: '1', better: 'lower' },
  bestLoss: { description: 'Least exact loss of the workers; not for networks', unit: 'as the problem', better: 'lower' },
  medianLoss: { description: 'Median of the workers’ exact losses; not for networks', unit: 'as the problem', better: 'lower' },
  worstLoss: { description: 'Largest exact loss of the workers; not for networks', unit: 'as the problem', better: 'lower' },
  gradientNorm: { description: 'Length of the exact gradient at the leader; not for networks', unit: 'as the problem', better: 'lower' },
  learningRate: { description: 'Rate in force at worker 0', unit: '1', better: 'neither' },
  megabytes: { description: 'What the workers sent so far, in all, as the method needs it', unit: 'MB', better: 'lower' },
  virtualTime: { description: 'Simulated time, in mean steps of a worker; not of parallel', unit: 'steps', better: 'lower' },
  seconds: { description: 'Time of the clock since the begin, measuring left out', unit: 's', better: 'lower', timing: true }
} as const satisfies Record<string, MetricDescription>
