/** The command line of `npm run segment`: folders, and the options of POST /v1/segment by their names there. */
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Type } from 'typebox'
import { OperatorError } from '../../src/errors.js'
import { compileCheck, sayViolation } from '../../src/routes/validation.js'
import type { FolderTask } from '../../src/segmentation/pictures/folder.js'
import { segmentFields, SegmentOptions, type Stroke } from '../../src/segmentation/spec.js'

export const help = `npm run segment -- FOLDER --seeds FOLDER --out FOLDER [OPTIONS]

Labels the pixels of every PNG and JPEG of a folder. Seeds of NAME.jpg are NAME.png (a map whose numbers are labels, 255 where
none is given) or NAME.json ([{"label": 1, "width": 3, "points": [[x, y], ...]}, ...]) or both. Masks become NAME.png.

  --labels N          how many labels there are: 2
  --colours JSON      model of colours, as POST /v1/segment takes it: {"type": "mixture"}
  --pairs JSON        model of pairs: {"type": "grid"}
  --maskValues JSON   label of every number in maps of seeds, as {"0": 255, "1": 0, "2": 1}
  --maskColours JSON  label of every colour in maps of seeds
  --overlay           NAME.overlay.png, too: the picture under its labels
  --threads N         pictures at a time: one for each core
  --help              prints this
`

const asJson = ['labels', 'colours', 'pairs', 'maskValues', 'maskColours'] as const
const text = { type: 'string' as const }
const options = {
  seeds: text,
  out: text,
  ...Object.fromEntries(asJson.map(name => [name, text])),
  overlay: { type: 'boolean' as const },
  threads: text,
  help: { type: 'boolean' as const, short: 'h' }
}
const Strokes = Type.Object({ strokes: segmentFields.strokes })

/**
 * Reads the arguments. Folders are relative to where the command was called.
 * @throws OperatorError naming what is wrong
 */
export function readArguments (args: string[], mostPixels: number, tell: FolderTask['tell']): FolderTask | 'help' {
  const { values, positionals } = parse(args)
  if (values.help === true) return 'help'
  const given = values as Partial<Record<string, string>>
  const [pictures, ...more] = positionals
  if (pictures === undefined || more.length > 0) throw new OperatorError(`One folder of pictures must be named, got ${positionals.length}; --help explains it`)
  for (const name of ['seeds', 'out']) if (!given[name]) throw new OperatorError(`--${name} must name a folder; --help explains it`)
  const threads = Number(given.threads ?? availableParallelism())
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= 256)) throw new OperatorError(`--threads must be a whole number 1 .. 256, got ${given.threads}`)
  const wanted = Object.fromEntries(asJson.flatMap(name => given[name] === undefined ? [] : [[name, readJson(`--${name}`, given[name])]]))
  check(SegmentOptions, wanted, '--')
  const from = process.env.INIT_CWD ?? process.cwd() // npm itself goes to the project's folder
  const resolve = (folder: string): string => path.resolve(from, folder)
  return {
    pictures: resolve(pictures),
    seeds: resolve(given.seeds!),
    out: resolve(given.out!),
    options: wanted as FolderTask['options'],
    overlay: values.overlay === true,
    threads,
    mostPixels,
    parseStrokes,
    tell
  }
}

/** Reads a file of strokes. @throws OperatorError */
export function parseStrokes (json: string): Stroke[] {
  const value = { strokes: readJson('strokes', json) }
  check(Strokes, value, '')
  return value.strokes as Stroke[]
}

function parse (args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true })
  } catch (error) {
    throw new OperatorError(`${(error as Error).message}; --help explains it`)
  }
}

function readJson (name: string, json: string): unknown {
  try {
    return JSON.parse(json) as unknown
  } catch (error) {
    throw new OperatorError(`${name} must be JSON: ${(error as Error).message}`)
  }
}

function check (schema: object, value: object, before: string): void {
  const [violation] = compileCheck(schema)(value)
  if (violation !== undefined) throw new OperatorError(`${before}${sayViolation(violation)}`)
}
