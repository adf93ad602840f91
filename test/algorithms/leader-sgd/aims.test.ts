/** The paper's two figures of functions. What is wanted was measured with NumPy, of the same recursions, before this was written. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { curveOf, lossesOf, train } from './train.js'

const lgd = { type: 'lsgd', tau: 1, leader: { type: 'exact' } }
const eagd = { type: 'easgd', tau: 1, beta: 0.4 } // alpha = 0.1
const gd = { type: 'independent' }

test('sinc from the four starts of the figure: LGD finds the lowest ring, EAGD the second, GD none', async () => {
  const aims: [{ type: string }, number[]][] = [
    [lgd, [-0.2172, -0.2172, -0.2172, -0.2172]], [eagd, [-0.0912, -0.0912, -0.0912, -0.0912]], [gd, [-0.0425, -0.0135, -0.0121, -0.0090]]
  ]
  for (const [method, wanted] of aims) {
    const { result } = await train(method, { problem: { type: 'sinc' }, steps: 100 })
    lossesOf(result).forEach((loss, i) => assert.ok(Math.abs(loss - wanted[i]!) < 1e-3, `${String(method.type)}: ${loss}, ${wanted[i]}`))
    assert.equal(result.paths?.length, 4)
    assert.deepEqual(result.paths![0]![0], [-6, -4])
    const [x = 0, y = 0] = result.paths![0]!.at(-1)!
    const angle = Math.PI * Math.hypot(x, y)
    assert.ok(Math.abs(Math.sin(angle) / angle - result.workers[0]!.loss!) < 1e-12, 'a path ends where the worker does')
  }
})

test('sinc from 3,000 random starts: any worker in the lowest ring, LGD 44 +- 4, EAGD 9 +- 3, GD 6 +- 3 %', async () => {
  const aims: [Record<string, unknown>, number, number][] = [[lgd, 44, 4], [eagd, 9, 3], [gd, 6, 3]]
  for (const [method, percent, within] of aims) {
    const problem = { type: 'sinc', starts: { type: 'random', repeats: 3000 } }
    const { count, reached } = (await train(method, { problem, steps: 200, records: 1 })).result.repeats!
    assert.equal(count, 3000)
    assert.ok(Math.abs(100 * reached / count - percent) <= within, `${String(method.type)}: ${100 * reached / count} %`)
  }
})

test('matrix completion: LGD converges where EAGD stalls at small pulls, by orders of magnitude', async () => {
  const given = (rank: number) => ({ problem: { type: 'matrix-completion', rank }, learningRate: 0.25, workers: 8, steps: 100, records: 1 })
  const bestAndMedian = async (method: Record<string, unknown>, rank: number) => {
    const driven = await train(method, given(rank))
    return { best: curveOf(driven, 'bestLoss').at(-1)!, median: curveOf(driven, 'medianLoss').at(-1)! }
  }
  const check = async (rank: number, lambda: number, best: number, stalled: number) => {
    const led = await bestAndMedian({ ...lgd, lambda }, rank)
    const elastic = await bestAndMedian({ ...eagd, beta: 8 * lambda }, rank)
    assert.ok(led.best < best && elastic.median > stalled, `rank ${rank}: LGD ${led.best}, EAGD ${elastic.median}`)
  }
  await check(1, 0.01, 1e-15, 1e-2)
  await check(10, 0.05, 1, 100)
})
