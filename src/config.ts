/** The only reader of process.env: every setting with its default, parsed once, frozen, and passed down explicitly. */
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { availableParallelism, homedir } from 'node:os'
import path from 'node:path'
import { findGpus, type Gpu } from './gpus.mjs'
import { projectRoot } from './paths.js'

export interface LaneSetting {
  /** cpu, or gpu:N with N as nvidia-smi counts devices */
  device: string
  /** how many single-slot trials run side by side */
  slots: number
}

export interface Config {
  host: string
  port: number
  /** whose X-Forwarded-For, -Proto and -Host are believed: nobody's, everybody's, the last n hops', these addresses' */
  trustProxy: boolean | number | string[]
  /** everything of this deployment: database, blobs, keys */
  dataDir: string
  /** what may be made again: the TensorFlow library, the compiled binding, files of the catalog */
  cacheDir: string
  /** URL asked for the files of the catalog; undefined: those who publish them */
  catalogMirror: string | undefined
  /** undefined: `start` runs the embedded Postgres */
  databaseUrl: string | undefined
  /** folder of the blob store */
  blobStore: string
  /** undefined: made at first start, kept in dataDir/admin.key */
  adminKey: string | undefined
  lanes: LaneSetting[]
  /** percent of a GPU's memory that the executor of its lane may take; 100: all that is free */
  gpuMemoryPercent: number
  tensorBackend: 'auto' | 'tensorflow' | 'wasm'
  /** which TensorFlow the set-up fetches; undefined: cuda where a GPU is found */
  tensorflowFlavour: 'cpu' | 'cuda' | undefined
  maxUploadBytes: number
  /** what one upload may become when it is read: src/datasets/limits.ts */
  maxUnpackedBytes: number
  maxRows: number
  maxCells: number
  maxClasses: number
  /** of a picture to segment; times its labels at most eight times as many */
  maxSegmentPixels: number
  /** seconds between snapshots of a running trial */
  snapshotSeconds: number
  /** seconds for which a node's hold on a trial lasts; six beats, so that five may be missed */
  leaseSeconds: number
  /** seconds without a boundary after which a trial is ended as hung */
  hungSeconds: number
  logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  /** where `start` has its children log: files in dataDir, or its own output */
  logTo: 'files' | 'stdout'
}

/** Every variable that readConfig reads; src/start/help.txt and .env.example explain them. */
export const settingNames = [
  'HOST', 'PORT', 'TRUST_PROXY', 'DATA_DIR', 'CACHE_DIR', 'CATALOG_MIRROR', 'DATABASE_URL', 'DATABASE_PASSWORD', 'DATABASE_PASSWORD_FILE', 'BLOB_STORE',
  'ADMIN_KEY', 'ADMIN_KEY_FILE', 'LANES', 'GPU_MEMORY_PERCENT', 'TENSOR_BACKEND', 'TENSORFLOW_FLAVOUR',
  'MAX_UPLOAD_BYTES', 'MAX_UNPACKED_BYTES', 'MAX_ROWS', 'MAX_CELLS', 'MAX_CLASSES', 'MAX_SEGMENT_PIXELS',
  'SNAPSHOT_SECONDS', 'LEASE_SECONDS', 'HUNG_SECONDS', 'LOG_LEVEL',
  'LOG_TO'
] as const

export type SettingName = typeof settingNames[number]

/**
 * Reads the configuration.
 * @param find says which GPUs there are; asked only where that decides
 * @throws Error naming the variable, the rule and what was got
 */
export function readConfig (env: Record<string, string | undefined> = process.env, find: (env: GpuVariables) => Gpu[] = findGpus): Config {
  // Relative to the project, as the file .env is, wherever the command was called.
  const dataDir = path.resolve(projectRoot, env.DATA_DIR || 'data')
  const cacheDir = path.resolve(projectRoot, env.CACHE_DIR || path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'descent-lab'))
  const tensorBackend = oneOf('TENSOR_BACKEND', env.TENSOR_BACKEND, 'auto', ['auto', 'tensorflow', 'wasm'])
  const tensorflowFlavour = env.TENSORFLOW_FLAVOUR ? oneOf('TENSORFLOW_FLAVOUR', env.TENSORFLOW_FLAVOUR, 'cpu', ['cpu', 'cuda']) : undefined
  // TensorFlow's library is packaged for Linux on x64 only.
  const mayUseGpus = tensorBackend !== 'wasm' && tensorflowFlavour !== 'cpu' && process.platform === 'linux' && process.arch === 'x64'
  const gpus = (): Gpu[] => mayUseGpus ? find(gpuVariables(env)) : []
  const lanes = parseLanes(env.LANES || [`cpu:${availableParallelism()}`, ...gpus().map(({ index }) => `gpu:${index}`)].join())
  checkGpuLanes(lanes, tensorBackend, tensorflowFlavour)
  return Object.freeze({
    host: env.HOST || '127.0.0.1',
    port: integer('PORT', env.PORT, 3000, 0, 65535),
    trustProxy: parseTrustProxy(env.TRUST_PROXY || 'false'),
    dataDir,
    cacheDir,
    catalogMirror: parseMirror(env.CATALOG_MIRROR || undefined),
    databaseUrl: withPassword(env.DATABASE_URL || undefined, readSecret(env, 'DATABASE_PASSWORD')),
    blobStore: path.resolve(projectRoot, env.BLOB_STORE || path.join(dataDir, 'blobs')),
    adminKey: readSecret(env, 'ADMIN_KEY'),
    lanes,
    gpuMemoryPercent: integer('GPU_MEMORY_PERCENT', env.GPU_MEMORY_PERCENT, 100, 1, 100),
    tensorBackend,
    tensorflowFlavour,
    maxUploadBytes: integer('MAX_UPLOAD_BYTES', env.MAX_UPLOAD_BYTES, 1024 ** 3, 1, Number.MAX_SAFE_INTEGER),
    maxUnpackedBytes: integer('MAX_UNPACKED_BYTES', env.MAX_UNPACKED_BYTES, 2 * 1024 ** 3, 1, Number.MAX_SAFE_INTEGER),
    maxRows: integer('MAX_ROWS', env.MAX_ROWS, 10_000_000, 1, 1_000_000_000),
    maxCells: integer('MAX_CELLS', env.MAX_CELLS, 2_000_000_000, 1, Number.MAX_SAFE_INTEGER),
    maxClasses: integer('MAX_CLASSES', env.MAX_CLASSES, 1000, 2, 100_000),
    maxSegmentPixels: integer('MAX_SEGMENT_PIXELS', env.MAX_SEGMENT_PIXELS, 2 ** 21, 1, 2 ** 23),
    snapshotSeconds: integer('SNAPSHOT_SECONDS', env.SNAPSHOT_SECONDS, 15, 1, 3600),
    leaseSeconds: integer('LEASE_SECONDS', env.LEASE_SECONDS, 30, 3, 3600),
    hungSeconds: integer('HUNG_SECONDS', env.HUNG_SECONDS, 600, 1, 86_400),
    logLevel: oneOf('LOG_LEVEL', env.LOG_LEVEL, 'info', ['trace', 'debug', 'info', 'warn', 'error']),
    logTo: oneOf('LOG_TO', env.LOG_TO, 'files', ['files', 'stdout'])
  })
}

/** Writes a configuration as the variables that readConfig reads: how a parent process passes it on. */
export function toEnvironment (config: Config): Record<SettingName, string> {
  return {
    HOST: config.host,
    PORT: String(config.port),
    TRUST_PROXY: String(config.trustProxy),
    DATA_DIR: config.dataDir,
    CACHE_DIR: config.cacheDir,
    CATALOG_MIRROR: config.catalogMirror ?? '',
    DATABASE_URL: config.databaseUrl ?? '',
    DATABASE_PASSWORD: '', // it is in the URL
    DATABASE_PASSWORD_FILE: '',
    BLOB_STORE: config.blobStore,
    ADMIN_KEY: config.adminKey ?? '',
    ADMIN_KEY_FILE: '',
    LANES: config.lanes.map(lane => lane.device === 'cpu' ? `cpu:${lane.slots}` : lane.device).join(),
    GPU_MEMORY_PERCENT: String(config.gpuMemoryPercent),
    TENSOR_BACKEND: config.tensorBackend,
    TENSORFLOW_FLAVOUR: config.tensorflowFlavour ?? '',
    MAX_UPLOAD_BYTES: String(config.maxUploadBytes),
    MAX_UNPACKED_BYTES: String(config.maxUnpackedBytes),
    MAX_ROWS: String(config.maxRows),
    MAX_CELLS: String(config.maxCells),
    MAX_CLASSES: String(config.maxClasses),
    MAX_SEGMENT_PIXELS: String(config.maxSegmentPixels),
    SNAPSHOT_SECONDS: String(config.snapshotSeconds),
    LEASE_SECONDS: String(config.leaseSeconds),
    HUNG_SECONDS: String(config.hungSeconds),
    LOG_LEVEL: config.logLevel,
    LOG_TO: config.logTo
  }
}

/** This process's environment with some variables set otherwise: what a child process is given. */
export function environment (overrides: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  return { ...process.env, ...overrides }
}

/** Lets this process, and those that it starts, make their temporary files in a folder. */
export function useTemporaryFolder (folder: string): void {
  process.env.TMPDIR = folder
  process.env.TEMP = folder // Windows
}

/** The variables of the system that an executor inherits; settings reach it as a message, devices are set for it. */
export function systemEnvironment (env: Record<string, string | undefined> = process.env): Record<string, string> {
  const names = [
    'PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot', 'LD_LIBRARY_PATH', 'NODE_OPTIONS', 'ONEDNN_MAX_CPU_ISA', 'CUDA_CACHE_PATH', 'CUDA_CACHE_MAXSIZE'
  ]
  return Object.fromEntries(names.flatMap(name => env[name] === undefined ? [] : [[name, env[name]!]]))
}

/** What finding GPUs depends on. */
type GpuVariables = Record<'PATH' | 'CUDA_VISIBLE_DEVICES', string | undefined>

/** Of the system: where nvidia-smi is, and which cards are hidden from this process and from those that it starts. */
export function gpuVariables (env: Record<string, string | undefined> = process.env): GpuVariables {
  return { PATH: env.PATH, CUDA_VISIBLE_DEVICES: env.CUDA_VISIBLE_DEVICES }
}

/** Reads `cpu:8,gpu:0,gpu:1`: slots after cpu, the device as nvidia-smi counts after gpu. */
export function parseLanes (text: string): LaneSetting[] {
  const lanes = text.split(',').map(part => {
    const match = /^(cpu|gpu):(\d+)$/.exec(part.trim())
    if (!match || (match[1] === 'cpu' && Number(match[2]) < 1)) {
      throw new Error(`LANES must be a list of cpu:SLOTS and gpu:DEVICE, got ${JSON.stringify(text)}`)
    }
    return match[1] === 'cpu' ? { device: 'cpu', slots: Number(match[2]) } : { device: `gpu:${match[2]}`, slots: 1 }
  })
  const devices = new Set(lanes.map(lane => lane.device))
  if (devices.size !== lanes.length) throw new Error(`LANES must name every device once, got ${JSON.stringify(text)}`)
  return lanes
}

/** Reads what is better kept out of the environment: NAME, or the first line of the file that NAME_FILE names. */
function readSecret (env: Record<string, string | undefined>, name: 'ADMIN_KEY' | 'DATABASE_PASSWORD'): string | undefined {
  const file = env[`${name}_FILE`]
  if (!file) return env[name] || undefined
  if (env[name]) throw new Error(`${name} and ${name}_FILE must not be set both`)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new Error(`${name}_FILE must name a file that can be read, got ${JSON.stringify(file)} (${(error as Error).message})`)
  }
  const [line = ''] = text.split(/\r?\n/)
  if (line === '') throw new Error(`${name}_FILE must name a file with a text in its first line, got ${JSON.stringify(file)}, where it is empty`)
  return line
}

function parseMirror (url: string | undefined): string | undefined {
  if (url === undefined || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol))) return url
  throw new Error(`CATALOG_MIRROR must be a URL that begins with http:// or https://, got ${JSON.stringify(url)}`)
}

/** Puts a password into the database's URL, with what @, / and # are there. */
function withPassword (url: string | undefined, password: string | undefined): string | undefined {
  if (password === undefined) return url
  const whole = url !== undefined && URL.canParse(url) ? new URL(url) : undefined
  if (!whole?.username || whole.password !== '') { // without a host there is no user either
    throw new Error('DATABASE_PASSWORD needs a DATABASE_URL with a user, a host and no password, as in postgres://user@host:5432/name')
  }
  whole.password = encodeURIComponent(password)
  return whole.href
}

function checkGpuLanes (lanes: LaneSetting[], backend: Config['tensorBackend'], flavour: Config['tensorflowFlavour']): void {
  const gpu = lanes.find(({ device }) => device.startsWith('gpu:'))?.device
  const setting = backend === 'wasm' ? 'TENSOR_BACKEND=wasm' : flavour === 'cpu' ? 'TENSORFLOW_FLAVOUR=cpu' : undefined
  if (gpu && setting) throw new Error(`LANES must name no GPU with ${setting}, got ${gpu}`)
}

/** Ranges that have a name: this machine, the link's own addresses, private networks. */
const namedRanges = ['loopback', 'linklocal', 'uniquelocal']

/** Reads `false`, `true`, a number of hops, or a list such as `loopback,10.0.0.0/8`. */
export function parseTrustProxy (text: string): boolean | number | string[] {
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^[1-9]\d?$/.test(text)) return Number(text)
  const ranges = text.split(',').map(range => range.trim())
  const wrong = ranges.find(range => !namedRanges.includes(range) && !isRange(range))
  if (wrong === undefined) return ranges
  throw new Error(`TRUST_PROXY must be false, true, a number of proxies from 1 to 99, or a list of addresses and ranges as in 127.0.0.1,10.0.0.0/8 or ${namedRanges.join()}, got ${JSON.stringify(wrong)}`)
}

/** An address, or a range of addresses with the length of their common prefix: 10.0.0.0/8, fd00::/8. */
function isRange (text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || address.includes('%') || rest.length > 0) return false
  return prefix === undefined || (/^\d+$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128))
}

function integer (name: string, text: string | undefined, otherwise: number, min: number, max: number): number {
  if (text === undefined || text === '') return otherwise
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${name} must be an integer from ${min} to ${max}, got ${JSON.stringify(text)}`)
  }
  return value
}

function oneOf<T extends string> (name: string, text: string | undefined, otherwise: T, values: readonly T[]): T {
  if (text === undefined || text === '') return otherwise
  const value = values.find(candidate => candidate === text)
  if (value === undefined) throw new Error(`${name} must be one of ${values.join(', ')}, got ${JSON.stringify(text)}`)
  return value
}
