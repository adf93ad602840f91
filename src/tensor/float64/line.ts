/**
 * Values of a regression network along a line. Along a coordinate axis one unit changes: its activations are computed
 * anew, all others are kept, also from one line to the next. Along any other direction everything is computed.
 */
import { type Workspace } from './workspace.js'

/** A parameter's place: layer 1 .. depth + 1 (the output), its row in the weights (-1: bias) and its unit. */
interface Place { layer: number, row: number, unit: number }

/** Makes a network's `alongLine`. */
export function createLines (workspace: Workspace): (theta: Float64Array, direction: Float64Array) => (t: number) => number {
  const { kernels, layout, sizes, stride, size } = workspace
  const { net, line } = layout
  const depth = sizes.length - 2
  const starts = [0] // of the layers' parameters, by layer; the inputs have none
  for (let l = 1, at = 0; l <= depth + 1; l++) {
    starts.push(at)
    at += (sizes[l - 1]! + 1) * sizes[l]!
  }
  /** what the kept activations belong to */
  const base = new Float64Array(size)
  let baseEpoch = -1
  let current = 0
  let lines = 0
  /** a row of the kept activations that a line has overwritten; what it held is in line.saved */
  let overwritten: number | undefined

  const pointer = (parameter: number) => line.theta + parameter * 8
  /** Activations of layer l, 0 are the inputs. */
  const rows = (l: number) => l === 0 ? layout.x : line.layers[l - 1]!
  const biasAt = (l: number, unit: number) => starts[l]! + sizes[l - 1]! * sizes[l]! + unit

  function place (parameter: number): Place {
    let layer = depth + 1
    while (starts[layer]! > parameter) layer--
    const units = sizes[layer]!
    const row = Math.floor((parameter - starts[layer]!) / units)
    return { layer, row: row === sizes[layer - 1]! ? -1 : row, unit: (parameter - starts[layer]!) % units }
  }

  function computeLayer (l: number): void {
    kernels.layer(net, sizes[l - 1]!, sizes[l]!, pointer(starts[l]!), rows(l - 1), rows(l))
  }

  /** Sums of a unit before its activation, without the term of one row of its weights (-1: of its bias; undefined: with all). */
  function sumUnit (l: number, unit: number, without: number | undefined, into: number): void {
    const bias = without === -1 ? 0 : base[biasAt(l, unit)]!
    kernels.combine(net, bias, pointer(starts[l]! + unit), sizes[l]! * 8, rows(l - 1), sizes[l - 1]!, without ?? -1, into)
  }

  /** Makes the kept activations those of theta, computing only the units whose parameters have changed. */
  function moveTo (theta: Float64Array): void {
    workspace.attach()
    const { f64 } = workspace
    if (overwritten !== undefined && baseEpoch === workspace.epoch) f64.copyWithin(overwritten / 8, line.saved / 8, line.saved / 8 + stride)
    overwritten = undefined
    let from = baseEpoch === workspace.epoch ? depth + 1 : 1
    const units = new Set<number>()
    for (let i = 0; i < starts[depth + 1]! && from > 1; i++) {
      if (theta[i] === base[i]) continue
      const { layer, unit } = place(i)
      if (layer === depth) units.add(unit)
      else from = Math.min(from, layer)
    }
    baseEpoch = workspace.epoch
    base.set(theta)
    f64.set(theta, line.theta / 8)
    for (let l = from; l <= depth; l++) computeLayer(l)
    if (from > depth) {
      for (const unit of units) {
        const row = rows(depth) + unit * stride * 8
        sumUnit(depth, unit, undefined, row)
        kernels.activate(net, row)
      }
    }
  }

  /** Prepares a line along one axis. @returns the value as a function of the parameter that changes */
  function prepare (theta: Float64Array, { layer, row, unit }: Place): (parameter: number) => number {
    moveTo(theta)
    const from = row === -1 ? line.ones : rows(layer - 1) + row * stride * 8
    if (layer === depth + 1) {
      sumUnit(layer, 0, row, line.rest)
      return parameter => kernels.outputLine(net, line.rest, from, parameter, line.work)
    }
    sumUnit(layer, unit, row, line.sums)
    if (layer === depth) {
      sumUnit(depth + 1, 0, unit, line.rest)
      const weight = base[starts[depth + 1]! + unit]!
      return parameter => kernels.unitLine(net, line.sums, from, parameter, line.rest, weight, line.work)
    }
    const changed = rows(layer) + unit * stride * 8
    workspace.f64.copyWithin(line.saved / 8, changed / 8, changed / 8 + stride)
    overwritten = changed
    return parameter => {
      kernels.movedUnit(net, line.sums, from, parameter, changed)
      return kernels.valueFrom(net, line.theta, layer, rows(layer))
    }
  }

  function alongAxis (theta: Float64Array, parameter: number, step: number): (t: number) => number {
    const at = place(parameter)
    const start = theta[parameter]!
    const id = ++lines
    let valueOf: ((parameter: number) => number) | undefined
    return t => {
      workspace.attach()
      if (valueOf === undefined || current !== id || baseEpoch !== workspace.epoch) {
        valueOf = prepare(theta, at)
        current = id
      }
      return valueOf(start + t * step)
    }
  }

  function alongAny (theta: Float64Array, direction: Float64Array): (t: number) => number {
    return t => {
      workspace.attach()
      const moved = workspace.theta
      for (let i = 0; i < size; i++) moved[i] = theta[i]! + t * direction[i]!
      return kernels.value(net, layout.theta)
    }
  }

  return (theta, direction) => {
    const axis = onlyNonZero(direction)
    return axis === undefined ? alongAny(theta, direction) : alongAxis(theta, axis, direction[axis]!)
  }
}

/** Where the only number is that is not 0; undefined when there are none or several. */
function onlyNonZero (direction: Float64Array): number | undefined {
  let found: number | undefined
  for (let i = 0; i < direction.length; i++) {
    if (direction[i] === 0) continue
    if (found !== undefined) return undefined
    found = i
  }
  return found
}
