/** Makes steps runnable: compiled to one TensorFlow graph, or op by op where there is no TensorFlow. */
import { compile } from './compile.js'
import type { Engine } from './engine.js'
import { interpret, type Runnable, type Step, type StepOptions } from './step.js'

/**
 * Makes a step runnable for the given shapes in the fastest way that the engine has; the numbers are the same.
 * @throws internal naming the cause, when the step cannot be compiled
 */
export function prepare (engine: Engine, step: Step, options: StepOptions): Runnable {
  return engine.native ? compile(engine, engine.native, step, options) : interpret(engine, step, options)
}
