/** What a stored model says that it learned, against what moved its weights: a step by all pictures is the mean of their gradients. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admSegmentation as kind } from '../../../src/algorithms/adm-segmentation/index.js'
import type { CheckpointEvent, ModelEvent } from '../../../src/algorithms/contract.js'
import { UNLABELLED } from '../../../src/datasets/unlabelled.js'
import { drain } from '../../../src/influence/drain.js'
import { lastGradients, rowOf } from '../../../src/influence/last-gradients.js'
import { openModel } from '../../../src/influence/open-model.js'
import { allOf } from '../../../src/tensor/forward.js'
import { drive, fillSpec, generateData } from '../../helpers/drive.js'
import { openTestEngine } from '../../tensor/helpers.js'

const engine = await openTestEngine()
const PICTURES = 4
const RATE = 0.2
/** The last layer of a network with one hidden layer. */
const LAST = 1

/** Trains on all pictures at once, with a checkpoint after every pass, and opens what is stored. */
async function train (method: object, changes: object = {}) {
  const [trial] = kind.plan(fillSpec(kind, {
    data: { generator: { type: 'scenes', size: 12, classes: 3, shapes: 2, train: PICTURES, test: 1, noise: 0.1, seed: 3 } },
    network: { type: 'conv', filters: [3] },
    optimizer: { type: 'sgd', learningRate: RATE },
    warmup: 2,
    epochs: 3,
    batchSize: PICTURES,
    checkpoints: { type: 'every', epochs: 1 },
    methods: [method],
    seeds: [5],
    ...changes
  }))
  const data = generateData(kind, trial!)
  const { events } = await drive(kind, trial!, { engine, data })
  const { network, preprocessing, descent, trainingView } = events.find((event): event is ModelEvent => event.type === 'model')!
  const checkpoints = events.filter((event): event is CheckpointEvent => event.type === 'checkpoint')
  const { data: _, ...view } = trainingView!
  const { fields } = data.data!
  const model = openModel(engine, {
    modelId: 'm', architecture: network, preprocessing, fields, descent, trainingView: { datasetId: 'd', ...view }, dataset: data.data!, checkpoints, parts: []
  })
  return { model, checkpoints, descent, masks: data.data!.train.arrays.target as Uint8Array }
}

const drawn = { scribbles: { type: 'drawn', lengths: [0.4] } }

/** From the first checkpoint on after which nothing that is learned changes. */
const methods: [object, object, number][] = [
  [{ type: 'pce' }, {}, 0], [{ type: 'pce' }, drawn, 0], [{ type: 'full' }, {}, 0], [{ type: 'adm', every: 10, gamma: 0.6 }, {}, 2], [{ type: 'proposals', gamma: 0.6 }, drawn, 2]
]

for (const [method, changes, first] of methods) {
  test(`${JSON.stringify([method, changes])}: weights move by the gradients of what the view says was learned`, async () => {
    const { model, checkpoints } = await train(method, changes)
    assert.deepEqual(checkpoints.map(({ step }) => step), [1, 2, 3, 4, 5])
    for (const [c, checkpoint] of checkpoints.slice(0, -1).entries()) {
      if (c < first) continue
      const gradients = drain(lastGradients(engine, model.networkAt(checkpoint), model.examplesAt(checkpoint), allOf(PICTURES), PICTURES))
      const sums = Array.from(allOf(PICTURES), i => rowOf(gradients, i, LAST)).reduce((a, b) => a.map((value, k) => value + b[k]!))
      const weightsOf = ({ arrays }: CheckpointEvent) => ['weight', 'bias'].flatMap(name => Array.from(arrays[`layer${LAST}.${name}`]!.data))
      const [before, after] = [weightsOf(checkpoint), weightsOf(checkpoints[c + 1]!)]
      before.forEach((weight, k) => {
        const moved = -RATE * sums[k]! / PICTURES
        assert.ok(Math.abs(after[k]! - weight - moved) < 1e-6, `${after[k]! - weight} for ${moved} after step ${checkpoint.step}`)
      })
      assert.equal(checkpoint.interval!.weight, RATE / PICTURES)
    }
    model.close()
  })
}

test('what is learned beside scribbles is told: X where a checkpoint has one, and in words what it leaves out', async () => {
  const grid = await train({ type: 'adm', every: 10, gamma: 0.6 })
  assert.deepEqual(grid.checkpoints.map(({ targets }) => targets !== undefined), [false, false, true, true, true])
  const { data } = grid.checkpoints[4]!.targets!.labelling!
  assert.ok(data.every(label => label < 3))
  assert.ok(data.filter((label, p) => label === grid.masks[p]).length > 0.5 * data.length)
  const { descent } = await train({ type: 'gd', lambda: 2 }, { flip: true })
  assert.deepEqual((descent as { beside: string[] }).beside, ['the relaxation of the grid CRF, whose gradient has the weight 2 beside that of the scribbles', 'pictures mirrored at random'])
  const full = await train({ type: 'full' })
  assert.deepEqual([full.descent, full.model.view.target.includes(UNLABELLED)], [{ type: 'sgd', momentum: 0 }, false])
  for (const { model } of [grid, full]) model.close()
})
