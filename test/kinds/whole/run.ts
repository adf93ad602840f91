/** One trial: every epoch the network is trained on attacked pictures, the average moves, and is tried on the probe. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Descent, ReadModel, RunContext, RunEvent, SnapshotState, TrialDefinition } from '../../../src/algorithms/contract.js'
import { preprocessingOf } from '../../../src/algorithms/kit/preprocessing.js'
import { createProgress, type ProgressState } from '../../../src/algorithms/kit/progress.js'
import { openClasses, type ClassesDataset } from '../../../src/datasets/classes.js'
import { prefix, sizeOf, unprefix, type NamedArrays } from '../../../src/math/arrays.js'
import type { Architecture } from '../../../src/tensor/architecture.js'
import { createPerturb, seenBy } from '../../../src/tensor/attack.js'
import type { Engine } from '../../../src/tensor/engine.js'
import { evaluate } from '../../../src/tensor/evaluate.js'
import { createNetwork } from '../../../src/tensor/network.js'
import { createTrainer } from '../../../src/tensor/trainer.js'
import { drawKernels, firstKernels } from './kernels.js'
import type { Shared } from './member.js'
import { stepsOf, type WholeResult, type WholeSpec } from './index.js'

/** How the weights of its two models are moved. */
const descents = {
  network: { type: 'sgd', momentum: 0, beside: ['it was trained on attacked pictures'] },
  average: { type: 'other', name: 'an average over the training' }
} as const satisfies Record<string, Descent>

interface Saved { epoch: number, progress: ProgressState }

export async function * run ({ arm, spec }: TrialDefinition<WholeSpec>, context: RunContext): AsyncGenerator<RunEvent, WholeResult> {
  const { epochs, batchSize, learningRate, radius, decay, holdsAfter } = spec
  const engine = await context.engine()
  const pictures = openClasses(context.data.pictures!)
  const probe = openClasses(context.data.probe!)
  const { inputShape, labelNames, train: { count } } = pictures
  const preprocessing = context.models.teacher?.description.preprocessing ?? preprocessingOf('unit', context.data.pictures!)
  const targetsOf = (dataset: ClassesDataset) => context.models.teacher === undefined
    ? oneHot(dataset)
    : say(engine, context, context.models.teacher, dataset)
  const [target, probeTarget] = [targetsOf(pictures), targetsOf(probe)]
  const values = target.length / count
  const architecture = residualNetwork(inputShape, values)
  const saved = context.resume?.values as unknown as Saved | undefined
  const arrays = context.resume?.arrays ?? {}
  const progress = createProgress(stepsOf(spec, count), saved?.progress)
  const perEpoch = Math.ceil(count / batchSize)

  const network = createNetwork(engine, architecture, context.random('init'))
  const averaged = createNetwork(engine, architecture, context.random('init'))
  const perturb = createPerturb(engine, network, { norm: 'linf', objective: 'loss', box: { low: 0, high: 1 } }, { radius, steps: 1, stepSize: radius })
  const trainer = createTrainer(engine, network, {
    data: pictures.train,
    inputShape,
    preprocessing,
    target,
    augmentation: { cropPadding: 1, flip: false },
    perturb,
    batchSize: Math.min(batchSize, count),
    optimizer: { type: 'sgd', momentum: 0.9 }
  })
  if (saved !== undefined) {
    network.load(unprefix('network/', arrays))
    trainer.load(unprefix('optimizer/', arrays))
  }
  const shared: Shared = {
    current: ofShared(flatten(network.save())),
    average: ofShared(saved === undefined ? flatten(network.save()) : arrays.average!.data as Float32Array),
    version: new Int32Array(new SharedArrayBuffer(4)),
    decay,
    isLoose: arm === 'loose',
    from: saved?.epoch ?? 0,
    epochs
  }
  const { barrier } = context.crew(2, { module: new URL('./member.js', import.meta.url).href, export: 'keepAverage' }, shared)

  function publish (): void {
    shared.current.set(flatten(network.save()))
    Atomics.add(shared.version, 0, 1)
    Atomics.notify(shared.version, 0)
    if (shared.isLoose) return
    barrier()
    barrier() // the average has moved
  }

  function errorOfAverage (): number {
    averaged.load(unflatten(shared.average, network.save()))
    return meanOf(evaluate(engine, averaged, { data: probe.train, inputShape, preprocessing, target: probeTarget }).losses)
  }

  const snapshotAt = (epoch: number): SnapshotState => ({
    arrays: {
      ...prefix('network/', network.save()),
      ...prefix('optimizer/', trainer.save()),
      average: { shape: [shared.average.length], data: shared.average.slice() }
    },
    values: structuredClone({ epoch, progress: progress.state })
  })

  try {
    if (saved === undefined) {
      const columns = Array.from({ length: values }, (_, i) => ({ name: labelNames[i] ?? `value ${i}` }))
      const fields = { inputs: context.data.pictures!.fields.inputs, target: { type: 'values', columns } } as const
      for (const name of ['network', 'average'] as const) yield { type: 'model', name, network: architecture, preprocessing, fields, descent: descents[name] }
    }
    for (let epoch = shared.from; epoch < epochs; epoch++) {
      const order = Int32Array.from(context.random('order', epoch).permutation(count))
      let loss = 0
      for (let at = 0; at < count; at += batchSize) {
        loss += trainer.step(order.subarray(at, at + batchSize), learningRate)
        yield * progress.add(1)
      }
      publish()
      const step = (epoch + 1) * perEpoch
      yield { type: 'metrics', step, values: { loss: loss / perEpoch, error: errorOfAverage() } }
      yield { type: 'checkpoint', model: 'network', step, learningRate, arrays: network.save() }
      const isFirst = context.resume === undefined && holdsAfter !== undefined
      while (isFirst && epoch === holdsAfter) await delay(10) // for its end, and for no other snapshot
      let isKept = false
      const boundary: RunEvent = {
        type: 'boundary',
        step,
        snapshot () {
          isKept = true
          return snapshotAt(epoch + 1)
        }
      }
      yield boundary
      while (isFirst && epoch + 1 === holdsAfter && !isKept) {
        await delay(10)
        yield boundary
      }
    }
    const error = errorOfAverage()
    const final = averaged.save()
    const steps = epochs * perEpoch
    yield { type: 'checkpoint', model: 'average', step: steps, learningRate, arrays: final }
    yield { type: 'artifact', name: 'kernels', step: steps, mediaType: 'image/png', bytes: drawKernels(firstKernels(final)) }
    const baseline = errorOfMean(target, probeTarget, values)
    return { outcome: error < baseline ? 'learned' : 'stalled', error, baseline, steps }
  } finally {
    trainer.dispose()
    network.dispose()
    averaged.dispose()
  }
}

function residualNetwork (inputShape: number[], values: number): Architecture {
  const conv = { type: 'conv', filters: 4, kernel: 3, stride: 1, padding: 'same', activation: 'linear' } as const
  const norm = { type: 'batch-norm', momentum: 0.1, epsilon: 1e-5 } as const
  return {
    inputShape,
    layers: [
      { ...conv, stride: 2 }, { ...norm, activation: 'relu', name: 'stem' },
      conv, { ...norm, activation: 'relu' }, conv, { ...norm, name: 'branch' },
      { type: 'add', inputs: ['stem', 'branch'], activation: 'relu' },
      { type: 'global-average-pool' },
      { type: 'dense', units: values, activation: 'linear' }
    ],
    head: { type: 'values', loss: 'squared' }
  }
}

/** What a stored model says of the training pictures of a data set: its outputs, [count, values]. */
function say (
  engine: Engine, { random }: RunContext, { description, arrays }: ReadModel, { train, inputShape }: ClassesDataset
): Float32Array {
  const { architecture, preprocessing } = description
  const teacher = createNetwork(engine, architecture, random('overwritten'))
  teacher.load(arrays)
  const all = Int32Array.from({ length: train.count }, (_, i) => i)
  const seen = seenBy(engine, { data: train, inputShape, preprocessing, target: train.labels }, all)
  const x = engine.tf.tensor(seen, [train.count, ...inputShape])
  const outputs = teacher.logits(x)
  const values = outputs.dataSync<'float32'>().slice()
  for (const one of [x, outputs, teacher]) one.dispose()
  return values
}

function oneHot ({ train: { labels }, classes }: ClassesDataset): Float32Array {
  const target = new Float32Array(labels.length * classes)
  labels.forEach((label, i) => { target[i * classes + label] = 1 })
  return target
}

function errorOfMean (target: Float32Array, probe: Float32Array, values: number): number {
  const means = Array.from({ length: values }, (_, j) => meanOf(target.filter((_, i) => i % values === j)))
  return meanOf(probe.map((value, i) => (value - means[i % values]!) ** 2))
}

function meanOf (numbers: Float32Array): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length
}

function flatten (arrays: NamedArrays): Float32Array {
  return Float32Array.from(Object.values(arrays).flatMap(({ data }) => [...data]))
}

/** @param like arrays of the same names and shapes */
function unflatten (flat: Float32Array, like: NamedArrays): NamedArrays {
  let at = 0
  return Object.fromEntries(Object.entries(like).map(([name, { shape }]) => {
    const data = flat.slice(at, at + sizeOf(shape))
    at += sizeOf(shape)
    return [name, { shape, data }]
  }))
}

function ofShared (values: Float32Array): Float32Array {
  const copy = new Float32Array(new SharedArrayBuffer(values.byteLength))
  copy.set(values)
  return copy
}
