/** A model that a driven trial made, as those who answer questions about it get it. */
import type { Dataset, TrainingView } from '../../src/datasets/dataset.js'
import type { RunEvent } from '../../src/algorithms/contract.js'
import type { Responder, ModelBundle } from '../../src/influence/responder.js'

/** Gathers what a run's events say of one of its models. @param dataset of the training view */
export function bundleOf (events: readonly RunEvent[], dataset: Dataset, name = 'trained'): ModelBundle & { dataset: Dataset, trainingView: TrainingView } {
  const model = events.find(event => event.type === 'model' && event.name === name) as Extract<RunEvent, { type: 'model' }>
  const { network: architecture, preprocessing, trainingView, descent } = model
  return {
    modelId: 'm',
    architecture,
    preprocessing,
    trainingView: { ...trainingView!, datasetId: 'generated' },
    fields: dataset.fields,
    dataset,
    descent: descent ?? { type: 'other' },
    checkpoints: events.flatMap(event => event.type === 'checkpoint' && event.model === name ? [event] : []),
    parts: []
  }
}

/** The same with its index built. */
export async function indexed<Bundle extends ModelBundle> (responder: Responder, bundle: Bundle, layers: 'last' | 'all' = 'last'): Promise<Bundle> {
  const steps = []
  for (const { step } of bundle.checkpoints) steps.push({ step, arrays: await responder.buildPart(bundle, layers, step) })
  responder.forget(bundle)
  return { ...bundle, parts: [{ layers, steps }] }
}
