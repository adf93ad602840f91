/**
 * How long POST /v1/segment takes for photographs of 512 x 512 with a few strokes, over HTTP on loopback (`npm run
 * bench:segment`), once a thread is warm; and what processor time the process that answers takes for one, which a busy machine
 * changes least. The photographs are those that come with scikit-learn and matplotlib (`npm run bench:peers`).
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import type { Stroke } from '../src/segmentation/spec.js'
import { startService, type Service } from '../test/helpers/service.js'
import { record, summarise, type Case } from './record.js'
import { peerPython } from './side.js'

interface Photograph { name: string, package: string, path: string, strokes: Stroke[] }

const SIDE = 512
const WARM_UPS = 6
const REPETITIONS = 30
const MOST_MS = 300
/** The kernel's clock ticks 100 times a second for whoever asks, whatever it counts by itself. */
const TICK_MS = 10

const photographs: Photograph[] = [
  {
    name: 'temple',
    package: 'sklearn',
    path: 'datasets/images/china.jpg',
    strokes: [stroke(0, [20, 20], [490, 30]), stroke(1, [120, 300], [400, 330])]
  },
  {
    name: 'flower',
    package: 'sklearn',
    path: 'datasets/images/flower.jpg',
    strokes: [stroke(0, [20, 20], [490, 20], [490, 490]), stroke(1, [230, 230], [280, 280])]
  },
  { // a dark coat before a dark flag: much of it could be either
    name: 'portrait',
    package: 'matplotlib',
    path: 'mpl-data/sample_data/grace_hopper.jpg',
    strokes: [
      stroke(0, [20, 20], [490, 20]), stroke(0, [20, 60], [20, 300]), stroke(1, [250, 150], [270, 400]), stroke(1, [200, 300], [350, 330])
    ]
  }
]

if (existsSync(peerPython())) await measure()
else process.stdout.write('There are no photographs: npm run bench:peers installs the packages that they come with.\n')

async function measure (): Promise<void> {
  const closers: (() => unknown)[] = []
  try {
    const service = await startService({ after: close => { closers.push(close as () => unknown) } })
    const cases: Case[] = []
    for (const photograph of photographs) {
      const picture = sharp(find(photograph)).resize(SIDE, SIDE)
      cases.push(await time(service, photograph, 'png', await picture.clone().png().toBuffer()))
      cases.push(await time(service, photograph, 'jpeg', await picture.clone().jpeg({ quality: 90 }).toBuffer()))
    }
    await record('segment', cases, {})
  } finally {
    for (const close of closers.reverse()) await close()
  }
}

/** Where a photograph lies in its package, which is found but not loaded. */
function find ({ package: name, path }: Photograph): string {
  const script = `import importlib.util; print(importlib.util.find_spec('${name}').submodule_search_locations[0])`
  return `${execFileSync(peerPython(), ['-c', script], { encoding: 'utf8' }).trim()}/${path}`
}

async function time (service: Service, { name, strokes }: Photograph, format: string, bytes: Buffer): Promise<Case> {
  const form = new FormData()
  form.set('picture', new Blob([bytes]), `photograph.${format}`)
  form.set('strokes', JSON.stringify(strokes))
  const ask = async (): Promise<number> => {
    const started = performance.now()
    const answer = await fetch(`${service.url()}/v1/segment`, { method: 'POST', body: form, headers: { authorization: `Bearer ${service.key}` } })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`POST /v1/segment: ${answer.status} ${text}`)
    return performance.now() - started
  }
  for (let i = 0; i < WARM_UPS; i++) await ask()
  const before = processorMs(service)
  const times: number[] = []
  for (let i = 0; i < REPETITIONS; i++) times.push(await ask())
  const after = processorMs(service)
  const each = before === undefined || after === undefined ? undefined : (after - before) / REPETITIONS
  return {
    name: `${name}, ${format}, ${SIDE} x ${SIDE}`,
    unit: 'ms',
    better: 'lower',
    ours: summarise(times),
    peer: null,
    aim: MOST_MS,
    ...each !== undefined && { also: { 'processor time of a request': { min: each, median: each } } }
  }
}

/** User's and system's time of the process that answers, of all its threads; undefined where the system does not tell it so. */
function processorMs (service: Service): number | undefined {
  const { pid } = service.processes().find(({ command }) => command.includes('main.js serve'))!
  if (!existsSync(`/proc/${pid}/stat`)) return undefined
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ').slice(11, 13) // behind its name
  return TICK_MS * (Number(user) + Number(system))
}

function stroke (label: number, ...points: [number, number][]): Stroke {
  return { label, width: 5, points }
}
