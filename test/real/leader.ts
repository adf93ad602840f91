/**
 * Leader SGD on MNIST, over HTTP, as its preset has it: four workers beside elastic averaging and a single worker that makes as
 * many steps, so that all see as many samples per worker. What is tested is what the paper tests: the centre, which of LSGD is
 * the average of its workers. Called by check.ts with its service and its aims. Eight workers, and five seeds: check:claims.
 */
import assert from 'node:assert/strict'
import { readIdx } from '../../bench/training/idx.js'
import type { LeaderResult } from '../../src/algorithms/leader-sgd/result.js'
import type { AttackResponse } from '../../src/influence/attack/schema.js'
import type { PredictResponse } from '../../src/influence/schemas.js'
import { ask, train } from '../helpers/experiments.js'
import { mnistFolder } from '../helpers/mnist.js'
import type { Service } from '../helpers/service.js'

type Aim = (name: string, value: number, is: 'at least' | 'at most', limit: number) => void

interface Trial { id: string, arm: string, seed: number, result: LeaderResult }

/**
 * Runs the preset: a minute of processor time.
 * @param datasetId  MNIST, as uploaded by the caller
 * @param aim        prints a figure beside its aim, and asserts it
 */
export async function checkLeader (service: Service, datasetId: string, aim: Aim): Promise<void> {
  const { labels } = readIdx(mnistFolder, 't10k')
  const { id, seconds } = await train(service, {
    kind: 'leader-sgd', preset: 'mnist-4', overrides: { problem: { data: { datasetId } }, records: 2, seeds: [0, 1, 2] }
  })
  const { trials } = await service.json<{ trials: Trial[] }>('GET', `/v1/experiments/${id}`)
  const ended = await Promise.all(trials.map(async trial => await service.json<Trial>('GET', `/v1/trials/${trial.id}`)))
  const of = (arm: string) => ended.filter(trial => trial.arm === arm).map(({ result }) => result)
  const percent = (results: LeaderResult[], name?: string) =>
    100 * mean(results.map(({ points, final }) => errorOf(points, name ?? final)))
  const [single, elastic, leader] = ['sgd', 'easgd', 'lsgd'].map(of) as [LeaderResult[], LeaderResult[], LeaderResult[]]
  assert.deepEqual([single.length, elastic.length, leader.length], [3, 3, 3])
  process.stdout.write(`  ${Math.round(seconds)} s, wrong of the test digits: sgd ${say(percent(single))} %, ` +
    `easgd ${say(percent(elastic))} %, lsgd ${say(percent(leader))} %, its leader alone ${say(percent(leader, 'leader'))} %\n`)
  aim('test error of LSGD beyond EASGD’s, points', percent(leader) - percent(elastic), 'at most', 0.3)
  aim('test error of LSGD beyond one worker’s, points', percent(leader) - percent(single), 'at most', 0)
  const rarest = Math.min(...leader.flatMap(({ workers }) => workers.map(({ led }) => led)))
  aim('exchanges after which the rarest leader leads', rarest, 'at least', 1)
  const { verdict } = await service.json('GET', `/v1/experiments/${id}/report`)
  process.stdout.write(`  ${verdict.evidence}\n`)
  await askModels(service, ended.find(({ arm, seed }) => arm === 'lsgd' && seed === 0)!, labels)
}

/** Centre and leader are models like others; the centre reads what the trial found that it reads. @param labels of the test digits */
async function askModels (service: Service, { id, result }: Trial, labels: ArrayLike<number>): Promise<void> {
  const { items } = await service.json<{ items: { id: string, name: string }[] }>('GET', `/v1/models?trialId=${id}`)
  assert.deepEqual(items.map(({ name }) => name).sort(), ['centre', 'leader'])
  const where = `/v1/models/${items.find(({ name }) => name === 'centre')!.id}`
  const queries = Array.from({ length: 100 }, (_, index) => ({ split: 'test', index }))
  const { results } = await ask<PredictResponse>(service, `${where}/predict`, { queries })
  const wrong = results.flatMap((one, i) => one.head === 'classes' && one.label !== labels[i] ? [i] : [])
  assert.deepEqual(wrong, result.mistakes!.filter(i => i < 100))
  const { cleanAccuracy } = await ask<AttackResponse>(service, `${where}/attack`, { examples: { count: 100 }, norm: 'linf', radius: 0.1, steps: 5 })
  assert.ok(Math.abs(100 * (1 - cleanAccuracy) - wrong.length) < 1e-6)
}

function errorOf (points: LeaderResult['points'], name: string): number {
  return points.find(point => point.name === name)!.error!
}

function mean (values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function say (percent: number): string {
  return percent.toFixed(2)
}
