/**
 * Functions and pictures as targets: a dense network in Float64, fitted by the mean squared error over all points with
 * any of the optimizers. Next hop: points.ts makes points, values and probe.
 */
import { createOptimizer, type OptimizerSettings, type OptimizerState } from '../../../optimizers/index.js'
import { parameterShapes, type Architecture } from '../../../tensor/architecture.js'
import { splitWeights } from '../../../tensor/flat-weights.js'
import { createRegression, initialize, parameterCount, type RegressionNet } from '../../../tensor/float64/regression.js'
import type { ModelEvent, RunContext } from '../../contract.js'
import { createGridProbe } from '../../kit/spectrum/index.js'
import type { Fit } from '../fit.js'
import type { OptimizerSpec } from '../optimizer-spec.js'
import { groupBands } from '../result.js'
import type { FrequencyPrincipleSpec } from '../spec.js'
import { descentOf } from '../weights.js'
import { evaluationsPerBoundary } from '../work.js'
import { netOf, sizeOf } from './network.js'
import { makePoints, makeTestPoints, openProbe, type FunctionTarget, type Points } from './points.js'

type FunctionOptimizer = Exclude<OptimizerSpec, { type: 'sgd' }>

/** Opens the fit of a function: afresh, or where its optimizer was saved. */
export function openFunctionFit (
  spec: FrequencyPrincipleSpec, target: FunctionTarget, { random }: Pick<RunContext, 'random'>, saved: OptimizerState | undefined
): Fit {
  const { steps, evaluations, ...method } = spec.optimizers[0] as FunctionOptimizer
  const points = makePoints(target)
  const count = points.y.length
  const probe = openProbe(spec, target, points)
  const net = netOf(spec, target, spec.optimizers[0]!)
  const model = modelOf(net, points)
  const parameters = parameterShapes(model.network)
  const loss = createRegression(net, points)
  const budget = { steps, ...(evaluations === undefined ? {} : { evaluations }) }
  const learner = createOptimizer(settingsOf(method, spec), loss, {
    start: initialize(net, initOf(spec), random('init')), random, budget, ...(saved ? { state: saved } : {})
  })
  const outputs = new Float64Array(count)
  const test = openTest(spec, target, net, () => learner.theta)
  return {
    learner,
    budget,
    evaluationsPerBoundary: evaluationsPerBoundary(sizeOf(net, count)),
    bands: groupBands(probe.bands, target.type === 'image' ? 'radius' : 'frequency'),
    goal: points.y,
    measure: probe.measure,
    spectrum: probe.spectrum,
    shape: { picture: points.picture ?? null },
    parameters: parameterCount(net),
    points: count,
    model,
    descent: descentOf(spec.optimizers[0]!),
    learningRate: 'learningRate' in method ? method.learningRate : 0,
    look: () => ({ outputs: loss.predict(learner.theta, outputs), loss: learner.value }),
    weights: () => splitWeights(parameters, learner.theta),
    findings: () => ({}),
    ...(test === undefined ? {} : { test }),
    close () {}
  }
}

/** The denser grid: the bands of the fit, which are the same sines on any grid. */
function openTest (spec: FrequencyPrincipleSpec, target: FunctionTarget, net: RegressionNet, theta: () => Float64Array): Fit['test'] {
  const points = makeTestPoints(target)
  if (points === undefined) return undefined
  const { bands } = openProbe(spec, target, makePoints(target))
  const frequencies = bands.map(({ frequency }) => frequency)
  const probe = createGridProbe(points.y, { frequencies, error: spec.spectrum.error })
  const loss = createRegression(net, points)
  return {
    points: points.y.length,
    measure () {
      const outputs = loss.predict(theta())
      const sum = outputs.reduce((squares, output, j) => squares + (output - points.y[j]!) ** 2, 0)
      return { loss: sum / outputs.length, errors: Array.from(probe.measure(outputs)) }
    }
  }
}

function settingsOf ({ name: _, hidden: __, ...method }: Omit<FunctionOptimizer, 'steps' | 'evaluations'>, spec: FrequencyPrincipleSpec): OptimizerSettings {
  const { gradientTolerance = 1e-5, targetValue } = spec
  return { ...method, gradientTolerance, ...(targetValue === undefined ? {} : { targetValue }) } as OptimizerSettings
}

function initOf ({ init }: FrequencyPrincipleSpec): Parameters<typeof initialize>[1] {
  return init.type === 'fan-in' ? { scheme: 'fan-in', gain: init.gain } : { scheme: 'normal', deviation: init.deviation }
}

/** The network as it is stored: it reads coordinates and answers the value there. */
function modelOf ({ inputs, hidden, activation }: RegressionNet, { picture }: Points): Omit<ModelEvent, 'type' | 'name'> {
  const network: Architecture = {
    inputShape: [inputs],
    layers: [
      ...hidden.map(units => ({ type: 'dense' as const, units, activation })),
      { type: 'dense', units: 1, activation: 'linear' }
    ],
    head: { type: 'values', loss: 'squared' }
  }
  const columns = picture ? [{ name: 'x', unit: '1' }, { name: 'y', unit: '1' }] : [{ name: 'x', unit: '1' }]
  return {
    network,
    preprocessing: { offset: 0, scale: 1 },
    fields: {
      inputs: { type: 'features', shape: [inputs], dtype: 'float32', columns },
      target: { type: 'values', columns: [{ name: picture ? 'grey' : 'f' }] }
    }
  }
}
