/** What one trial of learned-initialization returns. */
import { Type, type Static } from '../../schema/type.js'
import { choice, closed } from '../../choices.js'
import { stopReasons } from '../../optimizers/batched/solver.js'

const Numbers = (description: string, maxItems: number) => Type.Array(Type.Number(), { maxItems, description })
const Count = (description: string) => Type.Number({ minimum: 0, description })

/** Schema of what one trial returns. Objectives are in the family’s own sense. */
export const InitializationResult = Type.Object({
  outcome: choice(['finished', 'diverged'], { description: 'How it ended' }),
  objective: Type.Object({ name: Type.String(), unit: Type.String(), sense: choice(['minimize', 'maximize']) }, closed),
  finals: Numbers('Objective that each test instance ends with: the best state it has seen', 20_000),
  initials: Numbers('Objective at its start; with several starts at the best of them; none of the reference', 20_000),
  curve: Type.Array(Type.Object({
    step: Type.Integer({ minimum: 0 }), mean: Type.Number(), low: Type.Number(), median: Type.Number(), high: Type.Number()
  }, closed), { maxItems: 201, description: 'Objective of the test instances at steps of the solver: mean, median, 10th and 90th percentile; 201 of them at most, none of the reference' }),
  reasons: Type.Record(Type.String({ enum: [...stopReasons] }), Type.Integer({ minimum: 0 }), { description: 'Why instances stopped' }),
  succeeded: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'Part of the instances that end in the best basin, where the family knows' })),
  expected: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: 'The same for P0, in closed form' })),
  cost: Type.Object({
    offlineSteps: Count('Solver steps of one instance that the stored solutions took'),
    offlineQueries: Count('Evaluations of objectives that they took'),
    trainingFlops: Count('Floating-point operations of the network’s training'),
    stepFlops: Count('Of one solver step of one instance: what training is compared with'),
    onlineSteps: Count('Solver steps of a test instance, all its starts together: mean'),
    onlineQueries: Count('Evaluations of a test instance: mean'),
    predictionFlops: Count('Of the network for a test instance')
  }, { ...closed, description: 'What it took before (offline) and for each new instance (online)' }),
  calibration: Type.Optional(Type.Object({
    spearman: Type.Number({ description: 'Rank correlation of predicted and reached values of the candidates, within an instance: mean' }),
    low: Type.Number(),
    high: Type.Number({ description: 'Between these it lies with 95 %' }),
    instances: Type.Integer({ minimum: 0 }),
    deciles: Type.Array(Type.Object({ predicted: Type.Number(), reached: Type.Number() }, closed), { maxItems: 10, description: 'Means of candidates by predicted value, both centred per instance' })
  }, { ...closed, description: 'Of val-init' })),
  stationarity: Type.Optional(Type.Number({ minimum: 0, description: 'Largest violation of the first-order conditions (KKT) over the test instances: of the reference solver' })),
  aboveCorner: Type.Optional(Type.Number({ description: 'Of 2 users: largest excess over the best of the corners 10, 01, 11' })),
  cornerPart: Type.Optional(Type.Number({ description: 'Of 2 users: mean over mean of the best corner' })),
  parameters: Type.Integer({ minimum: 0, description: 'Numbers that were learned' }),
  examples: Type.Array(Type.Object({
    instance: Numbers('x', 1600), start: Numbers('Decision that the start stands for', 100), solution: Numbers('That of the end', 100), objective: Type.Number()
  }, closed), { maxItems: 4, description: 'The first test instances' })
}, closed)
export type InitializationResult = Static<typeof InitializationResult>
