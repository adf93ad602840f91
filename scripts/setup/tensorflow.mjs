/**
 * Makes the native binding of @tensorflow/tfjs-node-gpu: libtensorflow out of the wheel on the Python package index,
 * and the package's own two C++ files compiled against it. Everything lies in the cache folder, so that a clean
 * checkout only sets links. Whatever is missing ends in the WASM backend and one plain sentence.
 * Plain Node, no dependencies: it runs before the build.
 */
import { execFile, spawn } from 'node:child_process'
import { constants, existsSync, readFileSync, readlinkSync } from 'node:fs'
import { access, chmod, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { findGpus } from '../../src/gpus.mjs'
import { withLock } from './lock.mjs'

const run = promisify(execFile)

/**
 * 2.15.1 is the smallest wheel of those tried (2.15 to 2.21), and none was faster on a CPU. Its own kernels are compiled
 * for compute capability 5.0 to 8.0; for newer cards than those of 8.x (Hopper: 9.0) the driver compiles them from PTX
 * when they are first used, once per machine and driver (src/jobs/kernel-cache.ts says where they are kept). 2.17.1 and
 * 2.18.1 have kernels for 9.0, by their build_info.py, with another set of CUDA wheels (12.3, 12.5 with cuDNN 9) and none
 * for cards before 6.0: to be taken when a card is at hand that shows it.
 */
const tensorflowVersion = '2.15.1'

/** Goes up when patchSource or the compiler's command changes: it is part of the cache key. */
const patchVersion = 2

/**
 * The versions that tensorflow[and-cuda] 2.15.1 asks for, but for two that it never loads: NCCL 2.16.5 is linked into
 * libtensorflow_cc.so.2 (and nothing calls its loader of libnccl), cuRAND is neither on its run path nor among the names
 * that it opens. They were 338 MB.
 */
const cudaWheels = [
  'nvidia-cublas-cu12==12.2.5.6',
  'nvidia-cuda-cupti-cu12==12.2.142',
  'nvidia-cuda-nvcc-cu12==12.2.140',
  'nvidia-cuda-nvrtc-cu12==12.2.140',
  'nvidia-cuda-runtime-cu12==12.2.140',
  'nvidia-cudnn-cu12==8.9.4.25',
  'nvidia-cufft-cu12==11.0.8.103',
  'nvidia-cusolver-cu12==11.5.2.141',
  'nvidia-cusparse-cu12==12.1.2.141',
  'nvidia-nvjitlink-cu12==12.2.140'
]

const wheels = {
  cpu: { names: [`tensorflow-cpu==${tensorflowVersion}`], megabytes: 207 },
  cuda: { names: [`tensorflow==${tensorflowVersion}`, ...cudaWheels], megabytes: 2094 }
}

/** The wheels carry the same library for every Python; naming one makes the download independent of the local one. */
const wheelTags = [
  '--only-binary=:all:', '--python-version', '311', '--implementation', 'cp', '--abi', 'cp311', '--abi', 'none',
  '--platform', 'manylinux2014_x86_64', '--platform', 'manylinux_2_17_x86_64', '--platform', 'manylinux1_x86_64',
  '--platform', 'manylinux2010_x86_64'
]

/** How long a failed download is remembered, so that a machine without a network still starts fast. */
const failureHours = 1

/** What it costs to do without. */
export const cost = 'Training runs on the WebAssembly backend instead: about 5 times slower for dense networks, 12 times for convolutions'

/**
 * Makes the TensorFlow binding loadable, or says why the WASM backend must do. Takes milliseconds when nothing is to do.
 * @param {object} options
 * @param {string} options.projectRoot  the folder whose node_modules gets the binding
 * @param {string} options.cacheDir     keeps library, headers and compiled binding for all checkouts
 * @param {(line: string) => void} options.log  gets a line per step and while a download runs
 * @param {'cpu' | 'cuda'} [options.flavour]    otherwise what the machine has
 * @returns {Promise<{backend: 'tensorflow', flavour: 'cpu' | 'cuda'} | {backend: 'wasm', reason: string, cure: string}>}
 */
export async function ensureTensorflow ({ projectRoot, cacheDir, log, flavour = detectFlavour() }) {
  if (!Object.hasOwn(wheels, flavour)) {
    throw new Error(`TENSORFLOW_FLAVOUR must be one of ${Object.keys(wheels).join(', ')}, got ${JSON.stringify(flavour)}`)
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return wasm(`TensorFlow's library is packaged for Linux on x64 only, this is ${process.platform} on ${process.arch}`,
      'use Linux on x64')
  }
  const place = places(projectRoot, cacheDir, flavour)
  if (!existsSync(place.package)) throw new Error(`${place.package} is missing: run npm ci first`)
  if (isLinked(place)) return { backend: 'tensorflow', flavour }

  if (!isComplete(place)) {
    const missing = await findMissing(place) ?? await findClosed(place)
    if (missing) return missing
    const failure = await withLock(place.root, log, () => make(place, flavour, log))
    if (failure) return failure
  }
  await link(place)
  return { backend: 'tensorflow', flavour }
}

/** Names the flavour that this machine can use. */
export function detectFlavour (env = process.env) {
  return findGpus(env).length > 0 ? 'cuda' : 'cpu'
}

function places (projectRoot, cacheDir, flavour) {
  const folder = path.join(projectRoot, 'node_modules', '@tensorflow', 'tfjs-node-gpu')
  const version = existsSync(folder) ? JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version : ''
  const root = path.join(cacheDir, 'tensorflow')
  const library = path.join(root, `${tensorflowVersion}-${flavour}`)
  const key = `tfjs${version}-patch${patchVersion}-${process.platform}-${process.arch}`
  return {
    package: folder,
    root,
    library,
    binding: path.join(library, 'bindings', key, 'tfjs_binding.node'),
    linkedBinding: path.join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'),
    linkedDeps: path.join(folder, 'deps'),
    headers: path.join(projectRoot, 'node_modules', 'node-api-headers', 'include'),
    failure: path.join(root, `failed-${flavour}.json`)
  }
}

function isComplete (place) {
  return existsSync(place.binding) && existsSync(path.join(place.library, 'site', 'tensorflow', 'libtensorflow.so.2'))
}

function isLinked (place) {
  if (!isComplete(place) || !existsSync(path.join(place.linkedDeps, 'lib'))) return false
  try {
    return readlinkSync(place.linkedBinding) === place.binding
  } catch {
    return false // no link, or a plain file that something else made
  }
}

/** The tools that a first build needs; undefined when all are there. */
async function findMissing (place) {
  const isDownloaded = existsSync(path.join(place.library, 'site'))
  const missing = []
  if (!await works('g++', ['--version'])) {
    missing.push({ tool: 'no C++ compiler (g++)', purpose: 'TensorFlow\'s binding cannot be built', name: 'g++', packages: 'g++' })
  }
  if (!isDownloaded && !await works('python3', ['-m', 'pip', '--version'])) {
    missing.push({ tool: 'no Python with pip', purpose: 'TensorFlow\'s library cannot be downloaded', name: 'Python with pip', packages: 'python3 python3-pip' })
  }
  if (missing.length > 0) {
    const all = (part, between) => missing.map(one => one[part]).join(between)
    return wasm(`There is ${all('tool', ' and ')}, so ${all('purpose', ' and ')}`,
      `install ${all('name', ' and ')} (Debian, Ubuntu: apt-get install ${all('packages', ' ')}), then start again`)
  }
  return isDownloaded ? undefined : await recentFailure(place)
}

/** Makes the folder that the library goes to; says so where nothing can be written there. */
async function findClosed ({ root, library }) {
  const folder = existsSync(library) ? library : root
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
    return undefined
  } catch (error) {
    return wasm(`TensorFlow's library cannot be made in ${folder}, which cannot be written (${error.code})`,
      'make it writable, or set CACHE_DIR to another folder, then start again')
  }
}

async function recentFailure (place) {
  try {
    const failure = JSON.parse(await readFile(place.failure, 'utf8'))
    if (Date.now() - failure.at > failureHours * 3600_000) return undefined
    return wasm(failure.reason, `${failure.cure}; to try again before an hour has passed, delete ${place.failure}`)
  } catch {
    return undefined // there was none
  }
}

async function make (place, flavour, log) {
  if (isComplete(place)) return undefined // another process made it while this one waited
  await removeLeftovers(place)
  try {
    if (!existsSync(path.join(place.library, 'site'))) await fetchLibrary(place, flavour, log)
  } catch (error) {
    const failure = {
      reason: `TensorFlow's library could not be downloaded (${lastLine(error)})`,
      cure: 'let pip reach a package index, then start again'
    }
    await writeFile(place.failure, JSON.stringify({ at: Date.now(), ...failure }))
    return wasm(failure.reason, failure.cure)
  }
  try {
    if (flavour === 'cuda') await finishCuda(path.join(place.library, 'site', 'nvidia'))
    await compile(place, log)
  } catch (error) {
    return wasm(`TensorFlow's binding could not be compiled (${lastLine(error)})`, 'repair the compiler, then start again')
  }
  await rm(place.failure, { force: true })
  return undefined
}

/** A set-up killed with -9 leaves its working folder; under the lock none of them is in use. */
async function removeLeftovers (place) {
  for (const [folder, prefix] of [[place.root, 'download-'], [place.library, 'compile-']]) {
    const names = await readdir(folder).catch(() => [])
    for (const name of names.filter(name => name.startsWith(prefix))) {
      await rm(path.join(folder, name), { recursive: true, force: true })
    }
  }
}

/** Downloads the wheels and keeps their libraries and headers as `site/tensorflow` and, with CUDA, `site/nvidia`. */
async function fetchLibrary (place, flavour, log) {
  const work = await mkdtemp(path.join(place.root, 'download-'))
  const { names, megabytes } = wheels[flavour]
  try {
    log(`Downloading TensorFlow ${tensorflowVersion} (${flavour}, ${megabytes} MB, once per machine)`)
    await download(names, work, megabytes, log)
    log('Unpacking TensorFlow')
    await run('python3', ['-c', unpackScript, path.join(work, 'wheels'), path.join(work, 'site')])
    // The names under which the linker and the package's own build look for it.
    const folder = path.join(work, 'site', 'tensorflow')
    await symlink('libtensorflow_cc.so.2', path.join(folder, 'libtensorflow.so.2'))
    await symlink('libtensorflow_cc.so.2', path.join(folder, 'libtensorflow.so'))
    await symlink('libtensorflow_framework.so.2', path.join(folder, 'libtensorflow_framework.so'))
    await mkdir(place.library, { recursive: true })
    await rename(path.join(work, 'site'), path.join(place.library, 'site'))
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

const unpackScript = `
import glob, sys, zipfile
source, target = sys.argv[1:]
keep = ('tensorflow/include/', 'tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
for wheel in glob.glob(source + '/*.whl'):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        archive.extractall(target, [n for n in names if n.startswith(keep) or (n.startswith('nvidia/') and '/include/' not in n)])
`

async function download (names, work, megabytes, log) {
  const temporary = path.join(work, 'tmp')
  await mkdir(temporary)
  const child = spawn('python3', [
    '-m', 'pip', 'download', '--no-deps', '--no-cache-dir', '--disable-pip-version-check', '--progress-bar', 'off',
    '--retries', '1', '--timeout', '20', '--quiet', ...wheelTags, '-d', path.join(work, 'wheels'), ...names
  ], { env: { ...process.env, TMPDIR: temporary }, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', chunk => { errors += chunk })
  // pip's own progress needs a terminal and differs between versions: the size of its files says the same.
  const timer = setInterval(async () => {
    const got = Math.round(await folderSize(work) / 1e6)
    if (got > 0) log(`Downloading TensorFlow: ${Math.min(got, megabytes)} of ${megabytes} MB`)
  }, 2000)
  try {
    await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', code => code === 0 ? resolve() : reject(new Error(errors || `pip ended with ${code}`)))
    })
  } finally {
    clearInterval(timer)
  }
}

async function folderSize (folder) {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true }).catch(() => [])) {
    const status = await stat(path.join(folder, entry)).catch(() => undefined) // pip moves files while we look
    if (status?.isFile()) bytes += status.size
  }
  return bytes
}

/**
 * Puts right what the CUDA wheels leave open. cuDNN looks for NVRTC in a folder `nvrtc` beside its own, the wheel's is
 * `cuda_nvrtc`; ptxas, which TensorFlow runs to compile kernels, loses its x bit when a zip file is unpacked.
 */
async function finishCuda (folder) {
  await replaceLink('cuda_nvrtc', path.join(folder, 'nvrtc'))
  await chmod(path.join(folder, 'cuda_nvcc', 'bin', 'ptxas'), 0o755)
}

async function compile (place, log) {
  log('Compiling the TensorFlow binding')
  const work = await mkdtemp(path.join(place.library, 'compile-'))
  try {
    const original = path.join(place.package, 'binding')
    const source = path.join(work, 'tfjs_backend.cc')
    await writeFile(source, patchSource(await readFile(path.join(original, 'tfjs_backend.cc'), 'utf8')))
    const libraries = path.join(place.library, 'site', 'tensorflow')
    const output = path.join(work, 'tfjs_binding.node')
    await run('g++', [
      '-shared', '-fPIC', '-O2', '-std=gnu++17', '-pthread', '-DNAPI_VERSION=8',
      `-I${place.headers}`, `-I${original}`, `-I${path.dirname(original)}`, `-I${path.join(libraries, 'include')}`,
      source, path.join(original, 'tfjs_binding.cc'),
      `-L${libraries}`, '-ltensorflow', '-ltensorflow_framework',
      // Node opens the file under its real path, so this is relative to bindings/<key> in the cache. The CUDA
      // libraries beside it are found by libtensorflow's own run path ($ORIGIN/../nvidia/...).
      '-Wl,-rpath,$ORIGIN/../../site/tensorflow',
      '-o', output
    ])
    await mkdir(path.dirname(place.binding), { recursive: true })
    await rename(output, place.binding)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * The two changes to the binding's source. A set shared by all threads without a lock hung or crashed 4 of 12 stress
 * runs; one per thread none of 36. And DESCENT_LAB_TENSORFLOW_CONFIG, hexadecimal, is the ConfigProto of its context and
 * of its sessions: no variable of TensorFlow's own bounds the memory that it takes of a GPU.
 */
function patchSource (text) {
  return replaceAll(text, [
    ['#include <cstring>', '#include <cstdlib>\n#include <cstring>'],
    ['static std::set<std::string> ATTR_NAME_SET;', `static thread_local std::set<std::string> ATTR_NAME_SET;

static std::string ReadConfig() {
  const char *hex = std::getenv("DESCENT_LAB_TENSORFLOW_CONFIG");
  std::string bytes;
  for (; hex != nullptr && hex[0] != 0 && hex[1] != 0; hex += 2) {
    bytes.push_back(static_cast<char>(std::strtol(std::string(hex, 2).c_str(), nullptr, 16)));
  }
  return bytes;
}`],
    ['TFE_ContextOptions *tfe_options = TFE_NewContextOptions();', `TFE_ContextOptions *tfe_options = TFE_NewContextOptions();
  const std::string config = ReadConfig();
  TFE_ContextOptionsSetConfig(tfe_options, config.data(), config.size(), tf_status.status);
  ENSURE_TF_OK(env, tf_status);`],
    ['TF_Session *session = TF_LoadSessionFromSavedModel(', `const std::string config = ReadConfig();
  TF_SetConfig(session_options, config.data(), config.size(), tf_status.status);
  TF_Session *session = TF_LoadSessionFromSavedModel(`]
  ])
}

function replaceAll (text, changes) {
  return changes.reduce((changed, [before, after]) => {
    if (changed.split(before).length !== 2) throw new Error('tfjs_backend.cc is not the source that the patch was made for')
    return changed.replace(before, () => after)
  }, text)
}

/** Sets the links that npm ci wipes. Two processes may do it at once: each renames its own link into place. */
async function link (place) {
  const site = path.join(place.library, 'site', 'tensorflow')
  await mkdir(path.dirname(place.linkedBinding), { recursive: true })
  await mkdir(place.linkedDeps, { recursive: true })
  await replaceLink(site, path.join(place.linkedDeps, 'lib'))
  await replaceLink(path.join(site, 'include'), path.join(place.linkedDeps, 'include'))
  await replaceLink(place.binding, place.linkedBinding)
}

async function replaceLink (target, at) {
  const temporary = `${at}.${process.pid}`
  await rm(temporary, { force: true })
  await symlink(target, temporary)
  await rename(temporary, at)
}

async function works (command, args) {
  try {
    await run(command, args)
    return true
  } catch {
    return false // not installed, or broken: either way it cannot be used
  }
}

function lastLine (error) {
  const text = String(error.stderr || error.message).trim().split('\n')
  return (text.findLast(line => /error/i.test(line)) ?? text.at(-1)).trim().slice(0, 200)
}

function wasm (reason, cure) {
  return { backend: 'wasm', reason, cure: cure[0].toUpperCase() + cure.slice(1) }
}
