/** Attacks as questions to stored models: what is answered, in which units, what the checks find, what is refused. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { decode } from 'fast-png'
import { AttackRequest, AttackResponse } from '../../src/influence/attack/schema.js'
import type { Operation } from '../../src/influence/operation.js'
import { operations } from '../../src/influence/operations.js'
import { createResponder, type ModelBundle } from '../../src/influence/responder.js'
import type { NamedArrays } from '../../src/math/arrays.js'
import { openStream } from '../../src/math/random.js'
import { compileCheck } from '../../src/routes/validation.js'
import { outputShapes, type Architecture } from '../../src/tensor/architecture.js'
import { createNetwork } from '../../src/tensor/network.js'
import { createTrainer } from '../../src/tensor/trainer.js'
import { describeClassified, toSplit } from '../helpers/descriptions.js'
import { cnn, makeBatches, makeExamples, mlp, openTestEngine } from '../tensor/helpers.js'

const engine = await openTestEngine()
const responder = createResponder(engine)

/** Weights of a network that learned forty examples by heart. */
function learn (architecture: Architecture, type: 'uint8' | 'float32'): NamedArrays {
  const network = createNetwork(engine, architecture, openStream(3, 'init'))
  const trainer = createTrainer(engine, network, { ...makeExamples(architecture, { type }), optimizer: { type: 'adam' }, batchSize: 20 })
  for (const batch of makeBatches(40, 20, 300)) trainer.step(batch, 0.01)
  const weights = network.save()
  trainer.dispose()
  network.dispose()
  return weights
}

/** A stored model with its forty training examples, which are its test examples too. */
function makeBundle (architecture: Architecture, type: 'uint8' | 'float32', arrays = learn(architecture, type)): ModelBundle & { preprocessing: { scale: number } } {
  const { data: { inputs, count }, target: labels, inputShape, preprocessing } = makeExamples(architecture, { type })
  const split = toSplit({ inputs, labels, count })
  const labelNames = Array.from({ length: outputShapes(architecture).at(-1)![0]! }, (_, c) => `class ${c}`)
  const description = describeClassified({ inputShape, dtype: type, labelNames, trainCount: 40, testCount: 40 })
  return {
    modelId: 'm',
    architecture,
    preprocessing,
    trainingView: { datasetId: 'd', split: 'train', count: 40, dropped: [], relabelled: { indices: [], labels: [] } },
    fields: description.fields,
    dataset: { ...description, train: split, test: split },
    checkpoints: [{ step: 300, learningRate: 0.01, arrays }],
    parts: []
  }
}

/** Asks as a route does: defaults filled in, and the answer is what the schema says. */
async function ask (bundle: ModelBundle, request: object): Promise<AttackResponse> {
  const filled = structuredClone(request)
  assert.deepEqual(compileCheck(AttackRequest)(filled), [])
  const response = await responder.answer(operations.attack, bundle, filled) as AttackResponse
  assert.deepEqual(compileCheck(AttackResponse)(structuredClone(response)), [])
  responder.forget(bundle)
  return response
}

const pictures = makeBundle(cnn, 'uint8')
const points = makeBundle(mlp, 'float32')

test('attack: a network is fooled within the ball, and an honest attack passes its checks', async () => {
  for (const [bundle, radius] of [[pictures, { linf: 0.5, l2: 4, l1: 30 }], [points, { linf: 0.5, l2: 1.2, l1: 2.5 }]] as const) {
    for (const norm of ['linf', 'l2', 'l1'] as const) {
      const answer = await ask(bundle, { norm, radius: radius[norm], steps: 30 })
      const { cleanAccuracy, robustAccuracy, examples, checks } = answer
      assert.ok(cleanAccuracy >= 0.9)
      assert.ok(robustAccuracy < 0.8, `${norm}: ${robustAccuracy}`)
      assert.equal(examples.length, 40)
      assert.equal(examples.filter(({ succeeded }) => succeeded).length, Math.round((cleanAccuracy - robustAccuracy) * 40))
      for (const { label, predictedBefore, predictedAfter, perturbation, margin, succeeded } of examples) {
        assert.equal(succeeded, predictedBefore === label && predictedAfter !== label)
        assert.ok(perturbation <= radius[norm] * (1 + 1e-5) && (margin > 0) === (predictedAfter !== label))
      }
      assert.deepEqual(checks.map(({ name }) => name), ['more-steps', 'one-step', 'noise', 'wide-radius'])
      assert.deepEqual(checks.filter(({ passed }) => !passed), [], norm)
    }
  }
})

test('attack: the same radius in stored units is the same attack, and the answer says both', async () => {
  const { preprocessing: { scale } } = pictures
  const seen = await ask(pictures, { radius: 0.25, steps: 4, checks: false })
  const stored = await ask(pictures, { radius: 0.25 / scale, units: 'stored', steps: 4, checks: false })
  assert.deepEqual(stored, seen)
  assert.deepEqual(seen.radius, { network: 0.25, stored: 16 })
  assert.deepEqual(seen.stepSize, { network: 0.15625, stored: 10 })
  assert.deepEqual(seen.box, { low: -2, high: 127 / 64 }, 'bytes, as the network sees them')
  assert.equal((await ask(points, { radius: 0.25, steps: 4, checks: false })).box, null)
  const boxed = await ask(pictures, { radius: 1e6, box: { low: 0, high: 255 }, units: 'stored', steps: 4, checks: false })
  assert.deepEqual(boxed.box, seen.box)
  assert.ok(boxed.examples.every(({ perturbation }) => perturbation <= 4))
})

test('attack: a network whose loss has no gradient looks robust, and the checks say that it is not', async () => {
  const arrays = learn(mlp, 'float32')
  for (const name of ['layer2.weight', 'layer2.bias']) arrays[name]!.data = arrays[name]!.data.map(value => value * 1e4) as Float32Array
  const masked = makeBundle(mlp, 'float32', arrays)
  const request = { norm: 'l2', radius: 1.2, steps: 30 }
  const fooled = await ask(masked, request)
  assert.equal(fooled.checks.find(({ name }) => name === 'wide-radius')!.passed, false, JSON.stringify(fooled.checks))
  const honest = await ask(masked, { ...request, objective: 'margin' })
  assert.ok(honest.robustAccuracy < fooled.robustAccuracy - 0.2, `${honest.robustAccuracy} beside ${fooled.robustAccuracy}`)
  assert.deepEqual(honest.checks.filter(({ passed }) => !passed), [])
})

test('attack: chosen examples come in the order asked for, and the seed decides', async () => {
  const request = { examples: { split: 'train', indices: [7, 3, 30] }, radius: 0.1, steps: 3, restarts: 2, checks: false }
  const { examples } = await ask(points, request)
  assert.deepEqual(examples.map(({ index }) => index), [7, 3, 30])
  assert.deepEqual((await ask(points, request)).examples, examples)
  assert.notDeepEqual((await ask(points, { ...request, seed: 1 })).examples, examples)
  assert.equal((await ask(points, { ...request, examples: { count: 5 } })).examples.length, 5)
})

test('attack: as a picture it is a contact sheet, what was misled first; what is no picture has none', async () => {
  const request = { examples: { split: 'test' }, norm: 'linf', radius: 0.5, units: 'network', steps: 20, restarts: 1, objective: 'loss', seed: 0, checks: true }
  const square = { ...pictures, dataset: { ...pictures.dataset, inputShape: [9, 16, 1] }, architecture: { ...cnn, inputShape: [9, 16, 1] } }
  await assert.rejects(responder.answer(operations.attack, pictures, request, 'image/png'), { code: 'not_acceptable' }, 'two channels')
  responder.forget(pictures)
  const bundle = makeBundle(square.architecture, 'uint8')
  const sheet = decode(await responder.answer(operations.attack, bundle, request, 'image/png') as Uint8Array)
  responder.forget(bundle)
  assert.deepEqual([sheet.width, sheet.height, sheet.channels], [16 * (16 * 7 + 2) + 2, 3 * (9 * 7 + 2) + 2, 1])
  const { examples } = await ask(bundle, { ...request, checks: false })
  const { index } = examples.find(({ succeeded }) => succeeded)!
  for (let i = 0; i < 144; i++) {
    const at = (row: number) => sheet.data[(2 + row * 65 + Math.floor(i / 16) * 7) * sheet.width + 2 + (i % 16) * 7]!
    const stored = bundle.dataset!.test.arrays.inputs![index * 144 + i]!
    assert.equal(at(0), stored)
    assert.ok(Math.abs(at(2) - stored) <= 32 + 1, 'radius 0.5 is 32 of 255')
    assert.ok(Math.sign(at(1) - 127.5) === Math.sign(at(2) - at(0)) || Math.abs(at(2) - at(0)) <= 1, 'grey is nothing, bright is more')
  }
})

test('attack: what does not fit the model is refused by path, rule and what was got', async () => {
  const refused = async (bundle: ModelBundle, request: object, detail: RegExp, code = 'invalid_input') =>
    await assert.rejects(ask(bundle, { radius: 0.1, steps: 1, ...request }), error => {
      assert.equal((error as { code: string }).code, code)
      assert.match((error as { detail: string }).detail, detail)
      responder.forget(bundle)
      return true
    })
  await refused(points, { examples: { indices: [3, 40] } }, /^examples\.indices\[1\] must be < 40, the examples of split test, got 40$/)
  await refused(points, { checkpoint: 7 }, /^checkpoints\[0\] must be a step of a checkpoint \(300\), got 7$/)
  await refused(pictures, { box: { low: -1, high: 2 } }, /^box\.low must be at most the least input, as the network sees it, got -/)
  await refused({ ...points, checkpoints: [] }, {}, /m/, 'no_checkpoint')
  const broken = structuredClone(points.checkpoints[0]!)
  broken.arrays['layer2.bias']!.data[1] = NaN
  await refused({ ...points, checkpoints: [broken] }, {}, /^example 0 must have finite logits/, 'non_finite_output')
})

test('attack: requests that cannot mean anything are refused before they reach a model', () => {
  const invalid = (request: object) => compileCheck(AttackRequest)(structuredClone(request))
  for (const request of [
    {}, { radius: 0 }, { radius: -1 }, { radius: 1, norm: 'l3' }, { radius: 1, steps: 0 }, { radius: 1, stepSize: 0 }, { radius: 1, restarts: 51 },
    { radius: 1, examples: { split: 'valid' } }, { radius: 1, examples: { indices: [] } }, { radius: 1, examples: { indices: [1, 1] } },
    { radius: 1, epsilon: 1 }, { radius: 1, box: { low: 0 } }
  ]) assert.notDeepEqual(invalid(request), [], JSON.stringify(request))
  const { check }: Operation = operations.attack
  const broken = (request: object) => {
    const filled = { radius: 1, ...request }
    assert.deepEqual(compileCheck(AttackRequest)(filled), [])
    return check!(filled).map(({ path }) => path)
  }
  assert.deepEqual(broken({ examples: { indices: [1], count: 1 } }), ['examples.count'])
  assert.deepEqual(broken({ box: { low: 1, high: 1 } }), ['box.high'])
  assert.deepEqual(broken({ examples: { count: 10_000 }, steps: 51 }), ['steps'])
  assert.deepEqual(broken({ examples: { count: 10_000 }, steps: 50 }), [])
})

test('operations: each is described, and its names are those of a URL', () => {
  for (const [name, { title, description, mediaTypes }] of Object.entries(operations)) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/)
    assert.ok(title.length > 0 && description.length > 0 && mediaTypes[0] === 'application/json')
  }
})

test('forget: attacks leave no tensor behind', () => {
  responder.close()
  assert.equal(engine.tensorCount(), 0)
})
