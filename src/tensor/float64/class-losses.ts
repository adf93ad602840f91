/** Losses of outputs against classes in Float64; outputs lie unit by unit, [classes, n]. */

/** squared: mean over outputs and examples of (output - one-hot)²; cross-entropy: mean over examples of -log softmax */
export type ClassLoss = 'squared' | 'cross-entropy'

interface LossOverExamples {
  value (outputs: Float64Array): number
  /** Writes the derivatives by the outputs. @returns the value */
  gradient (outputs: Float64Array, into: Float64Array): number
}

/** Makes the loss over examples with these classes. */
export function lossOf (loss: ClassLoss, labels: Int32Array, classes: number): LossOverExamples {
  return loss === 'squared' ? squared(labels, classes) : crossEntropy(labels, classes)
}

function squared (labels: Int32Array, classes: number): LossOverExamples {
  const count = labels.length
  const total = count * classes
  const goal = new Float64Array(total)
  labels.forEach((label, p) => { goal[label * count + p] = 1 })
  return {
    value (outputs) {
      let sum = 0
      for (let i = 0; i < total; i++) sum += (outputs[i]! - goal[i]!) ** 2
      return sum / total
    },
    gradient (outputs, into) {
      let sum = 0
      for (let i = 0; i < total; i++) {
        const difference = outputs[i]! - goal[i]!
        sum += difference ** 2
        into[i] = 2 * difference / total
      }
      return sum / total
    }
  }
}

function crossEntropy (labels: Int32Array, classes: number): LossOverExamples {
  const count = labels.length

  /** log sum exp(z_c) of an example, safe against overflow. */
  function logSum (z: Float64Array, p: number): number {
    let largest = z[p]!
    for (let c = 1; c < classes; c++) largest = Math.max(largest, z[c * count + p]!)
    let sum = 0
    for (let c = 0; c < classes; c++) sum += Math.exp(z[c * count + p]! - largest)
    return largest + Math.log(sum)
  }

  function value (outputs: Float64Array): number {
    let sum = 0
    for (let p = 0; p < count; p++) sum += logSum(outputs, p) - outputs[labels[p]! * count + p]!
    return sum / count
  }

  return {
    value,
    gradient (outputs, into) {
      for (let p = 0; p < count; p++) {
        const whole = logSum(outputs, p)
        for (let c = 0; c < classes; c++) {
          into[c * count + p] = (Math.exp(outputs[c * count + p]! - whole) - (c === labels[p] ? 1 : 0)) / count
        }
      }
      return value(outputs)
    }
  }
}
