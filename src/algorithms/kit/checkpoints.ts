/** After which epochs a training stores its weights. */
import { Type, type Static } from 'typebox'
import { closed, taggedUnion } from '../../choices.js'

/** Schema of the checkpoints field. The last epoch is always among them: it is the model that answers. */
export const CheckpointSchedule = taggedUnion([
  Type.Object({
    type: Type.Literal('every', { description: 'After every so many epochs' }),
    epochs: Type.Integer({ minimum: 1, maximum: 10_000, default: 1, description: 'Distance between two checkpoints (unit: epochs)' })
  }, closed),
  Type.Object({
    type: Type.Literal('explicit', { description: 'After exactly these epochs' }),
    epochs: Type.Array(Type.Integer({ minimum: 1, maximum: 10_000 }), {
      minItems: 1, maxItems: 200, uniqueItems: true, default: [1], description: 'Epochs after which weights are stored, 1 is the first (unit: epochs)'
    })
  }, closed),
  Type.Object({
    type: Type.Literal('log', { description: 'Dense at first, then ever farther apart' }),
    count: Type.Integer({ minimum: 1, maximum: 200, default: 6, description: 'Number of checkpoints; equal epochs count once' })
  }, closed)
], { default: { type: 'log', count: 6 }, description: 'When weights are stored; the last epoch always is' })
export type CheckpointSchedule = Static<typeof CheckpointSchedule>

/** Epochs after which weights are stored, ascending, within 1 .. epochs, the last one included. */
export function checkpointEpochs (schedule: CheckpointSchedule, epochs: number): number[] {
  const wanted = listed(schedule, epochs).filter(epoch => epoch >= 1 && epoch <= epochs)
  return [...new Set([...wanted, epochs])].sort((a, b) => a - b)
}

function listed (schedule: CheckpointSchedule, epochs: number): number[] {
  switch (schedule.type) {
    case 'every': return Array.from({ length: Math.floor(epochs / schedule.epochs) }, (_, i) => (i + 1) * schedule.epochs)
    case 'explicit': return schedule.epochs
    case 'log': {
      const intervals = Math.max(1, schedule.count - 1)
      return Array.from({ length: schedule.count }, (_, i) => Math.round(epochs ** (i / intervals)))
    }
  }
}
