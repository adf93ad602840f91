/**
 * How long presets take, by the database's clock (`npm run bench:presets`). The smallest of every kind on a warm lane, from
 * running to succeeded: the aim is 2 s, whoever tries the service for the first time is not kept waiting. And the whole
 * comparison of a paper, all trials on all lanes, from queued to succeeded. Where the files of MNIST are, also what
 * `npm run check:real` trains first: the CNN on all digits.
 */
import { trainModel } from '../test/helpers/experiments.js'
import { cnnSpec, hasMnist, MNIST_SECONDS, uploadMnist } from '../test/helpers/mnist.js'
import { follow, startService, type Frame } from '../test/helpers/service.js'
import { record, summarise, type Case } from './record.js'

const REPETITIONS = 5
const AIM_SECONDS = 2
/** Whole comparisons and their aims in seconds. */
const papers = [{ kind: 'frequency-principle', preset: 'paper', aim: 60 }]

const closers: (() => unknown)[] = []
const service = await startService({ after: (close: unknown) => { closers.push(close as () => unknown) } })
try {
  const { items: kinds } = await service.json('GET', '/v1/kinds')
  const cases: Case[] = []
  for (const kind of kinds) cases.push(await time(kind.id, kind.presets[0].name))
  for (const { kind, preset, aim } of papers) {
    const { id } = await service.json('POST', '/v1/experiments', { kind, preset })
    const frames = await follow(service, id)
    const seconds = (Date.parse(frames.at(-1)!.at) - Date.parse(frames[0]!.at)) / 1000
    cases.push({ name: `${kind} ${preset}, all trials`, unit: 's', better: 'lower', ours: summarise([seconds]), peer: null, aim })
  }
  if (hasMnist) {
    const { seconds } = await trainModel(service, { kind: 'tracin', spec: cnnSpec({ datasetId: (await uploadMnist(service)).id }) })
    cases.push({ name: 'MNIST, CNN 32-64-128, 3 epochs with evaluations and influence index', unit: 's', better: 'lower', ours: summarise([seconds]), peer: null, aim: MNIST_SECONDS })
  }
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
