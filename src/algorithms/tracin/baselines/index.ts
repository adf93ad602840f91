/**
 * All baselines of one trial: averages that grow with every checkpoint, and what is computed once, from the weights at the
 * end. Which they are: names.ts. Both lie in the trial's snapshot. Next hop: the file of a baseline's name.
 */
import type { Labels } from '../../../datasets/labelled.js'
import type { LastFactors } from '../../../influence/factors.js'
import { gradientSquare } from '../../../influence/scoring.js'
import type { NamedArrays } from '../../../math/arrays.js'
import { prefix, unprefix } from '../../../math/arrays.js'
import { openAverages, type Averages } from './averages.js'
import { confidentLearning } from './confident-learning.js'
import { influenceFunction, refuseInfluenceFunction } from './influence-function.js'
import { readLastLayer, type LastLayer } from './last-layer.js'
import { baselinesFor, type BaselineName } from './names.js'
import { alphaNorms, refuseRepresenter, representerPoints } from './representer.js'
import type { BaselinesSpec, LeftOut } from './spec.js'

/** What is said at the end of a training: scores, the most suspicious largest, [n] each. */
export interface EndScores {
  scores: Partial<Record<BaselineName, Float64Array>>
  leftOut: LeftOut[]
}

export interface Baselines {
  readonly averages: Averages
  /** of the finished training; put there by whoever had them computed, when nothing can interrupt any more */
  end: EndScores | undefined
  /** Adds a checkpoint that counts. @param labels  training labels */
  addCheckpoint (factors: LastFactors, labels: Labels): void
  /** Computes what is said at the end; a generator, to be left between its parts and then begun again. */
  computeEnd (factors: LastFactors, labels: Labels): Generator<void, EndScores>
  /** Scores by the baselines that there are, in the order of their names. @param losses  at the end */
  scores (losses: Float32Array): [BaselineName, ArrayLike<number>][]
  save (): { arrays: NamedArrays, leftOut: LeftOut[] | undefined }
}

export interface BaselinesOptions {
  /** training examples */
  count: number
  /** how many; 0 for a target of values */
  classes: number
  /** what save() gave; the arrays also among others */
  saved: { arrays: NamedArrays, leftOut: LeftOut[] | undefined } | undefined
}

/** Opens the baselines of a trial: fresh, or as they were saved. */
export function openBaselines (spec: BaselinesSpec, { count, classes, saved }: BaselinesOptions): Baselines {
  const averages = openAverages(count, classes, unprefix('averages/', saved?.arrays ?? {}))
  const fitting = baselinesFor(classes > 0 ? 'classes' : 'values')
  const wanted = fitting.filter(name => spec.methods?.includes(name) ?? true)
  const ends = unprefix('end/', saved?.arrays ?? {})

  const baselines: Baselines = {
    averages,
    end: saved?.leftOut && {
      scores: Object.fromEntries(Object.entries(ends).map(([name, { data }]) => [name, data as Float64Array])),
      leftOut: saved.leftOut
    },
    addCheckpoint: (factors, labels) => averages.add(readLastLayer(factors, labels)),
    computeEnd: (factors, labels) => computeEnd(spec, wanted, readLastLayer(factors, labels)),
    scores: losses => wanted.flatMap(name => {
      const score = name === 'loss' ? losses : averageOf(averages, name) ?? baselines.end?.scores[name]
      return score ? [[name, score] as [BaselineName, ArrayLike<number>]] : []
    }),
    save: () => ({
      arrays: {
        ...prefix('averages/', averages.save()),
        ...Object.fromEntries(Object.entries(baselines.end?.scores ?? {})
          .map(([name, data]) => [`end/${name}`, { shape: [count], data: data.slice() }]))
      },
      leftOut: baselines.end?.leftOut
    })
  }
  return baselines
}

function averageOf (averages: Averages, name: BaselineName): Float64Array | undefined {
  switch (name) {
    case 'mean-loss': return averages.losses()
    case 'el2n': return averages.errors()
    case 'margin': return averages.margins().map(margin => -margin) // a small margin is suspicious
    default: return undefined
  }
}

function * computeEnd (spec: BaselinesSpec, wanted: readonly BaselineName[], last: LastLayer): Generator<void, EndScores> {
  const end: EndScores = { scores: {}, leftOut: [] }
  const leaveOut = (name: BaselineName, reason: string) => { end.leftOut.push({ name, reason }) }
  if (wanted.includes('gradient-norm')) end.scores['gradient-norm'] = gradientNorms(last)
  if (wanted.includes('confident-learning')) end.scores['confident-learning'] = confidentLearning(last)
  if (wanted.includes('influence-function')) {
    const refusal = refuseInfluenceFunction(last)
    if (refusal === undefined) end.scores['influence-function'] = yield * influenceFunction(last, spec.damping)
    else leaveOut('influence-function', refusal)
  }
  if (wanted.includes('representer')) {
    const refusal = refuseRepresenter(last)
    const options = { lambda: spec.lambda, target: spec.representerTarget }
    const points = refusal === undefined ? yield * representerPoints(last, options) : undefined
    if (points && points.failure === undefined) end.scores.representer = alphaNorms(points, last.outputsPerExample)
    else leaveOut('representer', refusal ?? points!.failure!)
  }
  return end
}

/** |gradient| of the loss by the last layer, bias included. */
function gradientNorms (last: LastLayer): Float64Array {
  const factors = { ...last, fanIn: last.width, fanOut: last.outputsPerExample }
  return Float64Array.from({ length: last.count }, (_, i) => Math.sqrt(gradientSquare(factors, i)))
}
