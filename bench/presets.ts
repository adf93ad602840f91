/**
 * How long the smallest preset of every kind takes on a warm lane, from running to succeeded by the database's clock
 * (`npm run bench:presets`). The aim is 2 s: whoever tries the service for the first time is not kept waiting.
 */
import { follow, startService, type Frame } from '../test/helpers/service.js'
import { record, summarise, type Case } from './record.js'

const REPETITIONS = 5
const AIM_SECONDS = 2

const closers: (() => unknown)[] = []
const service = await startService({ after: (close: unknown) => { closers.push(close as () => unknown) } })
try {
  const { items: kinds } = await service.json('GET', '/v1/kinds')
  const cases: Case[] = []
  for (const kind of kinds) cases.push(await time(kind.id, kind.presets[0].name))
  await record('presets', cases, {})
} finally {
  for (const close of closers) await close()
}

async function time (kind: string, preset: string): Promise<Case> {
  const seconds: number[] = []
  for (let i = 0; i <= REPETITIONS; i++) {
    const { id } = await service.json('POST', '/v1/experiments', { kind, preset })
    const frames = await follow(service, id)
    if (i > 0) seconds.push(between(frames)) // the first run warms the lane
  }
  return { name: `${kind} ${preset}`, unit: 's', better: 'lower', ours: summarise(seconds), peer: null, aim: AIM_SECONDS }
}

/** Seconds from a trial's running to its succeeded. */
function between (frames: Frame[]): number {
  const at = (state: string): number => Date.parse(String(frames.find(frame => frame.trialId !== null && frame.data.state === state)?.at))
  return (at('succeeded') - at('running')) / 1000
}
