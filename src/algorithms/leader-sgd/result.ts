/** What one trial of leader-sgd returns. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'

/** What is measured of a training: its workers, and what can be made of them. */
export const pointNames = ['centre', 'leader', 'average', 'reestimated', 'worst'] as const
export type PointName = typeof pointNames[number]

const Count = (description: string) => Type.Integer({ minimum: 0, description })
const lossOrNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description })

const Point = Type.Object({
  name: choice(pointNames, { description: 'centre: the centre variable of easgd, eamsgd, downpour; leader: the worker of least loss; average: of all workers; reestimated: the average, its statistics of batches estimated anew; worst: the worker of largest loss' }),
  loss: lossOrNull('Exact loss; on the test split of data; null where it is not finite'),
  error: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], { description: 'Part of the test split taken for another class; null where there is none' })
}, closed)

const Worker = Type.Object({
  steps: Count('Steps that it made: fewer where it was lost'),
  loss: lossOrNull('As a point’s'),
  error: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()]),
  led: Count('Exchanges after which it led all'),
  sentBytes: Count('As the method needs it, in float32 or Float64'),
  receivedBytes: Count('The same'),
  time: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'Simulated time at its last step (unit: mean steps); null of parallel' }),
  waited: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'Simulated time in which it waited for others or for what was sent; null of parallel' }),
  staleness: Type.Union([Type.Number({ minimum: 0 }), Type.Null()], { description: 'Mean steps of all that lay between what it was pulled towards and its pull; with a centre, steps of the others between two visits. null in mode sync' }),
  lost: Type.Boolean({ description: 'Whether its thread died (mode async goes on with the rest)' })
}, closed)

/** Schema of what one trial returns. */
export const LeaderResult = Type.Object({
  outcome: choice(['finished', 'diverged'], { description: 'diverged: a loss is no finite number any more' }),
  parameters: Type.Integer({ minimum: 1, description: 'Numbers of one copy' }),
  exchanges: Count('Exchanges that were made; in mode async elections of leaders, or visits to the centre'),
  batchSize: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'Examples of a worker’s step; null where there are none' }),
  final: choice(pointNames, { description: 'The point that stands for the training: centre where the method has one; of networks that train together the average, re-estimated where layers keep statistics, as the paper tests; leader otherwise' }),
  points: Type.Array(Point, { description: 'At the end' }),
  workers: Type.Array(Worker),
  leaders: Type.Array(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 2, maxItems: 2 }), { maxItems: 1000, description: '[step, worker]: who led after exchanges, thinned evenly' }),
  bytes: Type.Object({ sent: Count('By all workers and the centre'), exchange: Count('Of one exchange of all workers') }, closed),
  gradientNorm: lossOrNull('Length of the exact gradient at the leader; null for networks'),
  /** of problems in two dimensions */
  paths: Type.Optional(Type.Array(Type.Array(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 }), { maxItems: 400 }), { maxItems: 16, description: 'Of every worker, thinned evenly, begin and end in it' })),
  repeats: Type.Optional(Type.Object({
    count: Type.Integer({ minimum: 1 }),
    reached: Count('Trainings in which any worker ended in the lowest ring: loss below -0.2'),
    meanLoss: Type.Number({ description: 'Of all workers at the end' })
  }, { ...closed, description: 'Of sinc from random starts: all trainings' })),
  theory: Type.Optional(Type.Object({
    oneStep: Type.Object({ checked: Count('Steps'), broken: Count('Steps at which the inequality does not hold'), slack: Type.Number({ description: 'Least of (right side - left side) / right side' }) }, closed),
    newton: Type.Object({ samples: Count('Pairs of a place x and a candidate z with f(z) <= f(x)'), closer: Count('Of them, those whose pull turns the step towards Newton’s') }, closed),
    floor: Type.Object({ measured: Type.Number({ description: 'Mean over the last tenth of the steps and the workers of f(x) - f*' }), bound: Type.Number({ description: '(4 / m) lambda sqrt(p) sigma_f, and what the gradients’ noise adds: eta M sigma^2 d / (2 m)' }) }, closed),
    decay: Type.Object({ exponent: Type.Union([Type.Number(), Type.Null()], { description: 'Slope of log(f(x) - f*), mean of the workers, over log(step), over the second half of the logarithmic axis' }) }, closed)
  }, { ...closed, description: 'Of lsgd on quadratics' })),
  mistakes: Type.Optional(Type.Array(Type.Integer({ minimum: 0 }), { description: 'Positions in the test split that the final point takes for another class' })),
  testExamples: Type.Optional(Type.Integer({ minimum: 1 })),
  warning: Type.Optional(Type.String({ description: 'What to beware of: an average that is worse than the worst worker' }))
}, closed)
export type LeaderResult = Static<typeof LeaderResult>
