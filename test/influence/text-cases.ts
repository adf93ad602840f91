/** Models that read words: asked by text, by tokens and by example, their examples shown as text. */
import assert from 'node:assert/strict'
import test from 'node:test'
import type { Dataset, TrainingView } from '../../src/datasets/dataset.js'
import type { FieldOf, Fields } from '../../src/datasets/description.js'
import { operations } from '../../src/influence/operations.js'
import { createResponder, type ModelBundle } from '../../src/influence/responder.js'
import {
  InfluenceRequest, InfluenceResponse, type Layers, type ModelQuery, type PredictResponse, type SelfInfluenceResponse
} from '../../src/influence/schemas.js'
import { compileCheck } from '../../src/routes/validation.js'
import type { Architecture } from '../../src/tensor/architecture.js'
import type { Engine } from '../../src/tensor/engine.js'
import { makeCheckpoints } from './checkpoints.js'

const words = ['the', 'stock', 'market', 'team', 'won']
const sentences: [string, number][] = [['The stock market', 0], ['the team won', 1], ['Market, market: the market?', 0], ['won', 1]]
const LENGTH = 5

const inputs: FieldOf<'tokens'> = { type: 'tokens', shape: [LENGTH], vocabulary: 7, text: { columns: ['title'], lowerCase: true } }
const fields: Fields = { inputs, target: { type: 'classes', names: ['business', 'sport'] } }
const tokens = [[2, 3, 4, 0, 0], [2, 5, 6, 0, 0], [4, 4, 2, 4, 0], [6, 0, 0, 0, 0]]
const architecture: Architecture = {
  inputShape: [LENGTH],
  layers: [{ type: 'embedding', vocabulary: 7, dimensions: 3, padding: 0 }, { type: 'dense', units: 2, activation: 'linear' }]
}

/** Makes the tests. */
export function testTexts (engine: Engine): void {
  const { backend } = engine
  const responder = createResponder(engine)
  const split = { count: 4, arrays: { inputs: Int32Array.from(tokens.flat()), target: Int32Array.from(sentences, ([, label]) => label) } }
  const bundle: ModelBundle & { dataset: Dataset, trainingView: TrainingView } = {
    modelId: 'm',
    architecture,
    preprocessing: { offset: 0, scale: 1 },
    fields,
    trainingView: { datasetId: 'd', split: 'train', count: 4, dropped: [], relabelled: { indices: [], labels: [] } },
    dataset: { id: 'd', fields, counts: { train: 4, test: 4 }, train: split, test: split, words },
    checkpoints: makeCheckpoints(engine, architecture),
    parts: []
  }

  async function answer<R> (operation: keyof typeof operations, request: object, of: ModelBundle = bundle): Promise<R> {
    return await responder.answer(operations[operation], of, request) as R
  }

  test(`${backend}: a text is read by the words of the data set, as the example that it was`, async () => {
    const asked = async (queries: ModelQuery[]) => {
      const { results } = await answer<PredictResponse>('predict', { queries })
      return results.map(({ query: _, ...prediction }) => prediction)
    }
    const examples = await asked(sentences.map((_, index) => ({ split: 'train', index })))
    assert.equal(new Set(examples.map(one => JSON.stringify(one))).size, 4)
    assert.deepEqual(await asked(sentences.map(([input]) => ({ input }))), examples)
    assert.deepEqual(await asked(tokens.map(input => ({ input }))), examples)
    const [unknown, none] = await asked([{ input: 'Quidditch won!' }, { input: '' }])
    assert.deepEqual([unknown], await asked([{ input: [1, 6, 0, 0, 0] }]))
    assert.deepEqual([none], await asked([{ input: [0, 0, 0, 0, 0] }]))
  })

  test(`${backend}: influences of texts are shown as texts, over the last layer and over all`, async () => {
    for (const layers of ['last', 'all'] as Layers[]) {
      const steps = []
      for (const { step } of bundle.checkpoints) steps.push({ step, arrays: await responder.buildPart(bundle, layers, step) })
      const indexed = { ...bundle, parts: [{ layers, steps }] }
      const request = { queries: [{ input: 'the market' }, { split: 'test', index: 1 }], layers, topK: 4, show: true }
      assert.deepEqual(compileCheck(InfluenceRequest)(structuredClone(request)), [])
      const { results } = await answer<InfluenceResponse>('influence', request, indexed)
      assert.deepEqual(compileCheck(InfluenceResponse)(structuredClone({ results })).filter(({ path }) => path.startsWith('results')), [])
      const shown = ['the stock market', 'the team won', 'market market the market', 'won']
      for (const { proponents } of results) {
        assert.equal(proponents.length, 4)
        for (const { index, example, score } of proponents) {
          assert.deepEqual(example, { text: shown[index] })
          assert.ok(Number.isFinite(score))
        }
      }
      const { proponents: [first] } = results[1]!
      const { items } = await answer<SelfInfluenceResponse>('self-influence', { layers, show: true }, indexed)
      const self = items.find(({ index }) => index === 1)!
      assert.ok(first!.score >= self.score * (1 - 1e-5), 'an example is among its own greatest proponents')
      assert.deepEqual(self.example, { text: 'the team won' })
      responder.forget(indexed)
    }
  })

  test(`${backend}: what is no text for the model is refused by name`, async () => {
    const { words: _, ...dataset } = bundle.dataset
    const { text: __, ...plain } = inputs
    const refusals: [ModelBundle, ModelQuery['input'], string][] = [
      [bundle, [1, 2, 3, 4, 7], 'queries[0].input[4] must be a token, 0 .. 6, got 7'],
      [bundle, [1, 2, 3, 4, 0.5], 'queries[0].input[4] must be a token, 0 .. 6, got 0.5'],
      [bundle, { title: 'the market' }, 'queries[0].input must be tokens, an array of 5, for the model’s inputs are no row of a table, got {"title":"the market"}'],
      [{ ...bundle, dataset }, 'the market', 'queries[0].input must be tokens, an array of 5, for it is not known which words they are, got "the market"'],
      [{ ...bundle, fields: { ...fields, inputs: plain } }, 'the market', 'queries[0].input must be tokens, an array of 5, for it is not known which words they are, got "the market"']
    ]
    for (const [of, input, detail] of refusals) {
      await assert.rejects(answer('predict', { queries: [{ input }] }, of), { code: 'invalid_input', detail })
    }
    responder.close()
  })
}
