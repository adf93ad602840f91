/** The ways to train together that a spec can ask for, with every constant of paper and released code. */
import { Type, type Static } from '../../../schema/type.js'
import { choice, closed, taggedUnion } from '../../../choices.js'

const strength = (description: string, fallback: number) => Type.Number({ minimum: 0, maximum: 1, default: fallback, description })
const period = (description: string, fallback: number) => Type.Integer({ minimum: 1, maximum: 100_000, default: fallback, description: `${description} (unit: steps of a worker)` })

/** What any method may have of its own. */
const own = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 40, pattern: '^\\S(.*\\S)?$', description: 'Name of the arm; the type when left out, and unique' })),
  workers: Type.Optional(Type.Integer({ minimum: 1, maximum: 16, description: 'In place of the spec’s' })),
  learningRate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'In place of the spec’s' })),
  momentum: Type.Optional(Type.Number({ minimum: 0, exclusiveMaximum: 1, description: 'In place of the spec’s' })),
  mode: Type.Optional(choice(['sync', 'async'], { description: 'In place of the spec’s' }))
}

/** Schema of a leader's choice. */
export const LeaderCriterion = taggedUnion([
  Type.Object({
    type: Type.Literal('window', { description: 'Mean training loss over the worker’s last batches, each before its step, as in the paper' }),
    batches: Type.Integer({ minimum: 1, maximum: 1000, default: 10, description: 'W (unit: batches)' })
  }, closed),
  Type.Object({ type: Type.Literal('exact', { description: 'The loss itself: over all training examples, which costs a pass for each worker and exchange' }) }, closed),
  Type.Object({
    type: Type.Literal('held-out', { description: 'Mean loss over training examples that nobody trains on; for networks' }),
    examples: Type.Integer({ minimum: 1, maximum: 100_000, default: 500, description: 'The last so many training examples (unit: examples)' })
  }, closed)
], { default: { type: 'window' }, description: 'Which worker leads: that of the least' })
export type LeaderCriterion = Static<typeof LeaderCriterion>

/** Schema of a method. */
export const Method = taggedUnion([
  Type.Object({ type: Type.Literal('sgd', { description: 'One worker alone' }), ...own }, closed),
  Type.Object({ type: Type.Literal('independent', { description: 'Workers that never exchange' }), ...own }, closed),
  Type.Object({
    type: Type.Literal('data-parallel', { description: 'Synchronous SGD: the mean of the workers’ gradients at every step, batches of workers x batch' }), ...own
  }, closed),
  Type.Object({
    type: Type.Literal('lars', { description: 'data-parallel with rates layer by layer (You, Gitman, Ginsburg 2017): rate x trust |w| / (|g| + decay |w|)' }),
    trust: Type.Number({ exclusiveMinimum: 0, maximum: 1, default: 0.001, description: 'Trust coefficient' }),
    ...own
  }, closed),
  Type.Object({ type: Type.Literal('local-sgd', { description: 'Workers are averaged, weights alone, and go on from the average' }), tau: period('Between averages', 16), ...own }, closed),
  Type.Object({
    type: Type.Literal('lsgd', { description: 'Leader SGD: workers are pulled towards the best one of their group, and the best one of all; LGD on exact gradients with tau 1' }),
    groups: Type.Integer({ minimum: 1, maximum: 8, default: 1, description: 'Groups of workers, of equal size; with one there is the leader of all alone' }),
    lambda: strength('Pull towards the leader of the group, of all where there is one group: x <- x - lambda (x - leader)', 0.1),
    lambdaG: strength('Pull of several groups towards the leader of all', 0.1),
    tau: period('Between exchanges in a group', 16),
    tauG: period('Between exchanges of groups, a multiple of tau', 64),
    pulls: choice(['sequential', 'summed'], { default: 'sequential', description: 'At an exchange of groups: the pull of the group first, then that of all on what comes of it, as the released code does; or both from where the worker was' }),
    rateInside: Type.Boolean({ default: false, description: 'Pull by rate x lambda, as the theory has it, in place of lambda, as the algorithm and the code have it' }),
    leader: LeaderCriterion,
    proximal: strength('Further pull at every step, towards the leader of the group as it was at the last exchange, by proximal / tau; the released code has 0.1, the paper none', 0),
    proximalG: strength('The same towards the leader of all, by proximalG / tauG', 0),
    ...own
  }, closed),
  Type.Object({
    type: Type.Literal('easgd', { description: 'Elastic averaging (Zhang, Choromanska, LeCun 2015): x <- x - alpha (x - c), c <- c + alpha sum (x - c)' }),
    beta: strength('beta = workers x alpha; 0.43 in the released script', 0.43),
    tau: period('Between exchanges', 16),
    ...own
  }, closed),
  Type.Object({
    type: Type.Literal('eamsgd', { description: 'Elastic averaging with Nesterov’s momentum in the workers’ steps; not in the paper’s figures' }),
    beta: strength('beta = workers x alpha', 0.9),
    delta: Type.Number({ minimum: 0, exclusiveMaximum: 1, default: 0.99, description: 'Momentum' }),
    tau: period('Between exchanges', 16),
    ...own
  }, closed),
  Type.Object({
    type: Type.Literal('downpour', { description: 'Workers add what they have moved to a centre and go on from it (Dean et al. 2012)' }),
    push: period('Between additions to the centre', 16),
    fetch: period('Between copies of the centre, a multiple of push', 16),
    ...own
  }, closed)
], { description: 'A way to train together' })
export type Method = Static<typeof Method>
export type MethodOf<Type extends Method['type']> = Extract<Method, { type: Type }>
