/** What methods are in cases where it is known exactly. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { createElastic } from '../../../src/algorithms/leader-sgd/methods/elastic.js'
import { createLeader, type LeaderConstants } from '../../../src/algorithms/leader-sgd/methods/leader.js'
import { leadersOf, type Exchange, type Setting } from '../../../src/algorithms/leader-sgd/methods/method.js'
import { openAnalytic } from '../../../src/algorithms/leader-sgd/problems/open.js'
import { makeGatherRoom, openGather } from '../../../src/exchange/gather.js'
import { openStream } from '../../../src/math/random.js'
import { fingerprint } from '../../helpers/drive.js'
import { lossesOf, specWith, train } from './train.js'

const noisy = {
  problem: { type: 'quadratic', dimensions: 5, noise: 0.3 }, learningRate: 0.02, momentum: 0.9, weightDecay: 0.01, steps: 50
}
/** What the workers came to: nothing of who led, or of what was sent. */
const ends = async (method: Record<string, unknown>, given: Record<string, unknown>) => {
  const { events, result } = await train(method, given)
  const curves = events.flatMap(event => event.type === 'metrics' ? [event.values.bestLoss, event.values.spread, event.values.centreLoss] : [])
  return fingerprint({ losses: lossesOf(result), curves })
}

test('lsgd without pull is independent SGD to the bit, whatever the momentum and the groups', async () => {
  const alone = await ends({ type: 'independent' }, noisy)
  assert.equal(await ends({ type: 'lsgd', lambda: 0, tau: 3 }, noisy), alone)
  assert.equal(await ends({ type: 'lsgd', lambda: 0, lambdaG: 0, groups: 2, tau: 3, tauG: 6 }, noisy), alone)
  assert.notEqual(await ends({ type: 'lsgd', lambda: 0.01, tau: 3 }, noisy), alone)
})

test('one worker: lsgd, local-sgd and data-parallel are SGD to the bit, downpour to rounding', async () => {
  const one = { ...noisy, workers: 1 }
  const alone = await ends({ type: 'sgd' }, one)
  for (const method of [{ type: 'lsgd', tau: 3 }, { type: 'local-sgd', tau: 3 }, { type: 'data-parallel' }]) {
    assert.equal(await ends(method, one), alone, method.type)
  }
  const [wanted] = lossesOf((await train({ type: 'sgd' }, one)).result)
  const [got] = lossesOf((await train({ type: 'downpour', push: 4, fetch: 8 }, one)).result)
  assert.ok(Math.abs(got! - wanted!) < 1e-12 * wanted!, `${got}, ${wanted}`)
})

test('easgd with one worker on x^2 / 2 is its recursion: (x, c) <- ((1 - a)(1 - r) x + a c, a (1 - r) x + (1 - a) c)', async () => {
  const [rate, beta, steps] = [0.1, 0.3, 30]
  const given = { problem: { type: 'quadratic', dimensions: 1 }, learningRate: rate, workers: 1, steps, records: steps }
  const { result } = await train({ type: 'easgd', beta, tau: 1 }, given)
  let [x, c] = [0, 0]
  x = c = openStream(0, 'start', 0, 0).normal()
  for (let step = 0; step < steps; step++) {
    [x, c] = [(1 - beta) * (1 - rate) * x + beta * c, beta * (1 - rate) * x + (1 - beta) * c]
  }
  assert.ok(Math.abs(result.points.find(({ name }) => name === 'centre')!.loss! - c * c / 2) < 1e-12)
  assert.ok(Math.abs(result.workers[0]!.loss! - x * x / 2) < 1e-12)
})

test('eamsgd is the recursion of the Torch code: differences before the step, taken off after it', async () => {
  const [rate, delta, beta, steps, tau, workers] = [0.05, 0.9, 0.6, 40, 3, 2]
  const given = { problem: { type: 'quadratic', dimensions: 1 }, learningRate: rate, workers, steps, records: steps }
  const { result } = await train({ type: 'eamsgd', beta, delta, tau }, given)
  const x = [0, 1].map(worker => openStream(0, 'start', 0, worker).normal())
  const v = [0, 0]
  let c = (x[0]! + x[1]!) / 2
  for (let step = 0; step < steps; step++) {
    const isExchange = step > 0 && step % tau === 0
    const differences = x.map(x => isExchange ? beta / workers * (x - c) : 0)
    for (const i of [0, 1]) {
      v[i]! *= delta
      x[i]! += v[i]!
      const g = x[i]!
      x[i]! -= rate * g
      v[i]! -= rate * g
      x[i]! -= differences[i]!
      c += differences[i]!
    }
  }
  // The last step is no exchange: c is that of the one before it.
  assert.ok(Math.abs(result.points.find(({ name }) => name === 'centre')!.loss! - c * c / 2) < 1e-12)
  // What a worker is measured at is where its next gradient would be taken.
  x.forEach((x, i) => assert.ok(Math.abs(result.workers[i]!.loss! - (x + delta * v[i]!) ** 2 / 2) < 1e-12))
})

test('data-parallel is SGD on the mean of the gradients, Nesterov’s momentum and all', async () => {
  const spec = specWith({ type: 'data-parallel' }, { ...noisy, start: 'shared', weightDecay: 0, steps: 20 })
  const { result } = await train({ type: 'data-parallel' }, { ...noisy, start: 'shared', weightDecay: 0, steps: 20 })
  const random = (purpose: string, ...keys: number[]) => openStream(0, purpose, ...keys)
  const { objective } = openAnalytic(spec, random)
  const [x, a, g] = [0, 1, 2].map(() => new Float64Array(5)) as [Float64Array, Float64Array, Float64Array]
  objective.begin(0, x)
  for (let step = 0; step < 20; step++) {
    objective.gradient(x, g)
    const streams = [0, 1, 2, 3].map(worker => random('gradient noise', worker, step))
    for (let i = 0; i < 5; i++) {
      const mean = g[i]! + 0.3 * streams.reduce((sum, stream) => sum + stream.normal(), 0) / 4
      a[i] = 0.9 * a[i]! + mean
      x[i]! -= 0.02 * (mean + 0.9 * a[i]!)
    }
  }
  const average = result.points.find(({ name }) => name === 'average')!.loss!
  assert.ok(Math.abs(average - objective.loss(x)) < 1e-12, `${average}, ${objective.loss(x)}`)
})

const setting: Setting<Float64Array> = {
  workers: 4,
  learning: { weights: 3, size: 3, velocities: undefined, room: length => new Float64Array(length), rate: () => 0.1 }
}

/** Four workers at random places, of which number 2 leads. */
function meet (step: number): Exchange<Float64Array> {
  const stream = openStream(7, 'places')
  const told = [4, 3, 1, 2].map(loss => ({ loss, state: Float64Array.from({ length: 3 }, () => stream.normal()) }))
  return { step, told, leaders: leadersOf(told.map(({ loss }) => loss), 1) }
}

/** Of one thread, which makes the whole. */
const { compose } = openGather(makeGatherRoom(setting.learning.room, { workers: 4, size: 3, composed: 3 }))

function follow (constants: LeaderConstants, exchange: Exchange<Float64Array>): Float64Array[] {
  const method = createLeader(setting, constants)
  method.agree(exchange, compose)
  return exchange.told.map(({ state }, worker) => {
    const vector = state.slice()
    method.follow(worker, vector)
    return vector
  })
}

const constants: LeaderConstants = {
  groups: 1, lambda: 0.2, lambdaG: 0.3, tau: 5, tauG: 5, pulls: 'sequential', rateInside: false, proximal: 0, proximalG: 0
}

test('lsgd: one group with tau = tauG is one pull by 1 - (1 - lambda)(1 - lambdaG), summed by lambda + lambdaG', () => {
  const exchange = meet(5)
  for (const [pulls, strength] of [['sequential', 1 - (1 - 0.2) * (1 - 0.3)], ['summed', 0.2 + 0.3]] as const) {
    const both = follow({ ...constants, pulls }, exchange)
    const one = follow({ ...constants, lambda: strength, lambdaG: 0 }, exchange)
    both.forEach((vector, worker) => vector.forEach((value, i) => assert.ok(Math.abs(value - one[worker]![i]!) < 1e-12, pulls)))
  }
})

test('lsgd: the leader is not pulled, with several groups only that of all; rateInside pulls by rate x lambda', () => {
  const exchange = meet(5)
  assert.deepEqual(follow(constants, exchange)[2], exchange.told[2]!.state)
  const grouped = { ...exchange, leaders: leadersOf([4, 3, 1, 2], 2) }
  assert.deepEqual(grouped.leaders, { all: 2, groups: [1, 2] })
  const after = follow({ ...constants, groups: 2 }, grouped)
  const [, second, third] = exchange.told.map(({ state }) => state)
  assert.deepEqual(after[2], third)
  after[1]!.forEach((value, i) => assert.ok(Math.abs(value - (second![i]! - 0.3 * (second![i]! - third![i]!))) < 1e-15))
  const within = follow({ ...constants, groups: 2, tauG: 10 }, grouped)
  assert.deepEqual(within[1], second, 'between exchanges of groups its leader is not pulled')
  const one = { ...constants, lambdaG: 0 }
  assert.deepEqual(follow({ ...one, lambda: 0.1 * 0.2 }, exchange), follow({ ...one, lambda: 0.2, rateInside: true }, exchange))
})

test('lsgd: proximal pulls go towards the leaders as they were at the last exchange', () => {
  const method = createLeader(setting, { ...constants, groups: 2, proximal: 0.1, proximalG: 0.2, tauG: 10 })
  const exchange = { ...meet(10), leaders: leadersOf([4, 3, 1, 2], 2) }
  assert.deepEqual(method.pulls(0), [])
  method.agree(exchange, compose)
  const states = exchange.told.map(({ state }) => state.slice())
  exchange.told.forEach(({ state }) => state.fill(9))
  assert.deepEqual(method.pulls(0), [{ target: states[1], strength: 0.1 / 5 }, { target: states[2], strength: 0.2 / 10 }])
  assert.deepEqual(method.pulls(3)[0], { target: states[2], strength: 0.1 / 5 })
})

test('easgd: without gradients the sum of centre and workers stays', () => {
  const method = createElastic(setting, { beta: 0.43, tau: 1 })
  const exchange = meet(1)
  method.begin!([Float64Array.of(1, -2, 3)])
  method.agree(exchange, compose)
  for (let i = 0; i < 3; i++) {
    const before = [1, -2, 3][i]! + exchange.told.reduce((sum, { state }) => sum + state[i]!, 0)
    let after = method.centre![i]!
    exchange.told.forEach(({ state }, worker) => {
      const vector = state.slice()
      method.follow(worker, vector)
      after += vector[i]!
    })
    assert.ok(Math.abs(after - before) < 1e-12)
  }
})

test('leadersOf: the least loss, the lowest number of equals, never what is no number', () => {
  assert.deepEqual(leadersOf([NaN, 2, 1, 1], 1), { all: 2, groups: [2] })
  assert.deepEqual(leadersOf([NaN, NaN], 1), { all: 0, groups: [0] })
})

test('how often a training is looked at changes nothing of it', async () => {
  const method = { type: 'lsgd', tau: 7, groups: 2, tauG: 14, proximal: 0.1 }
  const [often, seldom] = await Promise.all([50, 1].map(async records => await train(method, { ...noisy, records })))
  assert.deepEqual(often!.result, seldom!.result)
})
