/**
 * Adversarial training on MNIST, over HTTP: a small CNN against the linf adversary of radius 0.2, beside the same one trained on
 * clean digits. Accuracy over radii is what PGD-40 of two starts leaves right. The network, the rate and the number of steps
 * were chosen by the same aim, on one seed; what is left of it on others check:claims says. Called by check.ts.
 */
import assert from 'node:assert/strict'
import type { AdversarialResult, NetworkResult } from '../../src/algorithms/adversarial-bias/result.js'
import type { AttackResponse } from '../../src/influence/attack/schema.js'
import { ask, train } from '../helpers/experiments.js'
import type { Service } from '../helpers/service.js'

type Aim = (name: string, value: number, is: 'at least' | 'at most', limit: number) => void

const DIGITS = 250
const RADIUS = 0.2

const spec = {
  problem: {
    type: 'network',
    trainExamples: 20_000,
    testExamples: 2000,
    network: {
      type: 'cnn',
      layers: [{ type: 'conv', filters: 16, kernel: 4, stride: 2 }, { type: 'conv', filters: 32, kernel: 4, stride: 2 }, { type: 'dense', units: 100 }]
    },
    optimizer: { type: 'adam', learningRate: 0.004, schedule: { type: 'cosine' } },
    epochs: 7,
    batchSize: 50,
    attack: { steps: 3, stepSize: 0.5, warmup: 1 },
    evaluation: { radii: [0, 0.1, 0.2, 0.3], examples: DIGITS, steps: 40, restarts: 2 }
  },
  trainings: [
    { name: 'clean', q: 'infinity', radius: { type: 'none' } },
    { name: 'robust', q: 'infinity', radius: { type: 'absolute', value: RADIUS } }
  ],
  seeds: [0]
}

interface Trial { id: string, arm: string, result: AdversarialResult }

/**
 * Trains both networks.
 * @param datasetId  MNIST, as uploaded by the caller
 * @param aim        prints a figure beside its aim, and asserts it
 */
export async function checkRobust (service: Service, datasetId: string, aim: Aim): Promise<void> {
  const { id, seconds } = await train(service, {
    kind: 'adversarial-bias', spec: { ...spec, problem: { ...spec.problem, data: { datasetId } } }
  })
  const { trials } = await service.json<{ trials: Trial[] }>('GET', `/v1/experiments/${id}`)
  const found = new Map<string, NetworkResult>()
  for (const { id, arm } of trials) {
    const { result: { of } } = await service.json<Trial>('GET', `/v1/trials/${id}`)
    assert.ok(of.type === 'network')
    found.set(arm, of)
    const curve = of.curve.map(({ radius, accuracy }) => `${radius} ${(100 * accuracy).toFixed(1)}`).join(', ')
    process.stdout.write(`  ${arm}, ${(100 * of.accuracy).toFixed(1)} % of 2,000 clean digits; right at radius, %: ${curve}\n`)
    for (const { name, passed, evidence } of of.checks) {
      process.stdout.write(`    ${name}: ${evidence}\n`)
      assert.ok(passed, `${arm}: ${name}`)
    }
  }
  process.stdout.write(`  ${Math.round(seconds)} s\n`)
  const right = (arm: string, radius: number) => 100 * found.get(arm)!.curve.find(point => point.radius === radius)!.accuracy
  aim('right at radius 0.2 after training against it, %', right('robust', RADIUS), 'at least', 85)
  aim('more than after clean training, points', right('robust', RADIUS) - right('clean', RADIUS), 'at least', 30)
  aim('right at radius 0.3 after clean training, %', right('clean', 0.3), 'at most', 10)
  await askModel(service, trials.find(({ arm }) => arm === 'robust')!.id, right('robust', RADIUS), aim)
}

/** The network is stored, and withstands the same attack from other starts, but for an example or two. */
async function askModel (service: Service, trialId: string, percent: number, aim: Aim): Promise<void> {
  const { items: [model] } = await service.json('GET', `/v1/models?trialId=${trialId}`)
  const { robustAccuracy } = await ask<AttackResponse>(service, `/v1/models/${model.id}/attack`, {
    examples: { count: DIGITS }, norm: 'linf', radius: RADIUS, steps: 40, checks: false
  })
  aim('the stored model under the attack operation: off by points', Math.abs(100 * robustAccuracy - percent), 'at most', 2)
}
