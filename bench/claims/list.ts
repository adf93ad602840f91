/**
 * What there is to be claimed: every preset of every kind that predicts something, found in the registry. A preset that
 * needs an upload has the name of one in its own; where that, five seeds, or the usual budget do not fit, terms say so.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { algorithms } from '../../src/algorithms/registry.js'
import type { Algorithm, Preset } from '../../src/algorithms/contract.js'
import { sortKeys } from '../../src/math/sort-keys.js'
import { projectRoot } from '../../src/paths.js'
import { uploadNames, type UploadName } from './uploads.js'

/** Seeds of a claim, where the preset has not more of its own. */
const SEEDS = [0, 1, 2, 3, 4]
/** Seconds of work after which a trial is ended and its claim left open. */
const MAX_SECONDS = 300

/** What a preset is run with beside its spec. */
interface Terms {
  /** the upload that stands in for the data of the spec, where the preset's name does not say it */
  data?: UploadName
  /** fewer than five, and why: the table says it */
  seeds?: { list: number[], why: string }
  /** what of its spec is other than the preset's, and why: the table says it */
  changes?: { spec: object, why: string }
  /** run only where it is named, and why: all others together take forty minutes on two cores */
  apart?: string
  maxSeconds?: number
}

/** Both cores are busier with two trials of one thread each than with one trial of two. */
const sideBySide = { spec: { slots: 1 }, why: 'one thread for each trial' }

/** By `kind/preset`; most presets need none. */
export const terms: Record<string, Terms> = {
  'tracin/mnist-cnn': { changes: { spec: { trainExamples: 10_000, slots: 1 }, why: 'on 10,000 of the digits, one thread for each trial' } },
  'tracin/glyphs-cnn': { changes: sideBySide },
  'tracin-approximation/mnist-mlp': { changes: { spec: { trainExamples: 100 }, why: 'on 100 of the digits' } },
  'tracin/cifar10-resnet': { seeds: { list: [0], why: 'one seed' }, apart: 'two trainings of minutes', maxSeconds: 1500 },
  'leader-sgd/cifar10-cnn7': { seeds: { list: [0, 1, 2], why: 'three seeds' }, apart: 'half an hour', maxSeconds: 900 },
  'leader-sgd/cifar10-resnet8': { seeds: { list: [0, 1, 2], why: 'three seeds' }, apart: 'half an hour', maxSeconds: 900 },
  'adversarial-bias/mnist-2-9': { seeds: { list: [0], why: 'one seed' }, apart: 'a quarter of an hour', maxSeconds: 1500 },
  'adversarial-bias/mnist-cnn': { seeds: { list: [0, 1], why: 'two seeds' }, apart: 'half an hour', maxSeconds: 1800 },
  'adm-segmentation/boundary': { seeds: { list: [0], why: 'nothing is drawn but the pictures’ noise: 32 of them' } },
  'adm-segmentation/dsb2018-grey-quick': { seeds: { list: [0], why: 'one seed' } },
  'adm-segmentation/dsb2018-colour-quick': { seeds: { list: [0], why: 'one seed' } },
  'adm-segmentation/dsb2018-grey': { seeds: { list: [0, 1, 2], why: 'three seeds' }, apart: 'half an hour', maxSeconds: 1800 },
  'adm-segmentation/dsb2018-colour': { seeds: { list: [0, 1, 2], why: 'three seeds' }, apart: 'half an hour', maxSeconds: 1800 },
  ...Object.fromEntries(['sum-rate-5', 'sum-rate-5-quiet', 'sum-rate-10', 'offline-size', 'zeroth-order'].map(preset =>
    [`learned-initialization/${preset}`, { seeds: { list: [0, 1, 2], why: 'three seeds' } }]))
}

/** A preset with all that it is run with. */
export interface Claim {
  /** kind/preset */
  name: string
  kind: string
  preset: string
  title: string
  predicts: string
  /** what the request says beside kind and preset; `data` is the upload's */
  overrides: { seeds?: number[], [field: string]: unknown }
  data: UploadName | undefined
  seeds: number
  maxSeconds: number
  /** why it is not run as the others are */
  note: string | undefined
  /** run only where it is named */
  isApart: boolean
  /** of the kind */
  version: string
  /** of preset and overrides, 12 hexadecimal digits */
  spec: string
}

/** All claims, kind by kind, in the order of the presets. */
export function listClaims (): Claim[] {
  return algorithms.flatMap(algorithm => algorithm.presets.map(preset => toClaim(algorithm, preset)))
}

function toClaim ({ kind, version, spec: schema }: Algorithm, { name: preset, title, predicts, spec, needs }: Preset<unknown>): Claim {
  const name = `${kind}/${preset}`
  const { seeds, changes, apart, maxSeconds = MAX_SECONDS, ...told } = terms[name] ?? {}
  const data = told.data ?? (needs === undefined ? undefined : uploadNames.find(upload => preset.includes(upload)))
  const own = (spec as { seeds?: number[] }).seeds ?? []
  const hasSeeds = 'seeds' in (schema as { properties?: object }).properties!
  const list = seeds?.list ?? (own.length > SEEDS.length ? own : SEEDS)
  const overrides = { ...changes?.spec, ...(hasSeeds ? { seeds: list } : {}) }
  const reasons = [seeds?.why, changes?.why, apart].filter(why => why !== undefined)
  return {
    name,
    kind,
    preset,
    title,
    predicts,
    overrides,
    data,
    seeds: hasSeeds ? list.length : 1,
    maxSeconds,
    note: reasons.length > 0 ? reasons.join('; ') : undefined,
    isApart: apart !== undefined,
    version,
    spec: digest({ ...spec as object, ...overrides }).slice(0, 12)
  }
}

/** SHA-256 of a value, whatever the order of its keys. */
export function digest (value: unknown): string {
  return createHash('sha256').update(JSON.stringify(sortKeys(value))).digest('hex')
}

/** What a trial's numbers come from, beside its own kind: src by folders. */
const common = ['datasets', 'influence', 'math', 'optimizers', 'tensor', 'algorithms/kit']

/** SHA-256 of the code that a kind's numbers come from: its result counts for this code alone. */
export function codeOf (kind: string): string {
  const hash = createHash('sha256')
  for (const folder of [...common, `algorithms/${kind}`]) {
    const whole = path.join(projectRoot, 'src', folder)
    for (const file of readdirSync(whole, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts')).sort()) {
      hash.update(`${folder}/${file}\0`).update(readFileSync(path.join(whole, file)))
    }
  }
  return hash.digest('hex')
}
