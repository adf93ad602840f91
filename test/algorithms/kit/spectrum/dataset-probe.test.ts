import assert from 'node:assert/strict'
import test from 'node:test'
import { oneHot, openDatasetProbe, probeBytes, type Measured } from '../../../../src/algorithms/kit/spectrum/dataset-probe.js'
import { createFilterProbe } from '../../../../src/algorithms/kit/spectrum/filter.js'
import { createProjectionProbe } from '../../../../src/algorithms/kit/spectrum/projection.js'
import { FrequencyProbeSpec } from '../../../../src/algorithms/kit/spectrum/spec.js'
import { compileCheck } from '../../../../src/routes/validation.js'
import { near, uniform } from './helpers.js'

const count = 40
const inputs = Float32Array.from(uniform(count * 2, 'inputs'))
const labels = Int32Array.from(uniform(count, 'labels'), value => Math.floor(3 * value))
const examples = { data: { inputs, count }, inputShape: [2], preprocessing: { offset: 0.5, scale: 2 }, target: labels }

function makeSpec (changes: object = {}): FrequencyProbeSpec {
  const spec = { examples: 20, recordsPerDecade: 4, methods: ['filter', 'projection'], widths: [0.1], frequencies: [1, 2.5], ...changes }
  assert.deepEqual(compileCheck(FrequencyProbeSpec, { root: 'spec' })(spec), [])
  return spec as unknown as FrequencyProbeSpec
}

/** A network whose probabilities go from uniform to the labels. @param share how far it is */
const network = (share: number) => (indices: Int32Array): Measured => ({
  losses: Float32Array.from(indices, () => 1 - share),
  probabilities: Float32Array.from(oneHot(Int32Array.from(indices, index => labels[index]!), 3), value => share * value + (1 - share) / 3)
})

test('FrequencyProbeSpec: everything has a default', () => {
  const spec = {}
  assert.deepEqual(compileCheck(FrequencyProbeSpec, { root: 'spec' })(spec), [])
  assert.deepEqual(spec, {
    methods: ['filter'],
    widths: [0.05, 0.1, 0.2],
    frequencies: [1, 2, 4, 8, 16],
    examples: 500,
    recordsPerDecade: 20,
    error: 'complex',
    threshold: 0.2
  })
})

test('openDatasetProbe: measures preprocessed inputs, evenly chosen, against one-hot labels by every method', () => {
  const probe = openDatasetProbe(makeSpec(), examples, 3)
  let asked: number[] = []
  const [metrics] = probe.observe(0, false, indices => {
    asked = [...indices]
    return network(0.25)(indices)
  })
  assert.deepEqual(asked, Array.from({ length: 20 }, (_, i) => 2 * i))
  const chosen = Float64Array.from(asked.flatMap(index => [2 * (inputs[2 * index]! - 0.5), 2 * (inputs[2 * index + 1]! - 0.5)]))
  const target = oneHot(Int32Array.from(asked, index => labels[index]!), 3)
  const outputs = Float64Array.from(network(0.25)(Int32Array.from(asked)).probabilities!)
  const filter = createFilterProbe(chosen, target, { widths: [0.1], outputs: 3 }).measure(outputs)
  const projection = createProjectionProbe(chosen, target, { count: 20, outputs: 3, frequencies: [1, 2.5], error: 'complex' }).measure(outputs)
  assert.deepEqual(metrics, {
    type: 'metrics',
    step: 0,
    values: {
      'spectralError/low 0.1': filter[0], 'spectralError/high 0.1': filter[1], 'spectralError/1': projection[0], 'spectralError/2.5': projection[1]
    }
  })
  near(filter[1]!, 0.75, 1e-6) // a share of the labels leaves the rest of every part without a mean
  assert.deepEqual(probe.history.losses, [0.75])
})

test('openDatasetProbe: measures when due and at the last step, draws a picture now and then and at the end', () => {
  const probe = openDatasetProbe(makeSpec(), examples, 3)
  const emitted = Array.from({ length: 31 }, (_, step) => probe.observe(step, step === 30, network(step / 30))).flat()
  const steps = (type: string) => emitted.filter(event => event.type === type).map(event => 'step' in event && event.step)
  assert.deepEqual(steps('metrics'), [0, 1, 2, 3, 6, 10, 18, 30])
  assert.deepEqual(steps('artifact'), [1, 3, 10, 30])
  assert.deepEqual([probe.history.steps, probe.history.evaluations], [[0, 1, 2, 3, 6, 10, 18, 30], [0, 1, 2, 3, 6, 10, 18, 30]])
})

test('openDatasetProbe: goes on from its history, which it does not share', () => {
  const whole = openDatasetProbe(makeSpec(), examples, 3)
  const first = openDatasetProbe(makeSpec(), examples, 3)
  for (let step = 0; step <= 5; step++) for (const probe of [whole, first]) probe.observe(step, false, network(step / 30))
  const saved = JSON.parse(JSON.stringify(first.history)) as typeof first.history
  const second = openDatasetProbe(makeSpec(), examples, 3, saved)
  for (let step = 6; step <= 30; step++) {
    assert.deepEqual(second.observe(step, step === 30, network(step / 30)), whole.observe(step, step === 30, network(step / 30)))
  }
  assert.deepEqual(second.conclude(), whole.conclude())
  assert.deepEqual(saved, first.history)
})

test('openDatasetProbe: concludes by method', () => {
  const probe = openDatasetProbe(makeSpec({ threshold: 0.65 }), examples, 3)
  for (let step = 0; step <= 30; step++) probe.observe(step, step === 30, network(step / 30))
  const { methods, ...rest } = probe.conclude()
  assert.deepEqual(rest, { examples: 20, threshold: 0.65 })
  assert.deepEqual(methods.map(({ method, bands }) => [method, ...bands.map(({ key }) => key)]), [['filter', 'low 0.1', 'high 0.1'], ['projection', '1', '2.5']])
  const high = methods[0]!.bands[1]!
  // its error is 1 - step / 30: below 0.65 from step 10.5, measured next at 18
  assert.equal(high.learned, 18)
  near(high.error, 0, 1e-6)
  // these labels are by chance: what they have in a band is no more than what their shuffles have
  const [low] = methods[0]!.bands
  assert.deepEqual([low!.isNoise, low!.amplitude <= low!.shuffled], [true, true])
  for (const { constant } of methods.flatMap(({ bands }) => bands)) near(constant, 1, 1e-6)
  assert.deepEqual([methods[0]!.kendallTau, methods[0]!.pairs], [null, { concordant: 0, discordant: 0, tied: 0, censored: 0 }])
})

test('openDatasetProbe: takes the labels told, all examples where there are fewer, and the peaks where no frequency is given', () => {
  const emitted = labels.map(label => (label + 1) % 3)
  const probe = openDatasetProbe(makeSpec({ examples: 500, frequencies: [] }), { ...examples, target: emitted }, 3)
  probe.observe(0, false, indices => {
    assert.equal(indices.length, 40)
    return { losses: new Float32Array(40), probabilities: oneHot(emitted, 3) }
  })
  assert.ok(probe.history.errors[0]!.length > 4)
  assert.ok(probe.history.errors[0]!.every(error => error === 0))
})

test('probeBytes: counts kernels', () => {
  assert.equal(probeBytes(makeSpec({ examples: 1000, widths: [0.1, 0.2] })), 24e6)
  assert.ok(probeBytes(makeSpec({ methods: ['projection'] })) < 1000)
})
