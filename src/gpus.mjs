// @ts-check
/**
 * Which NVIDIA GPUs this machine has, as nvidia-smi or the driver's files in /proc tell. The one place that looks: the
 * set-up chooses the flavour of TensorFlow by it, the configuration the default lanes, a node describes its lanes with
 * it. Whether TensorFlow can use one is known only in an executor (src/jobs/devices.ts).
 * Plain Node, no dependencies: the set-up loads it before the build.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'

/**
 * @typedef {object} Gpu
 * @property {number} index  as nvidia-smi counts, in the order of the bus: N of gpu:N
 * @property {string} uuid   the card's own, equal wherever it is seen from
 * @property {string} name
 * @property {string} driver
 * @property {string | null} computeCapability  such as 9.0; null where the driver does not tell (before 510)
 * @property {number | null} memoryBytes
 */

/** What nvidia-smi is asked; compute_cap is refused, with the whole question, by drivers before 510. */
const questions = ['index,uuid,name,driver_version,memory.total,compute_cap', 'index,uuid,name,driver_version,memory.total']

/** A driver that has to be woken takes seconds; one that hangs must not hang us. */
const patienceMs = 30_000

/**
 * Finds the GPUs that CUDA would show to a process with this environment.
 * @param {Record<string, string | undefined>} env  PATH finds nvidia-smi; CUDA_VISIBLE_DEVICES hides cards
 * @param {string} [root]  of the files that the driver shows: / unless in a test
 * @returns {Gpu[]} none where there is no driver
 */
export function findGpus (env, root = '/') {
  return visible(ask(env) ?? readProc(root), env.CUDA_VISIBLE_DEVICES)
}

/**
 * Reads what nvidia-smi --query-gpu=... --format=csv,noheader,nounits prints.
 * @param {string} text  a line per card, its values in the order of the first question, the last may be missing
 * @returns {Gpu[]}
 */
export function parseQuery (text) {
  return text.split('\n').filter(line => line.trim() !== '').map(line => {
    const [index, uuid = '', name = '', driver = '', mebibytes = '', capability = ''] = line.split(',').map(value => value.trim())
    return {
      index: Number(index),
      uuid,
      name,
      driver,
      computeCapability: /^\d+\.\d+$/.test(capability) ? capability : null, // [N/A] where a card does not tell
      memoryBytes: /^\d+$/.test(mebibytes) ? Number(mebibytes) * 2 ** 20 : null
    }
  })
}

/**
 * Says which card it is, in words: for messages and fingerprints.
 * @param {Pick<Gpu, 'name' | 'driver' | 'computeCapability' | 'memoryBytes'>} gpu
 */
export function describeGpu ({ name, driver, computeCapability, memoryBytes }) {
  const facts = [
    `driver ${driver}`,
    ...(computeCapability === null ? [] : [`compute capability ${computeCapability}`]),
    ...(memoryBytes === null ? [] : [`${Math.round(memoryBytes / 2 ** 20)} MiB`])
  ]
  return `${name} (${facts.join(', ')})`
}

/**
 * @param {Record<string, string | undefined>} env
 * @returns {Gpu[] | undefined} undefined where nvidia-smi is missing, or fails (it and the driver must be of one version)
 */
function ask (env) {
  for (const fields of questions) {
    try {
      return parseQuery(execFileSync('nvidia-smi', [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'], {
        env: { PATH: env.PATH }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: patienceMs
      }))
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined
    }
  }
  return undefined
}

/**
 * What the driver shows without nvidia-smi, as in a container that was given the cards but no utilities. A container
 * sees the host's /proc also where it was given none: without the device file they cannot be used.
 * @param {string} root
 * @returns {Gpu[]}
 */
function readProc (root) {
  const folder = path.join(root, 'proc/driver/nvidia')
  if (!existsSync(path.join(root, 'dev/nvidiactl')) || !existsSync(path.join(folder, 'gpus'))) return []
  const driver = /Module\D*(?:x86_64\s+)?(\d+\.[\d.]+)/.exec(readFileSync(path.join(folder, 'version'), 'utf8'))?.[1] ?? 'unknown'
  return readdirSync(path.join(folder, 'gpus')).sort().map((address, index) => {
    const text = readFileSync(path.join(folder, 'gpus', address, 'information'), 'utf8')
    const read = (/** @type {string} */ label) => new RegExp(`^${label}:\\s*(.*?)\\s*$`, 'm').exec(text)?.[1] ?? 'unknown'
    return { index, uuid: read('GPU UUID'), name: read('Model'), driver, computeCapability: null, memoryBytes: null }
  })
}

/**
 * Leaves those that CUDA_VISIBLE_DEVICES lists, up to its first entry that names none, as CUDA does.
 * @param {Gpu[]} gpus
 * @param {string | undefined} list  numbers, or beginnings of UUIDs
 */
function visible (gpus, list) {
  if (list === undefined) return gpus
  const found = []
  for (const entry of list.split(',').map(one => one.trim())) {
    const gpu = gpus.find(({ index, uuid }) => /^\d+$/.test(entry) ? index === Number(entry) : entry.startsWith('GPU-') && uuid.startsWith(entry))
    if (!gpu) break
    found.push(gpu)
  }
  return found
}
