/**
 * What is stored of a network that a run announces: with its head spelt out, and with what it reads and predicts, which
 * its data set says, or the event.
 */
import type { ModelEvent } from '../algorithms/contract.js'
import type { DatasetDescription } from '../datasets/dataset.js'
import { sayField, type Fields } from '../datasets/description.js'
import { outputsOf } from '../influence/bundle.js'
import type { ModelParts } from './messages.js'

/** Gathers it. @param data descriptions of the trial's data sets by name @throws Error when the event is not complete */
export function toModelParts (event: ModelEvent, data: Readonly<Record<string, DatasetDescription>>): ModelParts {
  const { name, network, preprocessing, trainingView } = event
  const dataset = trainingView === undefined ? undefined : data[trainingView.data]
  if (trainingView !== undefined && dataset === undefined) {
    throw new Error(`The training view of ${name} names the data ${trainingView.data}, which the trial does not have`)
  }
  const fields = event.fields ?? dataset?.fields
  if (fields === undefined) throw new Error(`The model ${name} must have a training view, or say what its fields are`)
  const { head, kind, shape } = outputsOf({ architecture: network, fields })
  const misfit = fields.target && kind.findMisfit(fields.target, shape)
  if (misfit !== undefined) throw new Error(`The model ${name} must have a target of ${misfit}, got ${sayField(fields.target)}`)
  return {
    architecture: { ...network, head },
    preprocessing,
    fields: readAndPredicted(fields),
    descent: event.descent ?? { type: 'other' },
    details: event.details,
    trainingView: trainingView && viewOf(trainingView, dataset!)
  }
}

function viewOf ({ data: _, ...view }: NonNullable<ModelEvent['trainingView']>, { id }: DatasetDescription): ModelParts['trainingView'] {
  return { datasetId: id, ...view }
}

/** Without further fields, such as scribbles: a stored network reads inputs only. */
function readAndPredicted ({ inputs, target }: Fields): Fields {
  return { inputs, ...(target === undefined ? {} : { target }) }
}
