/** A model that a driven trial made, as those who answer questions about it get it. */
import type { Dataset, TrainingView } from '../../src/datasets/dataset.js'
import type { RunEvent } from '../../src/algorithms/contract.js'
import type { Responder, ModelBundle } from '../../src/influence/responder.js'

/** Gathers what a run's events say of one of its models that was trained on no stored data set. */
export function bundleWithoutData (events: readonly RunEvent[], name: string): ModelBundle {
  const { network: architecture, preprocessing, fields, descent, details } = modelOf(events, name)
  return {
    modelId: 'm',
    architecture,
    preprocessing,
    trainingView: undefined,
    fields: fields!,
    dataset: undefined,
    descent: descent ?? { type: 'other' },
    details,
    checkpoints: events.flatMap(event => event.type === 'checkpoint' && event.model === name ? [event] : []),
    parts: []
  }
}

/** The same of one with a training view. @param dataset that of the view */
export function bundleOf (events: readonly RunEvent[], dataset: Dataset, name = 'trained'): ModelBundle & { dataset: Dataset, trainingView: TrainingView } {
  const { trainingView } = modelOf(events, name)
  return { ...bundleWithoutData(events, name), trainingView: { ...trainingView!, datasetId: 'generated' }, fields: dataset.fields, dataset }
}

function modelOf (events: readonly RunEvent[], name: string): Extract<RunEvent, { type: 'model' }> {
  return events.find(event => event.type === 'model' && event.name === name) as Extract<RunEvent, { type: 'model' }>
}

/** The same with its index built. */
export async function indexed<Bundle extends ModelBundle> (responder: Responder, bundle: Bundle, layers: 'last' | 'all' = 'last'): Promise<Bundle> {
  const steps = []
  for (const { step } of bundle.checkpoints) steps.push({ step, arrays: await responder.buildPart(bundle, layers, step) })
  responder.forget(bundle)
  return { ...bundle, parts: [{ layers, steps }] }
}
