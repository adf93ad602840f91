/** Solutions as the artifact `solutions`, in safetensors: arrays by the names in solutions.ts, metadata that say of what they are. */
import { AppError } from '../../../errors.js'
import { sortKeys } from '../../../math/sort-keys.js'
import { decodeSafetensors, encodeSafetensors, type Safetensors } from '../../../storage/safetensors.js'
import type { Family } from '../families/family.js'
import type { FamilySpec } from '../families/spec.js'
import type { SolverSpec } from '../solver-spec.js'
import { firstOf, type Solutions } from './solutions.js'

/** Its name among the artifacts of a trial. */
export const artifactName = 'solutions'

/** Which problems were solved, and how. */
interface Of { family: FamilySpec, solver: SolverSpec }

/** Writes the file. */
export function encodeSolutions ({ instances: { count, data }, starts, ...solved }: Solutions, of: Of): Uint8Array {
  const { started, states, values, steps, queries } = solved
  const array = (data: Float64Array, ...shape: number[]) => ({ shape, data })
  const size = states.length / count / starts
  return encodeSafetensors({
    instances: array(data, count, data.length / count),
    started: array(started, count, starts, size),
    states: array(states, count, starts, size),
    values: array(values, count, starts),
    steps: array(steps, count),
    queries: array(queries, count)
  }, { family: textOf(of.family), solver: textOf(of.solver) })
}

/**
 * Reads the first instances and starts of a file.
 * @throws AppError invalid_input where it is of another family or solver, or has too few
 */
export function decodeSolutions (
  bytes: Uint8Array, of: Of, { count, starts, family }: { count: number, starts: number, family: Pick<Family, 'instanceSize' | 'size'> }
): Solutions {
  const { arrays, metadata } = read(bytes)
  for (const name of ['family', 'solver'] as const) {
    if (metadata[name] !== textOf(of[name])) refuse(`have spec.${name}, ${textOf(of[name])}`, metadata[name] ?? 'none')
  }
  const shapeOf = (name: string) => arrays[name]?.shape ?? refuse(`have an array ${name}`, Object.keys(arrays).join(', '))
  const [stored = 0, runs = 0] = shapeOf('values')
  const shapes = {
    instances: [stored, family.instanceSize],
    started: [stored, runs, family.size],
    states: [stored, runs, family.size],
    values: [stored, runs],
    steps: [stored],
    queries: [stored]
  }
  for (const [name, shape] of Object.entries(shapes)) {
    if (shapeOf(name).join() !== shape.join()) refuse(`have ${name} of [${shape}]`, `[${shapeOf(name)}]`)
  }
  if (stored < count) refuse(`have ${count} instances or more`, stored)
  if (runs < starts) refuse(`have ${starts} starts of every instance or more`, runs)
  const { instances, ...solved } = Object.fromEntries(Object.entries(arrays).map(([name, { data }]) => [name, Float64Array.from(data)]))
  return firstOf({ instances: { count: stored, data: instances! }, starts: runs, ...solved as Omit<Solutions, 'instances' | 'starts'> }, { count, starts })
}

function read (bytes: Uint8Array): Safetensors {
  try {
    return decodeSafetensors(bytes)
  } catch (error) {
    return refuse('be a safetensors file', (error as Error).message)
  }
}

function textOf (spec: unknown): string {
  return JSON.stringify(sortKeys(spec))
}

function refuse (rule: string, got: unknown): never {
  throw new AppError('invalid_input', `spec.offline.solutions must ${rule}, got ${String(got)}`)
}
